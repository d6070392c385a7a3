import React, { useEffect, useId, useRef } from 'react';
import { trans } from '../../model/language';
import type { IRunPages } from '../sidebar/rows';
import type { IRunColumn } from './columns';
import { RunHeads } from './RunHeads';
import { RunRow } from './RunRow';
import { useTableKeys, type ITableActions } from './useTableKeys';
import { ROW_PX, useWindow } from './useWindow';

const CHECK_PX = 36;

export interface IRunTableProps extends ITableActions {
  readonly pages: IRunPages & { ensure: (first: number, last: number) => void };
  readonly columns: readonly IRunColumn[];
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  /** Colour of a run's line in the charts above; undefined: it has none there. */
  readonly colourOf: (run: string) => string | undefined;
  readonly now: number;
}

interface IRowsProps extends IRunTableProps {
  readonly id: string;
  readonly first: number;
  readonly last: number;
  readonly template: string;
  readonly keys: ReturnType<typeof useTableKeys>;
}

/** The rows in view, at their places in a box as high as all of them. */
function Rows(props: IRowsProps): React.JSX.Element {
  const { pages, columns, template, selected, colourOf, now, id, first, last, keys } = props;
  const drawn = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  return (
    <div role="rowgroup" style={{ height: pages.total * ROW_PX, position: 'relative' }}>
      {drawn.map(index => {
        const run = pages.at(index);
        return (
          <RunRow
            key={run?.id ?? index}
            {...{ index, run, columns, template, now }}
            id={`${id}-${index}`}
            active={index === keys.active}
            selected={run !== undefined && selected.has(run.id)}
            colour={run && colourOf(run.id)}
            acts={keys.acts}
          />
        );
      })}
    </div>
  );
}

/** Runs as a table of any length: only the rows in view are there, pages are fetched when they are scrolled to. */
export function RunTable(props: IRunTableProps): React.JSX.Element {
  const { pages, columns, sort, onSort } = props;
  const ref = useRef<HTMLDivElement>(null);
  const id = useId();
  const { first, last, onScroll } = useWindow(ref, pages.total);
  const keys = useTableKeys(props, ref);
  const { active, setActive, onKeyDown } = keys;
  const { ensure } = pages;
  useEffect(() => {
    if (last >= first) {
      ensure(first, last);
    }
  }, [ensure, first, last]);
  const template = `${CHECK_PX}px ${columns.map(column => column.width).join(' ')}`;
  const minWidth = columns.reduce((sum, column) => sum + column.minWidth, CHECK_PX);
  return (
    <div
      ref={ref}
      className="jp-ml-xp-runs"
      role="grid"
      tabIndex={0}
      aria-label={trans.__('Runs')}
      aria-rowcount={pages.total + 1}
      aria-multiselectable="true"
      aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onFocus={event => event.target === event.currentTarget && active < 0 && setActive(0)}
    >
      <div style={{ minWidth }}>
        <RunHeads {...{ columns, sort, onSort, template }} />
        <Rows {...props} {...{ id, first, last, template, keys }} />
      </div>
    </div>
  );
}
