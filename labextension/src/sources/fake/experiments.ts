/** The experiments of runs in memory. */
import { isEnded } from '../../model/state';
import { lowerIsBetter } from './compared';
import type { IExperimentColumns, IExperimentInfo, IRunDetail, RunStatus } from '../../model/types';

function counts<T extends string>(all: readonly T[]): Partial<Record<T, number>> {
  const found: Partial<Record<T, number>> = {};
  all.forEach(one => (found[one] = (found[one] ?? 0) + 1));
  return found;
}

function experimentOf(name: string, runs: readonly IRunDetail[]): IExperimentInfo {
  const active = runs.filter(run => !isEnded(run.status));
  const created = runs.map(run => run.created_ms);
  const [best] = runs
    .flatMap(run => (typeof run.primary_metric?.best === 'number' ? [run] : []))
    .sort((a, b) => Number(b.primary_metric?.best) - Number(a.primary_metric?.best));
  const metric = best?.primary_metric;
  return {
    id: name,
    name,
    archived: false,
    tags: {},
    description: null,
    created_ms: Math.min(...created),
    run_count: runs.length,
    active_count: active.length,
    states: counts<RunStatus>(runs.map(run => run.status)),
    targets: counts(active.map(run => run.target)) as Record<string, number>,
    users: [...new Set(runs.map(run => run.user))],
    last_run_ms: Math.max(...created),
    primary_metric:
      best && metric
        ? {
            name: metric.name,
            best: Number(metric.best),
            lower: lowerIsBetter(metric.name),
            run_id: best.id
          }
        : null
  };
}

export function experimentsOf(all: Iterable<IRunDetail>): readonly IExperimentInfo[] {
  const top = [...all].filter(run => run.parent_id === null);
  return [...new Set(top.map(run => run.experiment))].map(name =>
    experimentOf(
      name,
      top.filter(run => run.experiment === name)
    )
  );
}

export function columnsOf(all: Iterable<IRunDetail>, experiment: string): IExperimentColumns {
  const runs = [...all].filter(run => run.experiment === experiment);
  const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];
  return {
    metrics: distinct(runs.flatMap(run => run.metrics.map(metric => metric.name))),
    tags: distinct(runs.flatMap(run => Object.keys(run.tags))),
    parameters: distinct(runs.flatMap(run => Object.keys(run.parameters)))
  };
}
