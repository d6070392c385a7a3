import { useEffect, useState } from 'react';
import type { IRunSource, ISourceError } from '../../model/source';
import type { ISweep, ITrial } from '../../model/trials';

export interface ITrialsState {
  readonly sweep: ISweep | null;
  /** In the order in which they were tried. */
  readonly trials: readonly ITrial[];
  /** False until the first answer. */
  readonly ready: boolean;
  readonly error: ISourceError | null;
}

const NOTHING: ITrialsState = { sweep: null, trials: [], ready: false, error: null };

/** The trials known so far with those that changed in their places, and without those that are gone. */
export function mergeTrials(
  old: readonly ITrial[],
  changed: readonly ITrial[],
  gone: readonly string[] = []
): readonly ITrial[] {
  const all = new Map(old.map(one => [one.run_id, one]));
  changed.forEach(one => all.set(one.run_id, one));
  gone.forEach(runId => all.delete(runId));
  return [...all.values()].sort((a, b) => a.trial - b.trial);
}

/** A sweep and its trials, live. */
export function useTrials(source: IRunSource, runId: string): ITrialsState {
  const [state, setState] = useState(NOTHING);
  useEffect(() => {
    setState(NOTHING);
    const subscription = source.subscribe(
      'trials',
      { run: runId },
      {
        next: ({ sweep, trials, gone }) =>
          setState(old => ({
            sweep: sweep ?? old.sweep,
            trials: mergeTrials(old.trials, trials, gone),
            ready: true,
            error: null
          })),
        error: error => setState(old => ({ ...old, error }))
      }
    );
    return () => subscription.dispose();
  }, [source, runId]);
  return state;
}
