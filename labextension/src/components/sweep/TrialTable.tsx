import React, { useMemo, useRef, useState } from 'react';
import { trans } from '../../model/language';
import type { ISweep, ITrial } from '../../model/trials';
import { SortHead } from '../ui/SortHead';
import { METRIC, sorted, trialColumns } from './trialColumns';

interface ITrialTableProps {
  readonly sweep: ISweep;
  readonly trials: readonly ITrial[];
  /** The best trial of all, which is set off. */
  readonly best: string | null;
  readonly now: number;
  readonly focus: string | null;
  readonly onFocus: (id: string | null) => void;
  readonly onOpen?: (id: string) => void;
}

/** Height of a row, px; `--mlj-row-s`. */
const ROW_PX = 24;
/** Rows seen at most without scrolling, and those drawn beyond them. */
const SEEN = 20;
const BEYOND = 10;

/** Room for rows that are not drawn. */
function Room({ rows, columns }: { readonly rows: number; readonly columns: number }) {
  return rows > 0 ? (
    <tr aria-hidden="true" className="jp-ml-trials-room">
      <td colSpan={columns} style={{ height: rows * ROW_PX }} />
    </tr>
  ) : null;
}

/** All trials; only the rows in sight are drawn. */
export function TrialTable(props: ITrialTableProps): React.JSX.Element {
  const { sweep, trials, best, now, focus, onFocus, onOpen } = props;
  const [sort, setSort] = useState(sweep.goal === 'maximize' ? `-${METRIC}` : METRIC);
  const [top, setTop] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  const columns = useMemo(() => trialColumns(sweep, onOpen), [sweep, onOpen]);
  const rows = useMemo(() => sorted(trials, columns, sort, now), [trials, columns, sort, now]);
  const first = Math.max(0, Math.min(rows.length - SEEN, Math.floor(top / ROW_PX)) - BEYOND);
  const drawn = rows.slice(first, first + SEEN + 2 * BEYOND);
  return (
    <div
      ref={place}
      className="jp-ml-trials-scroll"
      style={{ maxHeight: (SEEN + 1) * ROW_PX }}
      tabIndex={0}
      role="region"
      aria-label={trans.__('Trials')}
      onScroll={event => setTop(event.currentTarget.scrollTop)}
      onPointerLeave={() => onFocus(null)}
    >
      <table className="jp-ml-table" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map(({ id, title, right }) => (
              <SortHead
                key={id}
                by={id}
                {...{ title, right, sort }}
                onSort={next => {
                  setSort(next);
                  place.current?.scrollTo?.({ top: 0 });
                }}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <Room rows={first} columns={columns.length} />
          {drawn.map((trial, i) => (
            <tr
              key={trial.run_id}
              aria-rowindex={first + i + 2}
              data-trial={trial.trial}
              className={[
                trial.run_id === best ? 'jp-ml-strong' : '',
                trial.run_id === focus ? 'jp-mod-focus' : ''
              ].join(' ')}
              onPointerEnter={() => onFocus(trial.run_id)}
            >
              {columns.map(({ id, right, cell }) => (
                <td key={id} className={right ? 'jp-ml-right' : undefined}>
                  {cell(trial, now)}
                </td>
              ))}
            </tr>
          ))}
          <Room rows={rows.length - first - drawn.length} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
}
