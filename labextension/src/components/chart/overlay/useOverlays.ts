import { useEffect, useMemo, useRef, useState } from 'react';
import type { IRunSource } from '../../../model/source';
import type { IRunDetail, MetricSeries } from '../../../model/types';
import { mergeSeries } from '../useMetrics';
import { MOST_OVERLAYS, colours, isLive, type IOverlay } from './lines';

const POINTS = 1000;

interface IKnown {
  readonly run: IRunDetail | null;
  readonly series: readonly MetricSeries[];
}

/** What is known of several runs, live; runs that are gone are left out. */
function useRuns(source: IRunSource, ids: readonly string[]): ReadonlyMap<string, IKnown> {
  const [known, setKnown] = useState<ReadonlyMap<string, IKnown>>(new Map());
  const key = ids.join('\n');
  useEffect(() => {
    const wanted = key === '' ? [] : key.split('\n');
    const learn = (id: string, change: (old: IKnown) => IKnown): void =>
      setKnown(old => new Map([...old, [id, change(old.get(id) ?? { run: null, series: [] })]]));
    const subscriptions = wanted.flatMap(id => [
      source.subscribe(
        'run',
        { run: id },
        { next: run => learn(id, old => ({ ...old, run })), error: () => undefined }
      ),
      source.subscribe(
        'metrics',
        { run: id, points: POINTS },
        {
          next: changed => learn(id, old => ({ ...old, series: mergeSeries(old.series, changed) })),
          error: () => undefined
        }
      )
    ]);
    setKnown(old => new Map([...old].filter(([id]) => wanted.includes(id))));
    return () => subscriptions.forEach(one => one.dispose());
  }, [source, key]);
  return known;
}

export interface IOverlaysState {
  readonly overlays: readonly IOverlay[];
  readonly add: (ids: readonly string[]) => void;
  readonly remove: (id: string) => void;
  readonly toggle: (id: string) => void;
}

/**
 * Runs laid over the page's own one.
 *
 * @param first - their ids, separated by commas, when the view is opened
 * @param onIds - told the ids whenever they change; undefined for none
 */
export function useOverlays(
  source: IRunSource,
  own: string,
  first: string | undefined,
  onIds: (ids: string | undefined) => void
): IOverlaysState {
  const [ids, setIds] = useState<readonly string[]>(() => (first ? first.split(',') : []));
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const known = useRuns(source, ids);
  const painted = useRef<ReadonlyMap<string, number>>(new Map());
  const change = (next: readonly string[]): void => {
    const few = [...new Set(next)].filter(id => id !== own).slice(0, MOST_OVERLAYS);
    setIds(few);
    onIds(few.length === 0 ? undefined : few.join(','));
  };
  const overlays = useMemo(() => {
    painted.current = colours(ids, painted.current);
    return ids.flatMap((id): IOverlay[] => {
      const { run, series = [] } = known.get(id) ?? {};
      return run
        ? [
            {
              id,
              name: run.display_name,
              number: run.number,
              colour: painted.current.get(id) ?? 1,
              hidden: hidden.has(id),
              live: isLive(run),
              series
            }
          ]
        : [];
    });
  }, [ids, known, hidden]);
  return {
    overlays,
    add: more => change([...ids, ...more]),
    remove: id => change(ids.filter(one => one !== id)),
    toggle: id =>
      setHidden(old => {
        const next = new Set(old);
        if (!next.delete(id)) {
          next.add(id);
        }
        return next;
      })
  };
}
