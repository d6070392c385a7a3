import React, { useMemo, useState } from 'react';
import {
  formatAge,
  formatCount,
  formatDuration,
  formatFullTime,
  formatMetric
} from '../../model/format';
import { durationOf, isEnded, progressOf, stateLook } from '../../model/state';
import type { IRunSummary, RunStatus } from '../../model/types';
import { useNow } from '../data/useNow';
import { useStream } from '../data/useStream';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { StateIcon } from '../ui/StateIcon';
import { differingTags } from '../widget/ChildrenTable';
import { childCounts } from './facts';
import type { ITabProps } from './page';

/** Rows fetched at first and by each "Show more". */
const PAGE = 200;

interface IColumn {
  readonly title: string;
  /** The source's sort key; absent: it cannot sort by this. */
  readonly sort?: string;
  readonly right?: boolean;
  readonly cell: (run: IRunSummary, now: number) => React.ReactNode;
}

function columnsFor(children: readonly IRunSummary[], onOpen: (id: string) => void): IColumn[] {
  const metric = children.find(run => run.primary_metric)?.primary_metric?.name;
  const name: IColumn = {
    title: 'Child',
    sort: 'name',
    cell: run => (
      <span className="jp-ml-row">
        <StateIcon status={run.status} progress={progressOf(run)} />
        <button
          type="button"
          className="jp-ml-btn jp-ml-btn-link jp-ml-cut"
          onClick={() => onOpen(run.id)}
        >
          {run.display_name}
        </button>
      </span>
    )
  };
  const tags = differingTags(children).map((tag): IColumn => ({
    title: tag,
    right: true,
    cell: run => run.tags[tag] ?? ''
  }));
  const value: IColumn[] = metric
    ? [
        {
          title: metric,
          sort: `metric:${metric}`,
          right: true,
          cell: run =>
            run.primary_metric ? (
              formatMetric(run.primary_metric.last)
            ) : (
              <span className="jp-ml-dim">{isEnded(run.status) ? 'Not reached' : 'Not yet'}</span>
            )
        }
      ]
    : [];
  return [
    { title: 'Number', sort: 'number', right: true, cell: run => formatCount(run.number) },
    name,
    {
      title: 'State',
      sort: 'status',
      cell: run => <span title={run.reason ?? undefined}>{stateLook(run.status).word}</span>
    },
    ...tags,
    ...value,
    {
      title: 'Duration',
      sort: 'duration',
      right: true,
      cell: (run, now) => {
        const took = durationOf(run, now);
        return took === null ? '' : formatDuration(took);
      }
    },
    {
      title: 'Submitted',
      sort: 'created',
      right: true,
      cell: (run, now) => (
        <span title={formatFullTime(run.created_ms)}>{formatAge(run.created_ms, now)}</span>
      )
    }
  ];
}

function Head(props: {
  readonly column: IColumn;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}): React.JSX.Element {
  const { column, sort, onSort } = props;
  const key = column.sort;
  const down = key !== undefined && sort === `-${key}`;
  const up = key !== undefined && sort === key;
  return (
    <th
      scope="col"
      className={column.right ? 'jp-ml-right' : undefined}
      aria-sort={up ? 'ascending' : down ? 'descending' : undefined}
    >
      {key === undefined ? (
        column.title
      ) : (
        <button type="button" className="jp-ml-th" onClick={() => onSort(up ? `-${key}` : key)}>
          {column.title}
          <span aria-hidden="true">{up ? ' ▲' : down ? ' ▼' : ''}</span>
        </button>
      )}
    </th>
  );
}

/** The children of a run as a table that sorts, and how many there are of each state. */
export function ChildrenTab({ source, run, onOpenRun }: ITabProps): React.JSX.Element {
  const [sort, setSort] = useState('number');
  const [limit, setLimit] = useState(PAGE);
  const [word, setWord] = useState<string | null>(null);
  const groups = useMemo(() => childCounts(run.children), [run.children]);
  const status: readonly RunStatus[] | undefined = groups.find(g => g.word === word)?.statuses;
  const answer = useStream(source, 'runs', { parent: run.id, sort, limit, status });
  const now = useNow(isEnded(run.status) ? null : 1000);
  const rows = answer.value?.runs ?? [];
  const columns = columnsFor(rows, onOpenRun);
  if (run.child_count === 0 && answer.value?.total === 0) {
    return (
      <EmptyState
        title="No children."
        text={
          <>
            <code className="jp-ml-mono">run.child_run(name)</code> in the script makes one.
          </>
        }
      />
    );
  }
  return (
    <div className="jp-ml-children-tab">
      <div className="jp-ml-bar" role="group" aria-label="Children by state">
        {groups.map(group => (
          <Button
            key={group.word}
            kind="quiet"
            aria-pressed={group.word === word}
            onClick={() => setWord(group.word === word ? null : group.word)}
          >
            {formatCount(group.count)} {group.word.toLowerCase()}
          </Button>
        ))}
      </div>
      {answer.error && <p className="jp-ml-err">{answer.error.message}</p>}
      {!answer.value && !answer.error && <SkeletonRows />}
      {answer.value && (
        <table className="jp-ml-table">
          <thead>
            <tr>
              {columns.map(column => (
                <Head key={column.title} {...{ column, sort }} onSort={setSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(child => (
              <tr key={child.id}>
                {columns.map(column => (
                  <td key={column.title} className={column.right ? 'jp-ml-right' : undefined}>
                    {column.cell(child, now)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {answer.value && answer.value.total > rows.length && (
        <Button kind="link" onClick={() => setLimit(limit + PAGE)}>
          Show more, {formatCount(answer.value.total - rows.length)} left
        </Button>
      )}
    </div>
  );
}
