/** A metric's points as a chart needs them: sorted, finite, with the rest as marks. All pure. */
import { toNumber } from '../../model/format';
import type { IScalarSeries } from '../../model/types';

/** What runs along x: the logged step, the local clock, the time since the first point, or another metric. */
export type XAxis = 'step' | 'time' | 'relative' | MetricAxis;
export type MetricAxis = `metric:${string}`;

const METRIC = 'metric:';
export const metricAxis = (name: string): MetricAxis => `${METRIC}${name}`;

/** The metric that runs along x; null when none does. */
export const axisMetric = (axis: XAxis): string | null =>
  axis.startsWith(METRIC) ? axis.slice(METRIC.length) : null;

export type MarkKind = 'nan' | '+inf' | '-inf';

/** A point that has no place on the y axis. */
export interface IMark {
  readonly x: number;
  readonly step: number;
  readonly kind: MarkKind;
}

export interface ILine {
  /** Ascending; steps, ms since the epoch, or ms since the first point. */
  readonly x: readonly number[];
  /** Finite, or null where there is a gap. */
  readonly y: readonly (number | null)[];
  readonly steps: readonly number[];
  readonly marks: readonly IMark[];
}

export interface IRange {
  readonly min: number;
  readonly max: number;
}

function markOf(value: number): MarkKind {
  return Number.isNaN(value) ? 'nan' : value > 0 ? '+inf' : '-inf';
}

/** The value that a series had at each of these steps: its last one up to there; NaN before its first. */
function valuesAt(series: IScalarSeries | null, steps: readonly number[]): readonly number[] {
  const known = (series?.steps ?? [])
    .map((step, i) => ({ step, value: toNumber(series?.values[i]) ?? NaN }))
    .sort((a, b) => a.step - b.step);
  return steps.map(step => {
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((known[middle]?.step ?? Infinity) <= step) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return known[low - 1]?.value ?? NaN;
  });
}

function xValues(
  series: IScalarSeries,
  axis: XAxis,
  origin: number,
  along: IScalarSeries | null
): readonly number[] {
  if (axisMetric(axis) !== null) {
    return valuesAt(along, series.steps);
  }
  if (axis === 'step') {
    return series.steps;
  }
  return axis === 'time' ? series.times_ms : series.times_ms.map(t => t - origin);
}

/**
 * Positions in ascending order of x, those without a place on it left out; null: all, as they are. A stable sort, so
 * that a run which repeats a step keeps its order.
 */
function order(x: readonly number[]): readonly number[] | null {
  const sorted = x.every((value, i) => value >= (x[i - 1] ?? -Infinity));
  return sorted
    ? null
    : x
        .map((_, i) => i)
        .filter(i => Number.isFinite(x[i]))
        .sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0));
}

const pick = <T>(values: readonly T[], at: readonly number[] | null): readonly T[] =>
  at === null ? values : at.map(i => values[i] as T);

/**
 * The line of a series along an axis.
 *
 * @param origin - where relative time begins, ms since the epoch; the first point when it is not given
 * @param along - the metric that runs along x, where one does; points before its first value have no place
 */
export function toLine(
  series: IScalarSeries,
  axis: XAxis,
  origin = series.times_ms[0] ?? 0,
  along: IScalarSeries | null = null
): ILine {
  const raw = xValues(series, axis, origin, along);
  const at = order(raw);
  const x = pick(raw, at);
  const steps = pick(series.steps, at);
  const marks: IMark[] = [];
  const y = pick(series.values, at).map((value, i) => {
    const number = toNumber(value);
    if (number === null || Number.isFinite(number)) {
      return number;
    }
    marks.push({ x: x[i] ?? 0, step: steps[i] ?? 0, kind: markOf(number) });
    return null;
  });
  return { x, y, steps, marks };
}

/**
 * The steps between two places on the axis, to ask the source for just these points: from the last point before the
 * range to the first one behind it, because what lies between was thinned out. Null: the line has no points.
 */
export function stepsWithin(line: ILine, range: IRange): IRange | null {
  const first = line.x.findIndex(x => x >= range.min);
  const behind = line.x.findIndex(x => x > range.max);
  const last = line.x.length - 1;
  const from = line.steps[Math.max(0, (first < 0 ? last : first) - 1)];
  const to = line.steps[behind < 0 ? last : behind];
  return from === undefined || to === undefined
    ? null
    : { min: Math.min(from, to), max: Math.max(from, to) };
}

/** Values that a logarithmic axis cannot show become gaps; says how many there were. */
export function positiveOnly(y: ILine['y']): { y: ILine['y']; hidden: number } {
  let hidden = 0;
  const kept = y.map(value => {
    if (value !== null && value <= 0) {
      hidden += 1;
      return null;
    }
    return value;
  });
  return hidden === 0 ? { y, hidden } : { y: kept, hidden };
}

/** Positions of points with a gap on both sides: a line alone would not show them. */
export function isolatedPoints(y: ILine['y'], from: number, to: number): number[] {
  const found: number[] = [];
  for (let i = from; i <= to; i += 1) {
    const alone = (y[i - 1] ?? null) === null && (y[i + 1] ?? null) === null;
    if ((y[i] ?? null) !== null && alone) {
      found.push(i);
    }
  }
  return found;
}
