import { useEffect, useState } from 'react';
import { asSourceError } from '../../model/errors';
import type { IRunSource } from '../../model/source';

export interface IHeadState {
  readonly data: Uint8Array | null;
  /** The data is the whole file. */
  readonly whole: boolean;
  readonly error: string | null;
}

const NOTHING: IHeadState = { data: null, whole: false, error: null };

/**
 * The first bytes of a file of a run.
 *
 * @param length - how many are asked for; 0 asks for nothing
 */
export function useHead(source: IRunSource, run: string, path: string, length: number): IHeadState {
  const [state, setState] = useState(NOTHING);
  useEffect(() => {
    setState(NOTHING);
    if (length === 0) {
      return;
    }
    let wanted = true;
    source.query('bytes', { run, path, offset: 0, length }).then(
      answer => {
        if (wanted) {
          setState({ data: answer.data, whole: answer.end <= answer.data.length, error: null });
        }
      },
      (reason: unknown) => {
        if (wanted) {
          setState({ data: null, whole: false, error: asSourceError(reason).message });
        }
      }
    );
    return () => {
      wanted = false;
    };
  }, [source, run, path, length]);
  return state;
}
