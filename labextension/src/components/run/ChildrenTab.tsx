import React, { useEffect, useMemo, useState } from 'react';
import { stateCount } from '../../model/counts';
import { bestOrder } from '../../model/direction';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { isEnded } from '../../model/state';
import type { IRunSummary, RunStatus } from '../../model/types';
import { CurvesView } from '../curves/CurvesView';
import { useNow } from '../data/useNow';
import { useStream } from '../data/useStream';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { SortHead } from '../ui/SortHead';
import { childColumns, type IColumn } from './childColumns';
import { childCounts } from './facts';
import type { ITabProps } from './page';

/** Rows fetched at first and by each "Show more". */
const PAGE = 200;

const EXAMPLE = 'run.child_run(name)';

function NoChildren(): React.JSX.Element {
  return (
    <EmptyState
      title={trans.__('No children.')}
      text={
        <>
          <code className="jp-ml-mono">{EXAMPLE}</code> {trans.__('in the script makes one.')}
        </>
      }
    />
  );
}

interface ITableProps {
  readonly rows: readonly IRunSummary[];
  readonly columns: readonly IColumn[];
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly now: number;
  /** The first row is the best child. */
  readonly best: boolean;
}

function Table({ rows, columns, sort, onSort, now, best }: ITableProps): React.JSX.Element {
  return (
    <table className="jp-ml-table">
      <thead>
        <tr>
          {columns.map(column => (
            <SortHead
              key={column.title}
              title={column.title}
              by={column.sort}
              right={column.right}
              {...{ sort, onSort }}
            />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((child, i) => (
          <tr key={child.id} className={best && i === 0 ? 'jp-ml-strong' : undefined}>
            {columns.map(column => (
              <td key={column.title} className={column.right ? 'jp-ml-right' : undefined}>
                {column.cell(child, now)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface IChildTableProps extends ITabProps {
  readonly statuses: readonly RunStatus[] | undefined;
}

/** The children as a table that sorts; the best of them is first until another order is asked for. */
function ChildTable({ source, run, onOpenRun, statuses }: IChildTableProps): React.JSX.Element {
  const [chosen, setSort] = useState<string | null>(null);
  const [found, setFound] = useState<string | null>(null);
  const metric = run.primary_metric?.name ?? found;
  const best = metric === null ? null : bestOrder(metric);
  const sort = chosen ?? best ?? 'number';
  const [limit, setLimit] = useState(PAGE);
  const answer = useStream(source, 'runs', { parent: run.id, sort, limit, status: statuses });
  const now = useNow(isEnded(run.status) ? null : 1000);
  const rows = answer.value?.runs ?? [];
  const common = rows.find(child => child.primary_metric)?.primary_metric?.name ?? null;
  useEffect(() => setFound(common), [common]);
  const columns = childColumns(rows, onOpenRun);
  return (
    <>
      {answer.error && <p className="jp-ml-err">{answer.error.message}</p>}
      {!answer.value && !answer.error && <SkeletonRows />}
      {answer.value && (
        <Table {...{ rows, columns, sort, now }} best={sort === best} onSort={setSort} />
      )}
      {answer.value && answer.value.total > rows.length && (
        <Button kind="link" onClick={() => setLimit(limit + PAGE)}>
          {trans.__('Show more, %1 left', formatCount(answer.value.total - rows.length))}
        </Button>
      )}
    </>
  );
}

/** The children of a run as a table or as curves, and how many there are of each state. */
export function ChildrenTab(props: ITabProps): React.JSX.Element {
  const { source, run, host, at, onAt, onOpenRun } = props;
  const [word, setWord] = useState<string | null>(null);
  const groups = useMemo(() => childCounts(run.children), [run.children]);
  const statuses = groups.find(group => group.word === word)?.statuses;
  const curves = at.show === 'curves';
  if (run.child_count === 0) {
    return <NoChildren />;
  }
  return (
    <div className="jp-ml-children-tab">
      <div className="jp-ml-bar">
        <div className="jp-ml-row" role="group" aria-label={trans.__('Children by state')}>
          {groups.map(group => (
            <Button
              key={group.word}
              kind="quiet"
              aria-pressed={group.word === word}
              onClick={() => setWord(group.word === word ? null : group.word)}
            >
              {stateCount(group.statuses[0] ?? 'NotStarted', group.count)}
            </Button>
          ))}
        </div>
        <span className="jp-ml-grow" />
        <div className="jp-ml-segment" role="group" aria-label={trans.__('How they are shown')}>
          <Button aria-pressed={!curves} onClick={() => onAt({ show: undefined })}>
            {trans.__('Table')}
          </Button>
          <Button aria-pressed={curves} onClick={() => onAt({ show: 'curves' })}>
            {trans.__('Curves')}
          </Button>
        </div>
      </div>
      {curves ? (
        <CurvesView {...{ source, run, host, statuses, at, onAt }} onOpen={id => onOpenRun(id)} />
      ) : (
        <ChildTable {...props} statuses={statuses} />
      )}
    </div>
  );
}
