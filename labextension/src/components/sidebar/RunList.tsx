import React, { useEffect, useId, useMemo, useRef } from 'react';
import { formatCount } from '../../model/format';
import type { IRunSummary } from '../../model/types';
import { loadingCode } from '../data/actions';
import { Icon } from '../ui/Icon';
import { Skeleton } from '../ui/Skeleton';
import { RunRow, rowLabel, rowTitle, type IRowActions } from './RunRow';
import { rowKey, type ISectionRow, type ListRow, type SectionName } from './rows';
import { reveal, useGeometry } from './useGeometry';
import type { ISelection } from './useSelection';

interface IRunListProps {
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

const PAGE_ROWS = 12;

function SectionHead(props: { row: ISectionRow } & IRunListProps): React.JSX.Element {
  const { row } = props;
  if (row.section === 'Found') {
    return (
      <>
        <span className="jp-ml-grow">
          {formatCount(row.count)} {row.count === 1 ? 'run' : 'runs'}
        </span>
        {props.sorting}
      </>
    );
  }
  return (
    <>
      <Icon name={row.open ? 'down' : 'right'} />
      <span>{row.section}</span>
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

/** Where an arrow, Home, End or a page key leads; null for other keys. */
export function moved(key: string, from: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from < 0 ? 0 : from - 1,
    Home: 0,
    End: count - 1,
    PageDown: from + PAGE_ROWS,
    PageUp: from - PAGE_ROWS
  };
  const to = steps[key];
  return to === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, to));
}

/** Index of the row in use; when that has gone, of the one which took its place. -1 before the first. */
function useActiveIndex(rows: readonly ListRow[], active: string | null): number {
  const last = useRef(-1);
  const found = useMemo(() => rows.findIndex(row => rowKey(row) === active), [rows, active]);
  last.current = found >= 0 ? found : Math.min(last.current, rows.length - 1);
  return active === null ? -1 : last.current;
}

/** The list of runs: any length, one tab stop, arrows inside. */
export function RunList(props: IRunListProps): React.JSX.Element {
  const { rows, selection, listRef, onVisible } = props;
  const { tops, first, last, onScroll } = useGeometry(listRef, rows, props.opened);
  const prefix = useId();
  const activeIndex = useActiveIndex(rows, selection.active);
  const moving = useRef(false);
  useEffect(() => onVisible(first, last), [onVisible, first, last]);
  useEffect(() => {
    if (moving.current && listRef.current && activeIndex >= 0) {
      moving.current = false;
      reveal(listRef.current, tops, activeIndex);
    }
  }, [activeIndex, tops, listRef]);

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const current = rows[activeIndex];
    const to = moved(event.key, activeIndex, rows.length);
    const target = to === null ? undefined : rows[to];
    if (target) {
      moving.current = true;
      if (event.shiftKey) {
        selection.extendTo(target, rows);
      } else {
        selection.moveTo(target);
      }
    } else if (current?.kind === 'section' && isToggle(event.key, current.open)) {
      props.onSection(current.section);
    } else if (current?.kind === 'run' && event.key === ' ') {
      selection.toggle(current);
    } else if (!props.onKey(event, current?.kind === 'run' ? current.run : null)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const drawn = rows.slice(first, last + 1);
  return (
    <div
      ref={listRef}
      className="jp-ml-list"
      role="grid"
      aria-label="Runs"
      aria-multiselectable
      aria-rowcount={rows.length}
      aria-activedescendant={
        activeIndex >= first && activeIndex <= last ? `${prefix}-${activeIndex}` : undefined
      }
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onFocus={() => selection.active === null && rows[0] && selection.moveTo(rows[0])}
      onPointerMove={() => props.onPointer(true)}
      onPointerLeave={() => props.onPointer(false)}
    >
      <div
        className="jp-ml-list-all"
        style={{ height: tops[rows.length] ?? 0 }}
        role="presentation"
      >
        {drawn.map((row, i) => (
          <Row
            key={rowKey(row)}
            {...props}
            row={row}
            index={first + i}
            id={`${prefix}-${first + i}`}
            active={first + i === activeIndex}
            top={tops[first + i] ?? 0}
            height={(tops[first + i + 1] ?? 0) - (tops[first + i] ?? 0)}
          />
        ))}
      </div>
    </div>
  );
}

function isToggle(key: string, open: boolean): boolean {
  return key === 'Enter' || key === ' ' || key === (open ? 'ArrowLeft' : 'ArrowRight');
}

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

function Row(props: IRowProps): React.JSX.Element {
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
      onDragStart={event => run && event.dataTransfer.setData('text/plain', loadingCode(run))}
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
        title={run ? rowTitle(run, props.now) : undefined}
        aria-label={row.kind === 'run' ? rowLabel(row, props.now) : undefined}
      >
        <RowBody {...props} />
      </div>
    </div>
  );
}
