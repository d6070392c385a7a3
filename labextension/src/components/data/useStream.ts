import { useEffect, useState } from 'react';
import type { IRunSource, ISourceError, IStreams, StreamName } from '../../model/source';

export interface IStreamState<M> {
  /** The newest message; null until the first one. */
  readonly value: M | null;
  /** Why the stream is over; null while it goes on. */
  readonly error: ISourceError | null;
}

/**
 * The newest message of a stream whose messages are whole (runs, run, queue, machine).
 *
 * @param args - compared by content, so an object written in place is fine; null subscribes to nothing. The last
 *   value stays visible while new arguments are being answered, unless `key` changes.
 */
export function useStream<S extends StreamName>(
  source: IRunSource,
  stream: S,
  args: IStreams[S]['args'] | null
): IStreamState<IStreams[S]['message']> {
  type Message = IStreams[S]['message'];
  const [state, setState] = useState<IStreamState<Message>>({ value: null, error: null });
  const key = JSON.stringify(args);
  useEffect(() => {
    const parsed = JSON.parse(key) as IStreams[S]['args'] | null;
    if (parsed === null) {
      setState({ value: null, error: null });
      return;
    }
    const subscription = source.subscribe(stream, parsed, {
      next: (value: Message) => setState({ value, error: null }),
      error: error => setState(old => ({ value: old.value, error }))
    });
    return () => subscription.dispose();
  }, [source, stream, key]);
  return state;
}
