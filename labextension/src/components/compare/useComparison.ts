import { useEffect, useRef, useState } from 'react';
import type { ComparedSeries, IComparison } from '../../model/compare';
import { asSourceError } from '../../model/errors';
import type { IRunSource, ISourceError } from '../../model/source';
import { isEnded } from '../../model/state';

/** How often it is asked again while a run is at work and the page can be seen, ms. */
const EVERY_MS = 4000;
/** Lines of many runs need fewer points each. */
const POINTS = 400;

export interface IAskedAgain<T> {
  readonly value: T | null;
  readonly error: ISourceError | null;
  readonly again: () => void;
}

/**
 * The answer to a question, asked again every few seconds while it may change. The last answer stays until the next.
 *
 * @param key - another question when this changes; null asks nothing
 * @param live - whether the answer may change
 */
function useAskedAgain<T>(
  ask: () => Promise<T>,
  key: string | null,
  live: (value: T) => boolean
): IAskedAgain<T> {
  const [state, setState] = useState<{ value: T | null; error: ISourceError | null }>({
    value: null,
    error: null
  });
  const [attempt, setAttempt] = useState(0);
  const latest = useRef({ ask, live });
  latest.current = { ask, live };
  useEffect(() => {
    if (key === null) {
      setState({ value: null, error: null });
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wanted = true;
    const look = (): void => {
      if (document.hidden) {
        timer = setTimeout(look, EVERY_MS);
        return;
      }
      latest.current.ask().then(
        value => {
          if (wanted) {
            setState({ value, error: null });
            if (latest.current.live(value)) {
              timer = setTimeout(look, EVERY_MS);
            }
          }
        },
        (reason: unknown) => {
          if (wanted) {
            setState(old => ({ ...old, error: asSourceError(reason) }));
            timer = setTimeout(look, EVERY_MS);
          }
        }
      );
    };
    look();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [key, attempt]);
  return { ...state, again: () => setAttempt(old => old + 1) };
}

/** What is known of the runs, side by side. */
export const useComparison = (
  source: IRunSource,
  runs: readonly string[]
): IAskedAgain<IComparison> =>
  useAskedAgain(
    () => source.query('comparison', { runs }),
    runs.length === 0 ? null : runs.join('\n'),
    found => found.runs.some(run => !isEnded(run.status))
  );

/** Curves of some metrics of the runs; they may grow while `live`. */
export const useComparedSeries = (
  source: IRunSource,
  runs: readonly string[],
  names: readonly string[],
  live: boolean
): IAskedAgain<ComparedSeries> =>
  useAskedAgain(
    () => source.query('comparedMetrics', { runs, names, points: POINTS }),
    runs.length === 0 || names.length === 0 ? null : [...runs, '', ...names, live].join('\n'),
    () => live
  );
