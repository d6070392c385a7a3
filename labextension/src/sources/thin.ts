import type { IScalarSeries, JsonNumber } from '../model/types';

/** Places of a series to draw: first, last, and the least and greatest of each of equal parts; with all that is not finite. */
function places(values: readonly (JsonNumber | null)[], points: number): number[] {
  const parts = Math.max(1, Math.floor(points / 2));
  const size = values.length / parts;
  const kept = new Set<number>([0, values.length - 1]);
  for (let part = 0; part < parts; part++) {
    const from = Math.floor(part * size);
    const to = Math.min(values.length, Math.floor((part + 1) * size));
    let least = -1;
    let greatest = -1;
    for (let at = from; at < to; at++) {
      const value = values[at];
      if (typeof value !== 'number') {
        kept.add(at);
        continue;
      }
      least = least < 0 || value < (values[least] as number) ? at : least;
      greatest = greatest < 0 || value > (values[greatest] as number) ? at : greatest;
    }
    if (least >= 0) {
      kept.add(least).add(greatest);
    }
  }
  return [...kept].sort((a, b) => a - b);
}

/**
 * The part of a series between two steps with its neighbours, thinned to about `points` points that keep its outline.
 *
 * @param series - steps ascend
 */
export function thinSeries(
  series: IScalarSeries,
  points: number,
  min: number | undefined,
  max: number | undefined
): IScalarSeries {
  const { steps } = series;
  const first = min === undefined ? 0 : steps.findIndex(step => step >= min) - 1;
  const behind = max === undefined ? -1 : steps.findIndex(step => step > max);
  const from = first < -1 ? steps.length - 1 : Math.max(0, first);
  const to = behind < 0 ? steps.length : behind + 1;
  const values = series.values.slice(from, to);
  const all = values.map((_, at) => at);
  const kept = values.length > points ? places(values, points) : all;
  const pick = <T>(list: readonly T[]): T[] => kept.map(at => list[from + at] as T);
  return {
    ...series,
    steps: pick(series.steps),
    times_ms: pick(series.times_ms),
    values: pick(series.values),
    downsampled: kept.length < values.length || (series.downsampled && kept.length > points)
  };
}
