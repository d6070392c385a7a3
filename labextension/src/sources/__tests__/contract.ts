/** What every run source has to do; each source's spec calls this with a world that it has set up. */
import { describe, expect, it } from 'vitest';
import type { ILogChunk, IRunSource, IStreams, StreamName } from '../../model/source';
import type { IRunDetail } from '../../model/types';

export const RUN = 'r1';
export const LOG = 'user_logs/std_log.txt';
export const LOG_TEXT = 'epoch 1\nepoch 2 ✓\n';
export const LOSSES = [0.9, 0.5, 0.25];

/** A world with one ended run `r1`: the metric `loss`, a log, and two children. */
export interface IWorld {
  readonly source: IRunSource;
  /** Breaks the connection and lets it heal; absent where there is none. */
  readonly interrupt?: () => Promise<void>;
  /** Appends to the log; absent where nothing changes. */
  readonly appendLog?: (text: string) => Promise<void> | void;
  readonly putRun?: (change: Partial<IRunDetail>) => Promise<void> | void;
  readonly close: () => Promise<void> | void;
}

const DEADLINE_MS = 4000;

/** Waits until a condition holds. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!condition()) {
    if (Date.now() > end) {
      throw new Error(`${what} did not come to hold within ${DEADLINE_MS} ms`);
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

/** Collects what a stream tells. */
export function collect<S extends StreamName>(
  source: IRunSource,
  stream: S,
  args: IStreams[S]['args']
): { messages: IStreams[S]['message'][]; errors: string[]; dispose: () => void } {
  const messages: IStreams[S]['message'][] = [];
  const errors: string[] = [];
  const subscription = source.subscribe(stream, args, {
    next: message => messages.push(message),
    error: error => errors.push(error.code)
  });
  return { messages, errors, dispose: () => subscription.dispose() };
}

/** Bytes of chunks as text; throws when a byte is missing or came twice. */
export function joined(chunks: readonly ILogChunk[]): string {
  let next = chunks[0]?.offset ?? 0;
  const bytes: number[] = [];
  for (const chunk of chunks) {
    expect(chunk.offset).toBe(next);
    next += chunk.data.length;
    bytes.push(...chunk.data);
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

async function withWorld(
  make: () => Promise<IWorld> | IWorld,
  act: (world: IWorld) => Promise<void>
): Promise<void> {
  const world = await make();
  try {
    await act(world);
  } finally {
    world.source.dispose();
    await world.close();
  }
}

export function describeSource(name: string, make: () => Promise<IWorld> | IWorld): void {
  const test = (what: string, act: (world: IWorld) => Promise<void>): void =>
    it(what, () => withWorld(make, act));

  describe(`${name}: the contract of a run source`, () => {
    test('answers with a run, its metrics and its children', async ({ source }) => {
      const run = await source.query('run', { run: RUN });
      expect(run.display_name).toBe('digits');
      const [series] = await source.query('metrics', { run: RUN, names: ['loss'] });
      expect(series).toMatchObject({ name: 'loss', kind: 'scalar', values: LOSSES });
      const children = await source.query('runs', { parent: RUN });
      expect(children.total).toBe(2);
      expect(children.runs.map(r => r.parent_id)).toEqual([RUN, RUN]);
    });

    test('rejects a question about a run that is not there, with its code', async ({ source }) => {
      await expect(source.query('run', { run: 'nobody' })).rejects.toMatchObject({
        code: 'run_not_found'
      });
    });

    test('tells the whole state first: run, metrics, children', async ({ source }) => {
      const run = collect(source, 'run', { run: RUN });
      const metrics = collect(source, 'metrics', { run: RUN });
      const children = collect(source, 'runs', { parent: RUN });
      await until(
        () =>
          run.messages.length > 0 && metrics.messages.length > 0 && children.messages.length > 0,
        'first messages'
      );
      expect(run.messages[0]?.id).toBe(RUN);
      expect(metrics.messages[0]?.[0]?.name).toBe('loss');
      expect(children.messages[0]?.total).toBe(2);
    });

    test('tells a log byte for byte and says when it is over', async ({ source }) => {
      const log = collect(source, 'log', { run: RUN, path: LOG, offset: 0 });
      await until(() => log.messages.some(chunk => chunk.final), 'the last chunk');
      expect(joined(log.messages)).toBe(LOG_TEXT);
    });

    test('begins a negative offset at the start of a line', async ({ source }) => {
      const log = collect(source, 'log', { run: RUN, path: LOG, offset: -14 });
      await until(() => log.messages.some(chunk => chunk.final), 'the last chunk');
      expect(joined(log.messages)).toBe('epoch 2 ✓\n');
    });

    test('says that a stream of a run which is not there is over', async ({ source }) => {
      const run = collect(source, 'run', { run: 'nobody' });
      await until(() => run.errors.length > 0, 'the error');
      expect(run.errors).toEqual(['run_not_found']);
    });

    test('tells nothing after a subscription was disposed of', async world => {
      const run = collect(world.source, 'run', { run: RUN });
      run.dispose();
      const other = collect(world.source, 'run', { run: RUN });
      await until(() => other.messages.length > 0, 'the other subscription');
      expect(run.messages).toHaveLength(0);
    });

    test('calls a connection listener at once, and no more once disposed of', async world => {
      const states: string[] = [];
      const listening = world.source.onConnection(c => states.push(c.state));
      expect(states).toEqual([world.source.connection.state]);
      listening.dispose();
      await world.interrupt?.();
      expect(states).toHaveLength(1);
    });

    test('loses nothing and tells nothing twice when the connection breaks', async world => {
      const { source, interrupt } = world;
      if (!interrupt || !world.appendLog || !world.putRun) {
        return;
      }
      await world.putRun({ status: 'Running', ended_ms: null });
      const log = collect(source, 'log', { run: RUN, path: LOG, offset: 0 });
      await until(() => joined(log.messages) === LOG_TEXT, 'the log so far');
      await world.appendLog('before\n');
      await until(() => joined(log.messages).endsWith('before\n'), 'the line before');
      await interrupt();
      await world.appendLog('after\n');
      await until(() => joined(log.messages).endsWith('after\n'), 'the line after');
      expect(joined(log.messages)).toBe(`${LOG_TEXT}before\nafter\n`);
      expect(source.connection.state).toBe('live');
    });

    test('stops a run where it can, and has no commands where it cannot', async world => {
      const { source } = world;
      if (!world.putRun) {
        expect('command' in source && source.command !== undefined).toBe(false);
        return;
      }
      await world.putRun({ status: 'Running', ended_ms: null });
      const run = await source.command?.('cancel', { run: RUN });
      expect(run).toMatchObject({ id: RUN, status: 'CancelRequested' });
    });
  });
}
