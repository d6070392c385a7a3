import { useCallback, useEffect, useState } from 'react';
import { asSourceError } from '../../model/errors';
import type { IRunSource } from '../../model/source';
import type { IFileEntry } from '../../model/types';

export interface IFilesState {
  /** Null until the first answer. */
  readonly files: readonly IFileEntry[] | null;
  /** There are more than the answer holds. */
  readonly truncated: boolean;
  readonly error: string | null;
  readonly reload: () => void;
}

/**
 * The files of a run.
 *
 * @param every - asks again each so many ms while the run is at work and the list is looked at; null: once
 * @param stamp - asks again when this changes (the run's state)
 */
export function useFiles(
  source: IRunSource,
  run: string,
  every: number | null,
  stamp: string
): IFilesState {
  const [state, setState] = useState<Omit<IFilesState, 'reload'>>({
    files: null,
    truncated: false,
    error: null
  });
  const [asked, setAsked] = useState(0);
  const reload = useCallback(() => setAsked(n => n + 1), []);
  useEffect(() => {
    let wanted = true;
    const ask = (): void => {
      source.query('files', { run }).then(
        answer => {
          if (wanted) {
            setState({ ...answer, error: null });
          }
        },
        (reason: unknown) => {
          if (wanted) {
            setState(old => ({ ...old, error: asSourceError(reason).message }));
          }
        }
      );
    };
    ask();
    const timer = every === null ? null : setInterval(ask, every);
    return () => {
      wanted = false;
      if (timer !== null) {
        clearInterval(timer);
      }
    };
  }, [source, run, every, stamp, asked]);
  return { ...state, reload };
}
