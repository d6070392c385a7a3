import { useEffect, useRef, useState, type RefObject } from 'react';
import { asSourceError } from '../../model/errors';
import type { ISourceError } from '../../model/source';
import { isSeen } from './seen';

/** How often it is asked again while the answer may change and the view can be seen, ms. */
export const EVERY_MS = 4000;

/** How often it is looked whether the view can be seen again, ms. */
const LOOK_MS = 500;

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
 * @param place - where it is shown; nothing is asked again while that cannot be seen
 */
export function useAskedAgain<T>(
  ask: () => Promise<T>,
  key: string | null,
  live: (value: T) => boolean,
  place?: RefObject<Element>
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
    let first = true;
    const look = (): void => {
      // A view is mounted before it is laid out, so the first answer does not wait for that.
      if (first ? document.hidden : !isSeen(place?.current)) {
        timer = setTimeout(look, LOOK_MS);
        return;
      }
      first = false;
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
  }, [key, attempt, place]);
  return { ...state, again: () => setAttempt(old => old + 1) };
}
