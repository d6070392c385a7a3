/** The columns of a comparison: everything that is known of the runs, with one value a run. All pure. */
import { formatTook, formatMetric, formatMoment, toNumber } from '../../model/format';
import { trans } from '../../model/language';
import type { IComparison } from '../../model/compare';
import {
  distinct,
  isMissing,
  plotNumber,
  type IPlotColumn,
  type PlotValue
} from '../plots/columns';

export type Group = 'parameters' | 'metrics' | 'tags' | 'facts' | 'environment';
export const GROUPS: readonly Group[] = ['parameters', 'metrics', 'tags', 'facts', 'environment'];

export interface IColumn extends IPlotColumn {
  readonly group: Group;
  /** For metrics: less is better. Undefined: no value is better than another. */
  readonly lower?: boolean;
  readonly metric?: string;
  /** How its numbers are written; as they are typed when absent. */
  readonly format?: (value: PlotValue) => string;
}

export const AGGREGATES = ['best', 'last', 'min', 'max'] as const;
type Aggregate = (typeof AGGREGATES)[number];

export function aggregateWord(aggregate: Aggregate): string {
  return {
    best: trans.__('best'),
    last: trans.__('last'),
    min: trans.__('min'),
    max: trans.__('max')
  }[aggregate];
}

export function groupWord(group: Group): string {
  return {
    parameters: trans.__('Parameters'),
    metrics: trans.__('Metrics'),
    tags: trans.__('Tags'),
    facts: trans.__('Facts'),
    environment: trans.__('Environment')
  }[group];
}

const asMetric = (value: PlotValue): string =>
  typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity'
    ? formatMetric(value)
    : String(value);

function metricColumns({ metrics }: IComparison): IColumn[] {
  return metrics.flatMap(metric =>
    AGGREGATES.map(aggregate => ({
      id: `metric:${metric.name}:${aggregate}`,
      label: `${metric.name}, ${aggregateWord(aggregate)}`,
      group: 'metrics' as const,
      metric: metric.name,
      lower: metric.lower,
      values: metric[aggregate],
      format: asMetric
    }))
  );
}

function tagColumns({ runs }: IComparison): IColumn[] {
  const names = [...new Set(runs.flatMap(run => Object.keys(run.tags)))].sort();
  return names.map(name => ({
    id: `tag:${name}`,
    label: name,
    group: 'tags',
    // A tag without a value is there all the same.
    values: runs.map(run => (name in run.tags ? (run.tags[name] ?? '✓') : null))
  }));
}

function factColumns({ runs }: IComparison): IColumn[] {
  const fact = (
    id: string,
    label: string,
    values: readonly PlotValue[],
    format?: IColumn['format']
  ): IColumn => ({ id: `fact:${id}`, label, group: 'facts', values, format });
  const time = (value: PlotValue): string =>
    formatMoment(toNumber(value as number) ?? 0, Date.now());
  return [
    fact(
      'duration',
      trans.__('Time'),
      runs.map(run => run.duration_ms),
      value => formatTook(Number(value))
    ),
    fact(
      'created',
      trans.__('Submitted'),
      runs.map(run => run.created_ms),
      time
    ),
    fact(
      'experiment',
      trans.__('Experiment'),
      runs.map(run => run.experiment)
    ),
    fact(
      'user',
      trans.__('User'),
      runs.map(run => run.user)
    ),
    fact(
      'status',
      trans.__('State'),
      runs.map(run => run.status)
    )
  ];
}

const plain = (
  group: Group,
  prefix: string,
  columns: Readonly<Record<string, readonly PlotValue[]>>
): IColumn[] =>
  Object.entries(columns).map(([name, values]) => ({
    id: `${prefix}:${name}`,
    label: name,
    group,
    values
  }));

/** All columns there are. */
export function columnsOf(comparison: IComparison): readonly IColumn[] {
  return [
    ...plain('parameters', 'param', comparison.parameters),
    ...metricColumns(comparison),
    ...factColumns(comparison),
    ...tagColumns(comparison),
    ...plain('environment', 'env', comparison.environment)
  ];
}

/** Whether the runs do not all have the same value. */
export function differs({ values }: IPlotColumn): boolean {
  const missing = values.filter(isMissing).length;
  return distinct(values) > 1 || (missing > 0 && missing < values.length);
}

const MOST_METRICS = 8;
/** Differ between any two runs and say nothing about why one is better. */
const NOISE: ReadonlySet<string> = new Set(['fact:created', 'fact:status', 'env:git commit']);
/** Installed packages may be many: they have the tab of the environments. */
const PACKAGES = 'env:installed ';

/** What is shown until a person chooses: what differs, and the best of each metric with the primary one first. */
export function usualColumns(
  columns: readonly IColumn[],
  primary: string | null
): readonly string[] {
  const best = columns.filter(one => one.group === 'metrics' && one.id.endsWith(':best'));
  const ordered = [...best].sort(
    (a, b) => Number(b.metric === primary) - Number(a.metric === primary)
  );
  const others = columns.filter(
    one =>
      one.group !== 'metrics' &&
      !NOISE.has(one.id) &&
      !one.id.startsWith(PACKAGES) &&
      (one.group !== 'facts' || differs(one))
  );
  const given = others.filter(one => one.group === 'parameters' || one.group === 'tags');
  const rest = others.filter(one => one.group === 'facts' || one.group === 'environment');
  return [...given, ...ordered.slice(0, MOST_METRICS), ...rest].map(one => one.id);
}

/** The metric that most runs have as their primary one. */
export function primaryOf({ runs }: IComparison): string | null {
  const counts = new Map<string, number>();
  for (const { primary_metric } of runs) {
    if (primary_metric) {
      counts.set(primary_metric.name, (counts.get(primary_metric.name) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** Whether two values are the same, however their numbers are spelled. */
export function sameValue(one: PlotValue | undefined, other: PlotValue | undefined): boolean {
  if (isMissing(one) || isMissing(other)) {
    return isMissing(one) && isMissing(other) && (one ?? null) === (other ?? null);
  }
  const [a, b] = [plotNumber(one), plotNumber(other)];
  return a !== null && b !== null ? a === b : String(one) === String(other);
}

/** The best number of a column among some runs; null when none is better than the others. */
export function bestOf(column: IColumn, runs: readonly number[]): number | null {
  if (column.lower === undefined) {
    return null;
  }
  const numbers = runs.flatMap(run => plotNumber(column.values[run]) ?? []);
  if (new Set(numbers).size < 2) {
    return null;
  }
  return numbers.reduce((a, b) => (column.lower ? Math.min(a, b) : Math.max(a, b)));
}

/** A value as it is written. */
export function textOf(column: IColumn, value: PlotValue | undefined): string {
  if (value === null || value === undefined) {
    return column.group === 'metrics' ? trans.__('Not reached') : '–';
  }
  return column.format?.(value) ?? String(value);
}
