import { useCallback, useEffect, useRef, useState } from 'react';
import { asSourceError } from '../../model/errors';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { ITensorBoardInfo } from '../../model/types';

export type TensorBoardState =
  | { readonly state: 'idle' }
  | { readonly state: 'starting' }
  | { readonly state: 'running'; readonly board: ITensorBoardInfo; readonly url: string }
  | { readonly state: 'stopped' }
  | { readonly state: 'failed'; readonly message: string };

export interface ITensorBoard {
  readonly now: TensorBoardState;
  readonly start: () => void;
  readonly stop: () => void;
}

/** A TensorBoard of one run: started and stopped on demand. */
export function useTensorBoard(source: IRunSource, run: string): ITensorBoard {
  const [now, setNow] = useState<TensorBoardState>({ state: 'idle' });
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    setNow({ state: 'idle' });
    return () => {
      alive.current = false;
    };
  }, [source, run]);
  const tell = useCallback((next: TensorBoardState) => {
    if (alive.current) {
      setNow(next);
    }
  }, []);
  const fail = useCallback(
    (reason: unknown) => tell({ state: 'failed', message: asSourceError(reason).message }),
    [tell]
  );

  const start = useCallback(() => {
    if (!source.command) {
      return;
    }
    setNow({ state: 'starting' });
    source.command('tensorboard', { runs: [run] }).then(board => {
      const url = source.pageUrl(board.url);
      tell(
        url === null
          ? { state: 'failed', message: trans.__('There is no server to show it from.') }
          : { state: 'running', board, url }
      );
    }, fail);
  }, [source, run, tell, fail]);

  const stop = useCallback(() => {
    if (now.state === 'running' && source.command) {
      source
        .command('stopTensorboard', { id: now.board.id })
        .then(() => tell({ state: 'stopped' }), fail);
    }
  }, [source, now, tell, fail]);
  return { now, start, stop };
}
