import type { RefObject } from 'react';
import type { ComparedSeries, IComparison } from '../../model/compare';
import type { IRunSource } from '../../model/source';
import { isEnded } from '../../model/state';
import { useAskedAgain, type IAskedAgain } from '../data/useAskedAgain';

/** Lines of many runs need fewer points each. */
const POINTS = 400;

/** What is known of the runs, side by side. */
export const useComparison = (
  source: IRunSource,
  runs: readonly string[],
  place: RefObject<Element>
): IAskedAgain<IComparison> =>
  useAskedAgain(
    () => source.query('comparison', { runs }),
    runs.length === 0 ? null : runs.join('\n'),
    found => found.runs.some(run => !isEnded(run.status)),
    place
  );

/** Curves of some metrics of the runs; they may grow while `live`. */
export const useComparedSeries = (
  source: IRunSource,
  runs: readonly string[],
  names: readonly string[],
  live: boolean,
  place: RefObject<Element>
): IAskedAgain<ComparedSeries> =>
  useAskedAgain(
    () => source.query('comparedMetrics', { runs, names, points: POINTS }),
    runs.length === 0 || names.length === 0 ? null : [...runs, '', ...names, live].join('\n'),
    () => live,
    place
  );
