import React from 'react';
import {
  formatAge,
  formatCount,
  formatDuration,
  formatFullTime,
  formatMetric,
  formatTook
} from '../../model/format';
import { trans } from '../../model/language';
import { durationOf, isEnded, progressOf, stateLook } from '../../model/state';
import type { IRunSummary } from '../../model/types';
import { StateIcon } from '../ui/StateIcon';
import { differingTags } from '../widget/ChildrenTable';

/** One column of the table of children. */
export interface IColumn {
  readonly title: string;
  /** The source's sort key; absent: it cannot sort by this. */
  readonly sort?: string;
  readonly right?: boolean;
  readonly cell: (run: IRunSummary, now: number) => React.ReactNode;
}

type Open = (id: string) => void;

function Name({
  run,
  onOpen
}: {
  readonly run: IRunSummary;
  readonly onOpen: Open;
}): React.JSX.Element {
  return (
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
  );
}

const leading = (onOpen: Open): IColumn[] => [
  { title: trans.__('Number'), sort: 'number', right: true, cell: run => formatCount(run.number) },
  { title: trans.__('Child'), sort: 'name', cell: run => <Name run={run} onOpen={onOpen} /> },
  {
    title: trans.__('State'),
    sort: 'status',
    cell: run => <span title={run.reason ?? undefined}>{stateLook(run.status).word}</span>
  }
];

const metricColumn = (name: string): IColumn => ({
  title: name,
  sort: `metric:${name}`,
  right: true,
  cell: run =>
    run.primary_metric ? (
      formatMetric(run.primary_metric.last)
    ) : (
      <span className="jp-ml-dim">
        {isEnded(run.status) ? trans.__('Not reached') : trans.__('Not yet')}
      </span>
    )
});

const times = (): readonly IColumn[] => [
  {
    title: trans.__('Duration'),
    sort: 'duration',
    right: true,
    cell: (run, now) => {
      const took = durationOf(run, now);
      return took === null ? '' : isEnded(run.status) ? formatTook(took) : formatDuration(took);
    }
  },
  {
    title: trans.__('Submitted'),
    sort: 'created',
    right: true,
    cell: (run, now) => (
      <span title={formatFullTime(run.created_ms)}>{formatAge(run.created_ms, now)}</span>
    )
  }
];

/** Number, name and state, the tags in which the children differ, their metric, times. */
export function childColumns(children: readonly IRunSummary[], onOpen: Open): readonly IColumn[] {
  const metric = children.find(run => run.primary_metric)?.primary_metric?.name;
  const tags = differingTags(children).map((tag): IColumn => ({
    title: tag,
    right: true,
    cell: run => run.tags[tag] ?? ''
  }));
  return [
    ...leading(onOpen),
    ...tags,
    ...(metric === undefined ? [] : [metricColumn(metric)]),
    ...times()
  ];
}
