/** Smoothing of a curve, for the eye: the raw line is always drawn beneath it. */

/**
 * So many points take the weight as it is. More or fewer points change it, so that the same setting smooths over the
 * same share of the chart however the series was thinned.
 */
const REFERENCE_POINTS = 250;

/** A curve that turns at a smaller share of its points is smooth already. */
const ROUGH_SHARE = 0.1;

type Values = readonly (number | null)[];

/** Whether a curve has ups and downs to smooth away; smoothing one without only bends it, at its ends above all. */
export function isRough(values: Values): boolean {
  let last: number | null = null;
  let direction = 0;
  let turns = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) {
      continue;
    }
    const change = last === null ? 0 : Math.sign(value - last);
    turns += change !== 0 && direction !== 0 && change !== direction ? 1 : 0;
    direction = change === 0 ? direction : change;
    last = value;
    count += 1;
  }
  return turns > count * ROUGH_SHARE;
}

/** Weight of the past for one step of a series of `count` points. */
export function effectiveWeight(weight: number, count: number): number {
  return count > 0 ? weight ** (REFERENCE_POINTS / count) : weight;
}

/** Weighted sums over the points up to one: of 1, d, d², y and d·y, where d is the distance to it. */
interface ISums {
  readonly n: number;
  readonly d: number;
  readonly dd: number;
  readonly y: number;
  readonly dy: number;
}

const EMPTY: ISums = { n: 0, d: 0, dd: 0, y: 0, dy: 0 };

/** The sums seen from one point further on. */
function further(s: ISums, weight: number): ISums {
  return {
    n: weight * s.n,
    d: weight * (s.d + s.n),
    dd: weight * (s.dd + 2 * s.d + s.n),
    y: weight * s.y,
    dy: weight * (s.dy + s.y)
  };
}

/** For each point the sums over all points before it, itself left out. */
function sumsBefore(values: Values, weight: number): ISums[] {
  let sums = EMPTY;
  return values.map((value, i) => {
    const last = i > 0 ? (values[i - 1] ?? null) : null;
    const grown = last === null ? sums : { ...sums, n: sums.n + 1, y: sums.y + last };
    sums = i > 0 ? further(grown, weight) : EMPTY;
    return value === null ? EMPTY : sums;
  });
}

/** Height at d = 0 of the straight line that fits points on both sides and the value itself best. */
function fit(value: number, before: ISums, after: ISums): number {
  const n = before.n + after.n + 1;
  const d = after.d - before.d;
  const dd = after.dd + before.dd;
  const y = before.y + after.y + value;
  const dy = after.dy - before.dy;
  const spread = n * dd - d * d;
  return spread > 1e-9 * n * n ? (dd * y - d * dy) / spread : y / n;
}

/**
 * Centred smoothing: at each point the straight line that fits its neighbours on both sides best, with weights that
 * fall by `weight` a point (local linear regression with an exponential kernel; Cleveland, "Robust Locally Weighted
 * Regression", 1979). It does not lag, and at its ends it follows the slope instead of bending to the one side there is.
 *
 * @param values - finite numbers, null for a gap
 * @param weight - 0 (nothing) to below 1 (much), for a series of 250 points
 */
export function smooth(values: Values, weight: number): (number | null)[] {
  if (weight <= 0) {
    return values.slice();
  }
  const w = effectiveWeight(Math.min(weight, 0.9999), values.length);
  const before = sumsBefore(values, w);
  const after = sumsBefore(values.slice().reverse(), w).reverse();
  return values.map((value, i) =>
    value === null ? null : fit(value, before[i] ?? EMPTY, after[i] ?? EMPTY)
  );
}
