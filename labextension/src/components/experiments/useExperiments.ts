import { useCallback, useEffect, useRef, useState } from 'react';
import { asSourceError } from '../../model/errors';
import type { IRunSource, ISourceError } from '../../model/source';
import type { IExperimentInfo } from '../../model/types';
import { useStream } from '../data/useStream';

/** The list is asked for again at most this often while runs change, in ms. */
const CALM_MS = 1500;

interface IExperiments {
  /** Null until the first answer. */
  readonly all: readonly IExperimentInfo[] | null;
  readonly canWrite: boolean;
  readonly error: ISourceError | null;
  /** Asks again now: something was changed here. */
  readonly refresh: () => void;
}

/** The experiments of the workspace; asked for again when a run begins, ends or is changed. */
export function useExperiments(source: IRunSource, archived: boolean): IExperiments {
  const [state, setState] = useState<Omit<IExperiments, 'refresh'>>({
    all: null,
    canWrite: false,
    error: null
  });
  const [asked, setAsked] = useState(0);
  const { value } = useStream(source, 'runs', { limit: 1 });
  const last = useRef(0);
  const refresh = useCallback(() => setAsked(old => old + 1), []);
  useEffect(() => {
    const timer = setTimeout(refresh, Math.max(0, last.current + CALM_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [value, refresh]);
  useEffect(() => setState(old => ({ ...old, all: null })), [source, archived]);
  useEffect(() => {
    let wanted = true;
    last.current = Date.now();
    source.query('experiments', { archived }).then(
      ({ experiments, can_write }) =>
        wanted && setState({ all: experiments, canWrite: can_write, error: null }),
      (reason: unknown) => wanted && setState(old => ({ ...old, error: asSourceError(reason) }))
    );
    return () => {
      wanted = false;
    };
  }, [source, archived, asked]);
  return { ...state, refresh };
}
