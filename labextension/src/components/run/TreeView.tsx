import React, { useRef } from 'react';
import { Icon } from '../ui/Icon';
import type { ITreeRow } from './fileTree';

export interface ITreeViewProps {
  readonly rows: readonly ITreeRow[];
  readonly selected: string | null;
  readonly onSelect: (row: ITreeRow) => void;
  readonly onToggle: (path: string) => void;
  /** What stands at the right end of a row. */
  readonly end: (row: ITreeRow) => React.ReactNode;
  readonly label: string;
}

function Row(props: ITreeViewProps & { row: ITreeRow; first: boolean }): React.JSX.Element {
  const { row, selected, onSelect, onToggle, first } = props;
  const on = row.path === selected;
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-expanded={row.file ? undefined : row.open}
      aria-selected={on}
      data-path={row.path}
      tabIndex={on || (selected === null && first) ? 0 : -1}
      className={on ? 'jp-ml-file jp-mod-on' : 'jp-ml-file'}
      style={{ paddingLeft: 8 + row.depth * 16 }}
      onClick={() => (row.file ? onSelect(row) : onToggle(row.path))}
    >
      <Icon name={row.file ? 'file' : row.open ? 'down' : 'right'} />
      <span className="jp-ml-cut jp-ml-grow" title={row.path}>
        {row.name}
      </span>
      {props.end(row)}
    </div>
  );
}

/** Files as folders: one tab stop, arrows go up and down, open and close. */
export function TreeView(props: ITreeViewProps): React.JSX.Element {
  const { rows, onSelect, onToggle } = props;
  const list = useRef<HTMLDivElement>(null);
  const move = (to: ITreeRow | undefined): void => {
    if (to) {
      const items = list.current?.querySelectorAll<HTMLElement>('[role=treeitem]') ?? [];
      [...items].find(item => item.dataset.path === to.path)?.focus();
      if (to.file) {
        onSelect(to);
      }
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const path = (event.target as HTMLElement).dataset.path;
    const at = rows.findIndex(row => row.path === path);
    const row = rows[at];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      move(rows[at + (event.key === 'ArrowDown' ? 1 : -1)]);
    } else if (row && !row.file && event.key === (row.open ? 'ArrowLeft' : 'ArrowRight')) {
      onToggle(row.path);
    } else if (row && (event.key === 'Enter' || event.key === ' ')) {
      (row.file ? () => onSelect(row) : () => onToggle(row.path))();
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <div
      ref={list}
      className="jp-ml-files"
      role="tree"
      aria-label={props.label}
      onKeyDown={onKeyDown}
    >
      {rows.map((row, i) => (
        <Row key={row.path} {...props} row={row} first={i === 0} />
      ))}
    </div>
  );
}
