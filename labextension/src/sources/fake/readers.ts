/** A fake workspace's streams: the next message of each whenever it is asked for. */
import type { IStreams, StreamName } from '../../model/source';
import { isEnded } from '../../model/state';
import { startOfLine } from '../bytes';
import type { Answers } from './answers';
import { lineAt } from './logText';
import type { World } from './world';

/** A log's next bytes; null when there are none and the run has not ended since. */
function logReader(
  world: World,
  args: IStreams['log']['args']
): () => IStreams['log']['message'] | null {
  let from: number | null = null;
  let ended = false;
  return () => {
    const data = world.read(args.run, args.path);
    const final = isEnded(world.run(args.run).status);
    from ??= startOfLine(data, args.offset);
    const line = lineAt(data, from);
    const chunk = { offset: from, line, data: data.slice(from), end: data.length, final };
    if (chunk.data.length === 0 && final === ended) {
      return null;
    }
    ended = final;
    from = data.length;
    return chunk;
  };
}

/** A stream's next message whenever it is asked for; null when nothing is new. */
export function readerOf<S extends StreamName>(
  world: World,
  answers: Answers,
  stream: S,
  args: IStreams[S]['args']
): () => IStreams[S]['message'] | null {
  const name: StreamName = stream;
  if (name === 'log') {
    return logReader(world, args as IStreams['log']['args']);
  }
  const answer: (args: never) => unknown = answers[name];
  return () => answer(args as never) as IStreams[S]['message'];
}
