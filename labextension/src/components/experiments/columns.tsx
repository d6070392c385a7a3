import React from 'react';
import {
  formatAge,
  formatDuration,
  formatFullTime,
  formatMetric,
  formatTook
} from '../../model/format';
import { trans } from '../../model/language';
import { durationOf, isEnded, progressOf, stateLook } from '../../model/state';
import type { IRunSummary } from '../../model/types';
import { MiddleText } from '../ui/MiddleText';
import { StateIcon } from '../ui/StateIcon';
import type { ColumnId } from './view';

/** A column of the table of runs. */
export interface IRunColumn {
  readonly id: string;
  readonly title: string;
  /** As in `grid-template-columns`. */
  readonly width: string;
  readonly minWidth: number;
  readonly sort?: string;
  readonly right?: boolean;
  readonly cell: (run: IRunSummary, now: number) => React.ReactNode;
}

const fixed = (px: number): Pick<IRunColumn, 'width' | 'minWidth'> => ({
  width: `${px}px`,
  minWidth: px
});

const leading = (): readonly IRunColumn[] => [
  {
    id: 'name',
    title: trans.__('Run'),
    width: 'minmax(220px, 1fr)',
    minWidth: 220,
    sort: 'name',
    cell: run => (
      <>
        <StateIcon status={run.status} progress={progressOf(run)} />
        <MiddleText text={run.display_name} />
        <span className="jp-ml-dim jp-ml-num">{run.number}</span>
      </>
    )
  },
  {
    id: 'state',
    title: trans.__('State'),
    ...fixed(104),
    sort: 'status',
    cell: run => (
      <span className="jp-ml-cut" title={run.reason ?? undefined}>
        {stateLook(run.status).word}
      </span>
    )
  }
];

const times = (): readonly IRunColumn[] => [
  {
    id: 'duration',
    title: trans.__('Duration'),
    ...fixed(96),
    sort: 'duration',
    right: true,
    cell: (run, now) => {
      const took = durationOf(run, now);
      return took === null ? '' : isEnded(run.status) ? formatTook(took) : formatDuration(took);
    }
  },
  {
    id: 'created',
    title: trans.__('Submitted'),
    ...fixed(96),
    sort: 'created',
    right: true,
    cell: (run, now) => (
      <span title={formatFullTime(run.created_ms)}>{formatAge(run.created_ms, now)}</span>
    )
  },
  {
    id: 'where',
    title: trans.__('Where'),
    ...fixed(96),
    cell: run => <span className="jp-ml-cut">{run.target}</span>
  },
  {
    id: 'user',
    title: trans.__('By'),
    ...fixed(88),
    cell: run => <span className="jp-ml-cut">{run.user}</span>
  }
];

/** The name of a metric, parameter or tag without its kind. */
export const columnName = (id: ColumnId): string => id.slice(id.indexOf(':') + 1);

function chosen(id: ColumnId): IRunColumn {
  const name = columnName(id);
  const base = { id, title: name, ...fixed(112), right: true };
  if (id.startsWith('tag:')) {
    const value = (run: IRunSummary): string | undefined =>
      name in run.tags ? (run.tags[name] ?? '✓') : undefined;
    return { ...base, cell: run => <span className="jp-ml-cut">{value(run)}</span> };
  }
  const value = (run: IRunSummary): number | string | undefined => run.values?.[id];
  return id.startsWith('metric:')
    ? { ...base, sort: id, cell: run => known(value(run), one => formatMetric(Number(one))) }
    : { ...base, sort: id, cell: run => <span className="jp-ml-cut">{value(run)}</span> };
}

const known = <T,>(value: T | undefined, text: (value: T) => string): string =>
  value === undefined ? '' : text(value);

/** The primary metric where none was chosen; a table without numbers teaches nothing. */
const primary = (): IRunColumn => ({
  id: 'primary',
  title: trans.__('Primary metric'),
  ...fixed(176),
  right: true,
  cell: ({ primary_metric: metric }) =>
    metric && (
      <>
        <MiddleText className="jp-ml-dim" text={metric.name} />{' '}
        <span>{metric.last === null ? trans.__('Not reached') : formatMetric(metric.last)}</span>
      </>
    )
});

/** Name and state, what the person chose, times and origin. */
export function runColumns(ids: readonly ColumnId[]): readonly IRunColumn[] {
  return [...leading(), ...(ids.length > 0 ? ids.map(chosen) : [primary()]), ...times()];
}
