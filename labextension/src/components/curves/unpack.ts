/** Curves of one metric of very many runs as flat columns of numbers. All pure. */
import type { IPackedCurves } from '../../model/children';

export interface ICurves {
  readonly name: string;
  /** Position of each curve's run. */
  readonly runs: readonly number[];
  /** Where each curve begins among the points; one more at the end. */
  readonly starts: Uint32Array;
  /** Places of all points, curve after curve, ascending within each. */
  readonly x: Float64Array;
  /** Values; NaN is a gap. */
  readonly y: Float32Array;
}

/** Places of the points of some curves, and where each curve begins. */
function startsOf(counts: readonly number[]): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  counts.forEach((count, i) => {
    starts[i + 1] = (starts[i] ?? 0) + count;
  });
  return starts;
}

/**
 * The curves of an answer.
 *
 * @param place - position in the view of a position in the answer; negative: the view does not show that run
 */
export function unpack(packed: IPackedCurves, place: (at: number) => number): ICurves {
  const { counts, shared } = packed;
  const places = packed.runs.map(place);
  const kept = places.flatMap((at, i) => (at < 0 ? [] : [i]));
  const given = { starts: startsOf(counts), x: packed.x, y: packed.y };
  const starts = startsOf(kept.map(i => counts[i] ?? 0));
  const x = new Float64Array(starts[kept.length] ?? 0);
  const y = new Float32Array(x.length);
  kept.forEach((i, curve) => {
    const from = given.starts[i] ?? 0;
    const to = starts[curve] ?? 0;
    const count = counts[i] ?? 0;
    y.set(given.y.subarray(from, from + count), to);
    for (let point = 0; point < count; point += 1) {
      x[to + point] = packed.from + (given.x[shared ? point : from + point] ?? NaN);
    }
  });
  return { name: packed.name, runs: kept.map(i => places[i] ?? -1), starts, x, y };
}

/** Smallest and largest place of all curves; 0 to 1 when there is none. */
export function placeRange(x: ICurves['x']): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const place of x) {
    min = place < min ? place : min;
    max = place > max ? place : max;
  }
  return min <= max ? { min, max } : { min: 0, max: 1 };
}

const OUTLIERS = 0.02;

/** Smallest and largest finite value between two places; null when there is none. */
export function valueRange(
  { x, y }: ICurves,
  from: number,
  to: number,
  options: { readonly positive: boolean; readonly ignoreOutliers: boolean }
): { min: number; max: number } | null {
  const kept = y.filter(
    (value, i) =>
      Number.isFinite(value) &&
      (!options.positive || value > 0) &&
      (x[i] ?? NaN) >= from &&
      (x[i] ?? NaN) <= to
  );
  if (kept.length === 0) {
    return null;
  }
  if (options.ignoreOutliers) {
    kept.sort();
    const cut = Math.floor(kept.length * OUTLIERS);
    return { min: kept[cut] ?? 0, max: kept[kept.length - 1 - cut] ?? 0 };
  }
  return kept.reduce((r, v) => ({ min: v < r.min ? v : r.min, max: v > r.max ? v : r.max }), {
    min: Infinity,
    max: -Infinity
  });
}

/** The last value of each curve; NaN where there is none. */
export function lastValues({ starts, y }: ICurves): readonly number[] {
  return Array.from({ length: starts.length - 1 }, (_, i) => {
    for (let at = (starts[i + 1] ?? 0) - 1; at >= (starts[i] ?? 0); at -= 1) {
      if (Number.isFinite(y[at])) {
        return y[at] ?? NaN;
      }
    }
    return NaN;
  });
}
