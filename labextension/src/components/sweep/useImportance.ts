import { useEffect, useRef, useState } from 'react';
import { asSourceError } from '../../model/errors';
import type { IRunSource, ISourceError } from '../../model/source';
import type { IImportance } from '../../model/trials';

/** Least time between two questions while trials end one after the other, ms. */
const EVERY_MS = 10_000;

export interface IImportanceState {
  readonly value: IImportance | null;
  readonly error: ISourceError | null;
}

/**
 * Which parameters mattered; asked again after trials have ended, the old answer staying until the new one has come.
 *
 * @param ended - how many trials have ended
 */
export function useImportance(source: IRunSource, runId: string, ended: number): IImportanceState {
  const [state, setState] = useState<IImportanceState>({ value: null, error: null });
  const asked = useRef(-Infinity);
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(
      () => {
        asked.current = Date.now();
        source.query('importance', { run: runId }).then(
          value => wanted && setState({ value, error: null }),
          (reason: unknown) => wanted && setState(old => ({ ...old, error: asSourceError(reason) }))
        );
      },
      Math.max(0, asked.current + EVERY_MS - Date.now())
    );
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [source, runId, ended]);
  return state;
}
