import { useEffect, useState } from 'react';
import type { IRunSource } from '../../model/source';
import type { MetricSeries } from '../../model/types';
import { mergeSeries } from '../chart/useMetrics';

const POINTS = 500;

type Courses = ReadonlyMap<string, readonly MetricSeries[]>;

/** The courses of some metrics in some runs, live, by the run's id. */
export function useCourses(
  source: IRunSource,
  runs: readonly string[],
  names: readonly string[]
): Courses {
  const [courses, setCourses] = useState<Courses>(new Map());
  const key = JSON.stringify([runs, names]);
  useEffect(() => {
    const [ids, wanted] = JSON.parse(key) as [string[], string[]];
    setCourses(old => new Map([...old].filter(([id]) => ids.includes(id))));
    if (wanted.length === 0) {
      return;
    }
    const subscriptions = ids.map(run =>
      source.subscribe(
        'metrics',
        { run, names: wanted, points: POINTS },
        {
          next: changed =>
            setCourses(old => new Map(old).set(run, mergeSeries(old.get(run) ?? [], changed))),
          // Deleted meanwhile: the table leaves it out too.
          error: () => undefined
        }
      )
    );
    return () => subscriptions.forEach(one => one.dispose());
  }, [source, key]);
  return courses;
}
