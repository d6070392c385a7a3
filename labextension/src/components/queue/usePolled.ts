import { useEffect, useState } from 'react';
import { asSourceError } from '../../model/errors';
import type { IQueries, IRunSource, ISourceError } from '../../model/source';
import type { HistorySpan } from '../../model/machine';

type HistoryName = 'machineHistory' | 'queueHistory';

/** Ms between two questions: a pixel of each span's width is some seconds, minutes, a quarter of an hour. */
const EVERY_MS: Readonly<Record<HistorySpan, number>> = {
  hour: 10_000,
  day: 60_000,
  week: 300_000
};

export interface IPolled<T> {
  readonly value: T | null;
  readonly error: ISourceError | null;
}

/**
 * A history, asked for again and again while it is shown; the last one stays until the next has come, or a failure.
 *
 * @param again - asks anew when it changes
 */
export function usePolled<N extends HistoryName>(
  source: IRunSource,
  name: N,
  span: HistorySpan,
  again = 0
): IPolled<IQueries[N]['answer']> {
  type Answer = IQueries[N]['answer'];
  const [state, setState] = useState<IPolled<Answer>>({ value: null, error: null });
  useEffect(() => {
    let wanted = true;
    const ask = (): void => {
      source.query(name, { span }).then(
        value => wanted && setState({ value, error: null }),
        (reason: unknown) =>
          wanted && setState(old => ({ value: old.value, error: asSourceError(reason) }))
      );
    };
    ask();
    const timer = setInterval(() => document.hidden || ask(), EVERY_MS[span]);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [source, name, span, again]);
  return state;
}
