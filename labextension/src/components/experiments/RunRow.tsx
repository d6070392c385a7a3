import React, { memo } from 'react';
import { trans } from '../../model/language';
import type { IRunSummary } from '../../model/types';
import type { IRunColumn } from './columns';
import { ROW_PX } from './useWindow';

/** What the mouse does to a row; the same object for as long as the table lives, so that rows need not be drawn again. */
export interface IRowActs {
  /** `pick`: with a key that selects instead of opening. */
  readonly press: (index: number, pick: { range: boolean } | null) => void;
  readonly menu: (index: number, at: { x: number; y: number }) => void;
  readonly select: (index: number, range: boolean) => void;
}

interface IRunRowProps {
  readonly id: string;
  readonly index: number;
  /** Undefined: not fetched yet. */
  readonly run: IRunSummary | undefined;
  readonly active: boolean;
  readonly selected: boolean;
  readonly colour: string | undefined;
  readonly columns: readonly IRunColumn[];
  readonly template: string;
  readonly now: number;
  readonly acts: IRowActs;
}

function Check({ run, index, selected, colour, acts }: IRunRowProps): React.JSX.Element {
  return (
    <span role="gridcell" className="jp-ml-xp-check">
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={run ? trans.__('Select %1', run.display_name) : undefined}
        disabled={!run}
        checked={selected}
        style={colour === undefined ? undefined : { accentColor: colour }}
        onClick={event => {
          event.stopPropagation();
          acts.select(index, event.shiftKey);
        }}
        onChange={() => undefined}
      />
      {colour !== undefined && <i style={{ background: colour }} />}
    </span>
  );
}

function Cells({ run, columns, now }: Pick<IRunRowProps, 'run' | 'columns' | 'now'>) {
  return (
    <>
      {columns.map(column => (
        <span key={column.id} role="gridcell" className={column.right ? 'jp-ml-right' : undefined}>
          {run ? column.cell(run, now) : <span className="jp-ml-skel" style={{ width: '60%' }} />}
        </span>
      ))}
    </>
  );
}

/** One run in the table. */
export const RunRow = memo(function RunRow(props: IRunRowProps): React.JSX.Element {
  const { index, run, active, template, acts } = props;
  return (
    <div
      id={props.id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.selected}
      data-run={run?.id}
      className={active ? 'jp-ml-xp-run jp-mod-active' : 'jp-ml-xp-run'}
      style={{ top: index * ROW_PX, gridTemplateColumns: template }}
      onClick={({ shiftKey: range, ctrlKey, metaKey }) =>
        acts.press(index, range || ctrlKey || metaKey ? { range } : null)
      }
      onContextMenu={event => {
        if (run) {
          event.preventDefault();
          acts.menu(index, { x: event.clientX, y: event.clientY });
        }
      }}
    >
      <Check {...props} />
      <Cells {...props} />
    </div>
  );
});
