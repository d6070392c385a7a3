import React, { memo } from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSummary } from '../../model/types';
import { RUN_DRAG_TYPE, loadingCodeOf } from '../data/actions';
import { Icon } from '../ui/Icon';
import { Skeleton } from '../ui/Skeleton';
import { RunRow, rowLabel, rowTitle, type IRowActions } from './RunRow';
import type { ISectionRow, ListRow, SectionName } from './rows';
import { targets, type ISelection } from './useSelection';

/** What the list and each of its rows need to know. */
export interface IRunListProps {
  readonly rows: readonly ListRow[];
  readonly now: number;
  readonly asOf: number | null;
  readonly opened: ReadonlySet<string>;
  readonly selection: ISelection;
  readonly canStop: boolean;
  readonly actions: IRowActions;
  /** Right end of the head of what was found: how it is sorted. */
  readonly sorting?: React.ReactNode;
  readonly asOfLabel: string | null;
  readonly onSection: (section: SectionName) => void;
  readonly onPin: (run: IRunSummary) => void;
  /** A key that is not about moving; true when it was used. */
  readonly onKey: (event: React.KeyboardEvent, run: IRunSummary | null) => boolean;
  readonly onVisible: (first: number, last: number) => void;
  readonly onPointer: (inside: boolean) => void;
  readonly listRef: React.RefObject<HTMLDivElement>;
}

/** The head of a section, in the language spoken. */
function sectionWord(section: SectionName): string {
  switch (section) {
    case 'Pinned':
      return trans.__('Pinned');
    case 'Running':
      return trans.__('Running');
    case 'Queued':
      return trans.__('Queued');
    case 'Recent':
      return trans.__('Recent');
    default:
      return trans.__('Found');
  }
}

function SectionHead(props: { row: ISectionRow } & IRunListProps): React.JSX.Element {
  const { row } = props;
  if (row.section === 'Found') {
    return (
      <>
        <span className="jp-ml-grow">
          {trans._n('%2 run', '%2 runs', row.count, formatCount(row.count))}
        </span>
        {props.sorting}
      </>
    );
  }
  return (
    <>
      <Icon name={row.open ? 'down' : 'right'} />
      <span>{sectionWord(row.section)}</span>
      <span className="jp-ml-n jp-ml-num jp-ml-grow">{formatCount(row.count)}</span>
      {props.asOfLabel !== null && row.section === 'Running' && (
        <span className="jp-ml-n jp-ml-small">{props.asOfLabel}</span>
      )}
    </>
  );
}

function RowBody(props: { row: ListRow } & IRunListProps): React.JSX.Element {
  const { row } = props;
  if (row.kind === 'section') {
    return <SectionHead {...props} row={row} />;
  }
  if (row.kind === 'pending') {
    return <Skeleton width="62%" />;
  }
  return <RunRow {...props} row={row} />;
}

const CLASS: Record<ListRow['kind'], string> = {
  section: 'jp-ml-sec',
  run: 'jp-ml-run',
  pending: 'jp-ml-run jp-ml-run-pending'
};

interface IRowProps extends IRunListProps {
  readonly row: ListRow;
  readonly index: number;
  readonly id: string;
  readonly active: boolean;
  readonly top: number;
  readonly height: number;
}

/** Whether a click was meant for a button inside the row. */
function onButton(event: React.MouseEvent): boolean {
  return event.target instanceof Element && event.target.closest('button, a') !== null;
}

/**
 * One row at its place: the head of a section, a run, or a run that was not fetched yet. Kept while the list scrolls:
 * only rows that come into view are drawn.
 */
export const Row = memo(function Row(props: IRowProps): React.JSX.Element {
  const { row, selection } = props;
  const run = row.kind === 'run' ? row.run : null;
  const onClick = (event: React.MouseEvent): void => {
    if (onButton(event)) {
      return;
    }
    if (row.kind === 'section') {
      selection.moveTo(row);
      if (row.section !== 'Found') {
        props.onSection(row.section);
      }
    } else if (event.shiftKey) {
      selection.extendTo(row, props.rows);
    } else if (event.ctrlKey || event.metaKey) {
      selection.toggle(row);
    } else if (run) {
      selection.clear();
      selection.moveTo(row);
      props.actions.open(run);
    }
  };
  return (
    <div
      id={props.id}
      className={`${CLASS[row.kind]}${props.active ? ' jp-mod-active' : ''}`}
      role="row"
      aria-rowindex={props.index + 1}
      aria-selected={run ? selection.ids.has(run.id) : undefined}
      data-run={run?.id}
      style={{ top: props.top, height: props.height }}
      draggable={run !== null}
      onDragStart={event => {
        if (run) {
          const code = loadingCodeOf(targets(run, selection.ids, props.rows));
          event.dataTransfer.effectAllowed = 'copy';
          event.dataTransfer.setData(RUN_DRAG_TYPE, code);
          event.dataTransfer.setData('text/plain', code);
        }
      }}
      onClick={onClick}
      onDoubleClick={event => run && !onButton(event) && props.onPin(run)}
      onContextMenu={event => {
        if (run) {
          event.preventDefault();
          event.stopPropagation();
          selection.moveTo(row);
          props.actions.menu(run, { x: event.clientX, y: event.clientY });
        }
      }}
    >
      <div
        role="gridcell"
        aria-expanded={row.kind === 'section' && row.section !== 'Found' ? row.open : undefined}
        className="jp-ml-cell"
        title={row.kind === 'run' ? rowTitle(row, props.now) : undefined}
        aria-label={row.kind === 'run' ? rowLabel(row, props.now) : undefined}
      >
        <RowBody {...props} />
      </div>
    </div>
  );
});
