import React, { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { trans } from '../../model/language';
import { Button } from '../ui/Button';
import { GROUPS, differs, groupWord, type IColumn } from './columns';

interface IColumnPickerProps {
  readonly label: string;
  /** What opened it; gets the focus back. */
  readonly anchor: HTMLElement | null;
  readonly columns: readonly IColumn[];
  readonly chosen: readonly string[];
  /** Null: the usual ones again. */
  readonly onChange: (chosen: readonly string[] | null) => void;
  readonly onClose: () => void;
}

const WIDTH_PX = 320;
/** More entries than this are found by typing. */
const SHOWN = 200;

interface IGroupProps {
  readonly name: string;
  readonly columns: readonly IColumn[];
  readonly chosen: ReadonlySet<string>;
  readonly onToggle: (ids: readonly string[], on: boolean) => void;
}

/** Columns of one group; its head chooses all or none of them. */
function GroupOf({ name, columns, chosen, onToggle }: IGroupProps): React.JSX.Element | null {
  if (columns.length === 0) {
    return null;
  }
  const ids = columns.map(one => one.id);
  const all = ids.every(id => chosen.has(id));
  return (
    <fieldset>
      <legend className="jp-ml-row">
        <span className="jp-ml-small jp-ml-dim">{name}</span>
        <Button kind="link" onClick={() => onToggle(ids, !all)}>
          {all ? trans.__('None') : trans.__('All')}
        </Button>
      </legend>
      {columns.map(column => (
        <label key={column.id} className="jp-ml-row">
          <input
            type="checkbox"
            checked={chosen.has(column.id)}
            onChange={event => onToggle([column.id], event.target.checked)}
          />
          <span className="jp-ml-cut jp-ml-grow" title={column.label}>
            {column.label}
          </span>
          {differs(column) && <span className="jp-ml-small jp-ml-dim">{trans.__('differs')}</span>}
        </label>
      ))}
    </fieldset>
  );
}

/** Chooses among all columns, by name and by group. Esc and a click outside close it. */
export function ColumnPicker(props: IColumnPickerProps): React.JSX.Element {
  const { columns, anchor, onClose } = props;
  const [text, setText] = useState('');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const outside = (event: Event): void => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) {
        onClose();
      }
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  }, [onClose]);
  const close = (): void => {
    onClose();
    anchor?.focus();
  };
  const chosen = new Set(props.chosen);
  const low = text.toLowerCase();
  const matching = columns.filter(one => one.label.toLowerCase().includes(low));
  const shown = matching.slice(0, SHOWN);
  const toggle = (ids: readonly string[], on: boolean): void =>
    props.onChange(
      on
        ? [...props.chosen, ...ids.filter(id => !chosen.has(id))]
        : props.chosen.filter(id => !ids.includes(id))
    );
  const at = anchor?.getBoundingClientRect();
  const left = Math.max(8, Math.min((at?.right ?? 0) - WIDTH_PX, window.innerWidth - WIDTH_PX - 8));
  const top = Math.max(8, Math.min((at?.bottom ?? 0) + 2, window.innerHeight - 320));
  return createPortal(
    <div className="jp-ml-root jp-ml-overlay">
      <div
        ref={box}
        className="jp-ml-menu jp-ml-columns"
        role="dialog"
        aria-label={props.label}
        style={{ left, top, width: WIDTH_PX, maxHeight: window.innerHeight - top - 8 }}
        onKeyDown={event => {
          event.stopPropagation();
          if (event.key === 'Escape') {
            close();
          }
        }}
      >
        <div className="jp-ml-row">
          <label className="jp-ml-field jp-ml-grow">
            <input
              type="search"
              autoFocus
              aria-label={trans.__('Find a column')}
              placeholder={trans.__('Find a column')}
              value={text}
              onChange={event => setText(event.target.value)}
            />
          </label>
          <Button kind="link" onClick={() => props.onChange(null)}>
            {trans.__('As usual')}
          </Button>
        </div>
        {GROUPS.map(group => (
          <GroupOf
            key={group}
            name={groupWord(group)}
            columns={shown.filter(one => one.group === group)}
            chosen={chosen}
            onToggle={toggle}
          />
        ))}
        {matching.length === 0 && <p className="jp-ml-dim">{trans.__('No column matches.')}</p>}
        {matching.length > shown.length && (
          <p className="jp-ml-small jp-ml-dim">
            {trans.__('%1 more; type to find them.', matching.length - shown.length)}
          </p>
        )}
      </div>
    </div>,
    document.body
  );
}
