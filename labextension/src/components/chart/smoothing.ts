/** Smoothing of a curve, for the eye: the raw line is always drawn beneath it. */

/**
 * So many points take the weight as it is. More or fewer points change it, so that the same setting smooths over the
 * same share of the chart however the series was thinned.
 */
const REFERENCE_POINTS = 250;

type Values = readonly (number | null)[];

/** Weight of the past for one step of a series of `count` points. */
export function effectiveWeight(weight: number, count: number): number {
  return count > 0 ? weight ** (REFERENCE_POINTS / count) : weight;
}

/** Exponential average in one direction, debiased at its start; gaps stay gaps and do not count. */
function oneWay(values: Values, weight: number): (number | null)[] {
  let mean = 0;
  let mass = 0;
  return values.map(value => {
    if (value === null) {
      return null;
    }
    mean = mean * weight + value * (1 - weight);
    mass = mass * weight + (1 - weight);
    return mean / mass;
  });
}

/**
 * Centred exponential smoothing: the mean of a forward and a backward average, so that the curve does not lag behind
 * its points.
 *
 * @param values - finite numbers, null for a gap
 * @param weight - 0 (nothing) to below 1 (much), for a series of 250 points
 */
export function smooth(values: Values, weight: number): (number | null)[] {
  if (weight <= 0) {
    return values.slice();
  }
  const w = effectiveWeight(Math.min(weight, 0.9999), values.length);
  const forward = oneWay(values, w);
  const backward = oneWay(values.slice().reverse(), w).reverse();
  return forward.map((a, i) => {
    const b = backward[i] ?? null;
    return a === null || b === null ? null : (a + b) / 2;
  });
}
