/** Search and order of the list of experiments. All pure. */
import type { IExperimentInfo } from '../../model/types';

export type ExperimentSort = 'work' | 'name' | 'runs' | 'last' | 'best';

/** Everything of an experiment that a word may be found in. */
function words(one: IExperimentInfo): string {
  const tags = Object.entries(one.tags).flatMap(([key, value]) => [key, `${key}=${value ?? ''}`]);
  return [one.name, one.description ?? '', ...one.users, ...Object.keys(one.targets), ...tags]
    .join('\n')
    .toLowerCase();
}

/** Experiments in which every word of the text occurs: in name, description, tag, submitter or target. */
export function searchExperiments(
  all: readonly IExperimentInfo[],
  text: string
): readonly IExperimentInfo[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(one => {
    const found = words(one);
    return wanted.every(word => found.includes(word));
  });
}

const lastOf = (one: IExperimentInfo): number => one.last_run_ms ?? one.created_ms;

/** Values of different metrics say nothing of each other: by the metric's name, and within one the better first. */
function byBest({ primary_metric: a }: IExperimentInfo, { primary_metric: b }: IExperimentInfo) {
  if (!a || !b) {
    return Number(a === null) - Number(b === null);
  }
  const better = a.lower ? a.best - b.best : b.best - a.best;
  return a.name.localeCompare(b.name) || better;
}

const ORDERS: Readonly<Record<ExperimentSort, (a: IExperimentInfo, b: IExperimentInfo) => number>> =
  {
    work: (a, b) =>
      Number(b.active_count > 0) - Number(a.active_count > 0) || lastOf(b) - lastOf(a),
    name: (a, b) => a.name.localeCompare(b.name),
    runs: (a, b) => b.run_count - a.run_count,
    last: (a, b) => lastOf(b) - lastOf(a),
    best: byBest
  };

/** In an order; `work` puts those with active runs first. `back` turns it round. */
export function sortExperiments(
  all: readonly IExperimentInfo[],
  by: ExperimentSort,
  back: boolean
): readonly IExperimentInfo[] {
  const sign = back ? -1 : 1;
  return [...all].sort((a, b) => sign * ORDERS[by](a, b));
}
