import { useEffect, useState } from 'react';
import type { IRunSource, ISourceError } from '../../model/source';
import type { MetricSeries } from '../../model/types';

export interface IMetricsState {
  /** Every series of the run in the order of its first appearance. */
  readonly series: readonly MetricSeries[];
  /** False until the first answer. */
  readonly ready: boolean;
  readonly error: ISourceError | null;
}

const NOTHING: IMetricsState = { series: [], ready: false, error: null };

/** Series known so far with the changed ones replaced; the others keep their identity, so their charts stay as they are. */
export function mergeSeries(
  old: readonly MetricSeries[],
  changed: readonly MetricSeries[]
): readonly MetricSeries[] {
  const fresh = new Map(changed.map(one => [one.name, one]));
  const kept = old.map(one => {
    const next = fresh.get(one.name);
    fresh.delete(one.name);
    return next ?? one;
  });
  return fresh.size === 0 ? kept : [...kept, ...fresh.values()];
}

/**
 * Metrics of a run, live; scalars thinned to `points`.
 *
 * @param names - the metrics wanted, of any kind; absent: every scalar; null: none
 */
export function useMetrics(
  source: IRunSource,
  runId: string,
  names?: readonly string[] | null,
  points = 1000
): IMetricsState {
  const [state, setState] = useState(NOTHING);
  const key = names === undefined ? undefined : JSON.stringify(names);
  useEffect(() => {
    setState(NOTHING);
    const wanted = key === undefined ? undefined : (JSON.parse(key) as string[] | null);
    if (wanted === null) {
      return;
    }
    const subscription = source.subscribe(
      'metrics',
      { run: runId, points, ...(wanted ? { names: wanted } : {}) },
      {
        next: changed =>
          setState(old => ({
            series: mergeSeries(old.series, changed),
            ready: true,
            error: null
          })),
        error: error => setState(old => ({ ...old, error }))
      }
    );
    return () => subscription.dispose();
  }, [source, runId, points, key]);
  return state;
}
