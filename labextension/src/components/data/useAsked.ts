import { useEffect, useState } from 'react';
import { asSourceError } from '../../model/errors';
import type { ISourceError } from '../../model/source';

export interface IAsked<T> {
  readonly value: T | null;
  readonly error: ISourceError | null;
}

const NOTHING = { value: null, error: null };

/**
 * The answer to a question; null while it is awaited.
 *
 * @param ask - null asks nothing
 * @param key - the question is asked again when this changes
 */
export function useAsked<T>(ask: (() => Promise<T>) | null, key: string): IAsked<T> {
  const [state, setState] = useState<IAsked<T>>(NOTHING);
  const asks = ask !== null;
  useEffect(() => {
    setState(NOTHING);
    if (!ask) {
      return;
    }
    let wanted = true;
    ask().then(
      value => wanted && setState({ value, error: null }),
      (reason: unknown) => wanted && setState({ value: null, error: asSourceError(reason) })
    );
    return () => {
      wanted = false;
    };
    // The key stands for what is asked.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, asks]);
  return state;
}
