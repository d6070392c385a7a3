/** Lines of several runs in one chart. All pure. */
import uPlot from 'uplot';
import { isEnded } from '../../../model/state';
import type { IRunSummary, IScalarSeries, MetricSeries } from '../../../model/types';
import type { ILine, IRange } from '../lines';

/** Most runs over the page's own one; more cannot be told apart. */
export const MOST_OVERLAYS = 20;

/** A run laid over the page's own one. */
export interface IOverlay {
  readonly id: string;
  readonly name: string;
  readonly number: number;
  /** Which colour, from 0; the own run has 0. It keeps it for as long as it is in the view. */
  readonly colour: number;
  readonly hidden: boolean;
  readonly live: boolean;
  readonly series: readonly MetricSeries[];
}

/** Another run's line in a chart, as it is drawn. */
export interface IOtherLine {
  readonly id: string;
  readonly name: string;
  readonly line: ILine;
  readonly smoothed: ILine['y'] | null;
  readonly colour: string;
  /** The eleventh run has the first one's colour again, and dashes. */
  readonly dashed: boolean;
}

/** What an overlay is called. */
export const overlayName = ({ name, number }: Pick<IOverlay, 'name' | 'number'>): string =>
  `${name} ${number}`;

export const isLive = (run: Pick<IRunSummary, 'status'>): boolean => !isEnded(run.status);

/** A series of that name among a run's; null when it has none. */
export function scalarOf(series: readonly MetricSeries[], name: string): IScalarSeries | null {
  const found = series.find(one => one.name === name);
  return found?.kind === 'scalar' && found.count > 0 ? found : null;
}

/** The metric without any point, for a chart that only has other runs' lines. */
export const emptySeries = (name: string): IScalarSeries => ({
  name,
  kind: 'scalar',
  count: 0,
  steps: [],
  times_ms: [],
  values: [],
  downsampled: false
});

/** Lowest colours that no other has, one for each new id; those that stay keep theirs. */
export function colours(
  ids: readonly string[],
  old: ReadonlyMap<string, number>
): ReadonlyMap<string, number> {
  const kept = new Map(ids.flatMap(id => (old.has(id) ? [[id, old.get(id) ?? 0] as const] : [])));
  const used = new Set(kept.values());
  let next = 1;
  for (const id of ids) {
    if (!kept.has(id)) {
      while (used.has(next)) {
        next += 1;
      }
      used.add(next);
      kept.set(id, next);
    }
  }
  return kept;
}

const table = (line: ILine, smoothed: ILine['y'] | null): uPlot.AlignedData => [
  line.x as number[],
  line.y as (number | null)[],
  (smoothed ?? new Array<null>(line.x.length).fill(null)) as (number | null)[]
];

/** All lines over one axis: a raw and a smoothed one for each. */
export function joined(
  line: ILine,
  smoothed: ILine['y'] | null,
  others: readonly IOtherLine[]
): uPlot.AlignedData {
  const own = table(line, smoothed);
  return others.length === 0
    ? own
    : uPlot.join([own, ...others.map(other => table(other.line, other.smoothed))]);
}

/** First position at or behind a value in an ascending list; its length when there is none. */
export function lowerBound(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Position of the point nearest to x; -1 when there is none. */
export function nearestIndex(values: readonly number[], x: number): number {
  const at = lowerBound(values, x);
  const before = values[at - 1];
  const behind = values[at];
  if (before === undefined) {
    return values.length > 0 ? 0 : -1;
  }
  return behind === undefined || x - before < behind - x ? at - 1 : at;
}

/** From the first point to the last one of all lines; 0 to 1 when there is none. */
export function wholeRange(lines: readonly ILine[]): IRange {
  const firsts = lines.flatMap(line => line.x[0] ?? []);
  const lasts = lines.flatMap(line => line.x[line.x.length - 1] ?? []);
  return firsts.length === 0
    ? { min: 0, max: 1 }
    : { min: Math.min(...firsts), max: Math.max(...lasts) };
}
