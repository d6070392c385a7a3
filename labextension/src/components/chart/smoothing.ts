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

/** Sums of weighted values and of weights over the points up to each one; gaps do not count. */
function accumulate(values: Values, weight: number): { sums: number[]; masses: number[] } {
  let sum = 0;
  let mass = 0;
  const sums: number[] = [];
  const masses: number[] = [];
  for (const value of values) {
    if (value !== null) {
      sum = sum * weight + value;
      mass = mass * weight + 1;
    }
    sums.push(sum);
    masses.push(mass);
  }
  return { sums, masses };
}

/**
 * Centred exponential smoothing: each point is the mean of its neighbours on both sides, with weights that fall by
 * `weight` a point. So the curve does not lag behind its points, and at its ends it leans on the one side there is.
 *
 * @param values - finite numbers, null for a gap
 * @param weight - 0 (nothing) to below 1 (much), for a series of 250 points
 */
export function smooth(values: Values, weight: number): (number | null)[] {
  if (weight <= 0) {
    return values.slice();
  }
  const w = effectiveWeight(Math.min(weight, 0.9999), values.length);
  const before = accumulate(values, w);
  const after = accumulate(values.slice().reverse(), w);
  const last = values.length - 1;
  return values.map((value, i) => {
    if (value === null) {
      return null;
    }
    const sum = (before.sums[i] ?? 0) + (after.sums[last - i] ?? 0) - value;
    return sum / ((before.masses[i] ?? 0) + (after.masses[last - i] ?? 0) - 1);
  });
}
