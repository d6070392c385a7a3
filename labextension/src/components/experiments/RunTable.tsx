import React, { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { trans } from '../../model/language';
import type { IRunSummary } from '../../model/types';
import type { IRunPages } from '../sidebar/rows';
import { moved } from '../sidebar/RunList';
import type { IRunColumn } from './columns';

const ROW_PX = 28;
/** Rows drawn beyond the visible ones. */
const OVERSCAN = 10;
const CHECK_PX = 36;

export interface IRunTableProps {
  readonly pages: IRunPages & { ensure: (first: number, last: number) => void };
  readonly columns: readonly IRunColumn[];
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly selected: ReadonlyMap<string, IRunSummary>;
  readonly onSelected: (selected: ReadonlyMap<string, IRunSummary>) => void;
  readonly onOpen: (run: IRunSummary, pin: boolean) => void;
  readonly onMenu: (run: IRunSummary, at: { x: number; y: number }) => void;
  /** Other keys; true when the key meant something. */
  readonly onKey: (event: React.KeyboardEvent, run: IRunSummary | undefined) => boolean;
  /** Colour of a run's line in the charts above; undefined: it has none there. */
  readonly colourOf: (run: string) => string | undefined;
  readonly now: number;
}

/** Which rows of the scrolled table are to be drawn. */
function useWindow(
  ref: React.RefObject<HTMLElement>,
  total: number
): { first: number; last: number; onScroll: () => void } {
  const [box, setBox] = useState({ top: 0, height: 600 });
  const look = useCallback(() => {
    const element = ref.current;
    if (element) {
      const { scrollTop: top, clientHeight } = element;
      const height = clientHeight || 600;
      setBox(old => (old.top === top && old.height === height ? old : { top, height }));
    }
  }, [ref]);
  useLayoutEffect(look, [look, total]);
  useEffect(() => {
    if (!ref.current || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(look);
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref, look]);
  return {
    first: Math.max(0, Math.floor(box.top / ROW_PX) - OVERSCAN),
    last: Math.min(total - 1, Math.ceil((box.top + box.height) / ROW_PX) + OVERSCAN),
    onScroll: look
  };
}

function Heads({
  columns,
  sort,
  onSort,
  template
}: Pick<IRunTableProps, 'columns' | 'sort' | 'onSort'> & { readonly template: string }) {
  return (
    <div role="row" className="jp-ml-xp-heads" style={{ gridTemplateColumns: template }}>
      <span role="columnheader" aria-label={trans.__('Selected')} />
      {columns.map(({ id, title, sort: key, right }) => {
        const down = key !== undefined && sort === `-${key}`;
        const up = key !== undefined && sort === key;
        return (
          <span
            key={id}
            role="columnheader"
            className={right ? 'jp-ml-right' : undefined}
            aria-sort={up ? 'ascending' : down ? 'descending' : undefined}
          >
            {key === undefined ? (
              <span className="jp-ml-cut" title={title}>
                {title}
              </span>
            ) : (
              <button
                type="button"
                className="jp-ml-th jp-ml-cut"
                title={title}
                onClick={() => onSort(down ? key : `-${key}`)}
              >
                {title}
                <span aria-hidden="true">{up ? ' ▲' : down ? ' ▼' : ''}</span>
              </button>
            )}
          </span>
        );
      })}
    </div>
  );
}

/** Runs as a table of any length: only the rows in view are there, pages are fetched when they are scrolled to. */
export function RunTable(props: IRunTableProps): React.JSX.Element {
  const { pages, columns, selected, onSelected, now } = props;
  const ref = useRef<HTMLDivElement>(null);
  const id = useId();
  const [active, setActive] = useState(-1);
  const anchor = useRef(0);
  const { first, last, onScroll } = useWindow(ref, pages.total);
  const { ensure } = pages;
  useEffect(() => {
    if (last >= first) {
      ensure(first, last);
    }
  }, [ensure, first, last]);
  const at = Math.min(active, pages.total - 1);
  const template = `${CHECK_PX}px ${columns.map(column => column.width).join(' ')}`;
  const minWidth = columns.reduce((sum, column) => sum + column.minWidth, CHECK_PX);

  const toggle = (index: number, range: boolean): void => {
    const from = range ? Math.min(anchor.current, index) : index;
    const to = range ? Math.max(anchor.current, index) : index;
    const next = new Map(selected);
    for (let i = from; i <= to; i += 1) {
      const run = pages.at(i);
      if (run && !range && next.has(run.id)) {
        next.delete(run.id);
      } else if (run) {
        next.set(run.id, run);
      }
    }
    anchor.current = range ? anchor.current : index;
    onSelected(next);
  };
  const goTo = (index: number): void => {
    setActive(index);
    const element = ref.current;
    const [top, bottom] = [index * ROW_PX, (index + 2) * ROW_PX];
    if (element && top < element.scrollTop) {
      element.scrollTop = top;
    } else if (element && bottom > element.scrollTop + element.clientHeight) {
      element.scrollTop = bottom - element.clientHeight;
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.target !== event.currentTarget) {
      return;
    }
    const run = pages.at(at);
    const to = moved(event.key, at, pages.total);
    if (to !== null && !event.ctrlKey && !event.metaKey) {
      goTo(to);
      if (event.shiftKey) {
        toggle(to, true);
      }
    } else if (event.key === ' ' && at >= 0) {
      toggle(at, false);
    } else if (event.key === 'Escape') {
      onSelected(new Map());
    } else if (event.key === 'Enter' && run) {
      props.onOpen(run, event.ctrlKey || event.metaKey);
    } else if (!props.onKey(event, run)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const drawn = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  return (
    <div
      ref={ref}
      className="jp-ml-xp-runs"
      role="grid"
      tabIndex={0}
      aria-label={trans.__('Runs')}
      aria-rowcount={pages.total + 1}
      aria-multiselectable="true"
      aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onFocus={event => event.target === event.currentTarget && active < 0 && setActive(0)}
    >
      <div style={{ minWidth }}>
        <Heads {...props} template={template} />
        <div role="rowgroup" style={{ height: pages.total * ROW_PX, position: 'relative' }}>
          {drawn.map(index => {
            const run = pages.at(index);
            const colour = run && props.colourOf(run.id);
            return (
              <div
                key={run?.id ?? index}
                id={`${id}-${index}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={run ? selected.has(run.id) : false}
                data-run={run?.id}
                className={index === at ? 'jp-ml-xp-run jp-mod-active' : 'jp-ml-xp-run'}
                style={{ top: index * ROW_PX, gridTemplateColumns: template }}
                onClick={event => {
                  setActive(index);
                  ref.current?.focus({ preventScroll: true });
                  if (event.shiftKey || event.ctrlKey || event.metaKey) {
                    toggle(index, event.shiftKey);
                  } else if (run) {
                    props.onOpen(run, false);
                  }
                }}
                onDoubleClick={() => run && props.onOpen(run, true)}
                onContextMenu={event => {
                  if (run) {
                    event.preventDefault();
                    setActive(index);
                    props.onMenu(run, { x: event.clientX, y: event.clientY });
                  }
                }}
              >
                <span role="gridcell" className="jp-ml-xp-check">
                  <input
                    type="checkbox"
                    tabIndex={-1}
                    aria-label={run ? trans.__('Select %1', run.display_name) : undefined}
                    disabled={!run}
                    checked={run !== undefined && selected.has(run.id)}
                    style={colour === undefined ? undefined : { accentColor: colour }}
                    onClick={event => {
                      event.stopPropagation();
                      setActive(index);
                      toggle(index, event.shiftKey);
                    }}
                    onChange={() => undefined}
                  />
                  {colour !== undefined && <i style={{ background: colour }} />}
                </span>
                {columns.map(column => (
                  <span
                    key={column.id}
                    role="gridcell"
                    className={column.right ? 'jp-ml-right' : undefined}
                  >
                    {run ? (
                      column.cell(run, now)
                    ) : (
                      <span className="jp-ml-skel" style={{ width: '60%' }} />
                    )}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
