/**
 * A workspace in memory. Longer than most files: the world, the ways to move it and the source over it share every
 * field, and a test reads best when all of it stands in one place.
 */
import { SourceError } from '../model/errors';
import type {
  CommandName,
  Connection,
  ICommands,
  IDisposable,
  IQueries,
  IRunSource,
  IStreams,
  ISubscriber,
  QueryName,
  StreamName
} from '../model/source';
import { isEnded } from '../model/state';
import type {
  IFileEntry,
  IMachineInfo,
  IQueueInfo,
  IRunDetail,
  JsonNumber,
  MetricSeries
} from '../model/types';
import { encodeText, startAt, startOfLine } from './bytes';
import { ConnectionState } from './connection';
import { selectRuns } from './select';

/** What a fake workspace holds. */
export interface IFakeWorld {
  readonly runs?: readonly IRunDetail[];
  /** Series by run id. */
  readonly metrics?: Readonly<Record<string, readonly MetricSeries[]>>;
  /** Text of files by run id and path. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly machine?: IMachineInfo;
  readonly queue?: IQueueInfo;
  /** Commands are absent. */
  readonly readOnly?: boolean;
  /** First answers wait until `release()`. */
  readonly held?: boolean;
}

const MACHINE: IMachineInfo = {
  cpu_count: 16,
  cpu_used: 9.4,
  memory_total: 128e9,
  memory_used: 41e9,
  gpus: []
};
const QUEUE: IQueueInfo = {
  slots: { total: 16, free: 0 },
  entries: [],
  ends_with_server: false
};

interface IFollower {
  readonly stream: StreamName;
  /** Tells what changed since the last time; called for every change while connected. */
  tell(): void;
}

/** A workspace in memory that a test or the gallery moves by hand: runs, metrics and logs change, connections break. */
export class FakeRunSource implements IRunSource {
  readonly command?: IRunSource['command'];
  /** Every command that was given, in order. */
  readonly commands: { name: CommandName; args: object }[] = [];
  private readonly state = new ConnectionState({ state: 'live' });
  private readonly runs = new Map<string, IRunDetail>();
  private readonly metrics = new Map<string, Map<string, MetricSeries>>();
  private readonly files = new Map<string, Map<string, Uint8Array>>();
  private readonly followers = new Set<IFollower>();
  private machine: IMachineInfo;
  private queue: IQueueInfo;
  private held: boolean;
  private online = true;

  constructor(world: IFakeWorld = {}) {
    this.machine = world.machine ?? MACHINE;
    this.queue = world.queue ?? QUEUE;
    this.held = world.held ?? false;
    world.runs?.forEach(run => this.runs.set(run.id, run));
    Object.entries(world.metrics ?? {}).forEach(([run, all]) =>
      this.metrics.set(run, new Map(all.map(series => [series.name, series])))
    );
    Object.entries(world.files ?? {}).forEach(([run, all]) =>
      Object.entries(all).forEach(([path, text]) => this.file(run, path, encodeText(text)))
    );
    if (!world.readOnly) {
      this.command = (name, args) => this.obey(name, args);
    }
  }

  get connection(): Connection {
    return this.state.current;
  }

  /** Subscriptions that are open. */
  get following(): number {
    return this.followers.size;
  }

  // ---- moving the world

  putRun(run: IRunDetail): void {
    this.runs.set(run.id, run);
    this.changed('runs', 'run', 'log');
  }

  /** Changes some fields of a run that is there. */
  patchRun(id: string, change: Partial<IRunDetail>): IRunDetail {
    const run = { ...this.get(id), ...change };
    this.putRun(run);
    return run;
  }

  removeRun(id: string): void {
    this.runs.delete(id);
    this.changed('runs', 'run');
  }

  appendMetric(run: string, name: string, step: number, value: JsonNumber): void {
    const all = this.metrics.get(run) ?? new Map<string, MetricSeries>();
    const old = all.get(name);
    const base = old?.kind === 'scalar' ? old : { steps: [], times_ms: [], values: [] };
    const values = [...base.values, value];
    all.set(name, {
      name,
      kind: 'scalar',
      count: values.length,
      steps: [...base.steps, step],
      times_ms: [...base.times_ms, Date.now()],
      values,
      downsampled: false
    });
    this.metrics.set(run, all);
    this.changed('metrics');
  }

  appendLog(run: string, path: string, text: string): void {
    const old = this.files.get(run)?.get(path) ?? new Uint8Array();
    this.file(run, path, concat(old, encodeText(text)));
    this.changed('log');
  }

  setMachine(machine: IMachineInfo): void {
    this.machine = machine;
    this.changed('machine');
  }

  setQueue(queue: IQueueInfo): void {
    this.queue = queue;
    this.changed('queue');
  }

  /** Breaks the connection: nothing is told until `heal`. */
  lose(retryIn = 8000, since = Date.now()): void {
    this.online = false;
    this.state.set({ state: 'lost', since, retry: Date.now() + retryIn });
  }

  heal(): void {
    this.online = true;
    this.state.set({ state: 'live' });
    this.changed('runs', 'run', 'metrics', 'log', 'queue', 'machine');
  }

  /** Makes it a picture saved at a time. */
  save(at: number): void {
    this.state.set({ state: 'saved', at });
  }

  /** Lets a held world answer. */
  release(): void {
    this.held = false;
    this.changed('runs', 'run', 'metrics', 'log', 'queue', 'machine');
  }

  // ---- the source

  async query<Q extends QueryName>(
    name: Q,
    args: IQueries[Q]['args']
  ): Promise<IQueries[Q]['answer']> {
    await Promise.resolve();
    if (!this.online) {
      throw new SourceError('network', 'The Jupyter server cannot be reached.');
    }
    return (this.answers[name] as (args: unknown) => IQueries[Q]['answer'])(args);
  }

  subscribe<S extends StreamName>(
    stream: S,
    args: IStreams[S]['args'],
    subscriber: ISubscriber<IStreams[S]['message']>
  ): IDisposable {
    const next = this.reader(stream, args);
    const follower: IFollower = {
      stream,
      tell: () => {
        if (!this.online || this.held || !this.followers.has(follower)) {
          return;
        }
        try {
          const message = next();
          if (message !== null) {
            subscriber.next(message);
          }
        } catch (reason) {
          if (!(reason instanceof SourceError)) {
            throw reason;
          }
          this.followers.delete(follower);
          subscriber.error?.(reason);
        }
      }
    };
    this.followers.add(follower);
    queueMicrotask(() => follower.tell());
    return { dispose: () => void this.followers.delete(follower) };
  }

  fileUrl(run: string, path: string, download = false): string | null {
    return `/files/${run}/${path}${download ? '?download=1' : ''}`;
  }

  pageUrl(relative: string): string | null {
    return `/${relative}`;
  }

  onConnection(listener: (connection: Connection) => void): IDisposable {
    return this.state.listen(listener);
  }

  retryNow(): void {
    this.heal();
  }

  dispose(): void {
    this.followers.clear();
    this.state.dispose();
  }

  private changed(...streams: StreamName[]): void {
    for (const follower of [...this.followers]) {
      if (streams.includes(follower.stream)) {
        follower.tell();
      }
    }
  }

  private get(id: string): IRunDetail {
    const run = this.runs.get(id);
    if (!run) {
      throw new SourceError('run_not_found', `There is no run ${id}.`);
    }
    return run;
  }

  private file(run: string, path: string, data: Uint8Array): void {
    const files = this.files.get(run) ?? new Map<string, Uint8Array>();
    files.set(path, data);
    this.files.set(run, files);
  }

  /** A stream's next message whenever it is asked for; null when nothing is new. */
  private reader<S extends StreamName>(
    stream: S,
    args: IStreams[S]['args']
  ): () => IStreams[S]['message'] | null {
    const name: StreamName = stream;
    if (name === 'log') {
      return this.logReader(args as IStreams['log']['args']);
    }
    const answer: (args: never) => unknown = this.answers[name];
    return () => answer(args as never) as IStreams[S]['message'];
  }

  private logReader(args: IStreams['log']['args']): () => IStreams['log']['message'] | null {
    let from: number | null = null;
    let ended = false;
    return () => {
      const data = this.files.get(args.run)?.get(args.path) ?? new Uint8Array();
      const final = isEnded(this.get(args.run).status);
      from ??= startOfLine(data, args.offset);
      const chunk = { offset: from, data: data.slice(from), end: data.length, final };
      if (chunk.data.length === 0 && final === ended) {
        return null;
      }
      ended = final;
      from = data.length;
      return chunk;
    };
  }

  private readonly answers: {
    [Q in QueryName]: (args: IQueries[Q]['args']) => IQueries[Q]['answer'];
  } = {
    workspaces: () => [{ id: 'ws', name: 'demo', is_default: true, created_ms: 0 }],
    experiments: () => [],
    runs: args => selectRuns(this.runs.values(), args),
    run: ({ run }) => this.get(run),
    metrics: ({ run, names }) => {
      this.get(run);
      const all = [...(this.metrics.get(run)?.values() ?? [])];
      return names ? all.filter(s => names.includes(s.name)) : all;
    },
    files: ({ run }) => {
      this.get(run);
      const files = [...(this.files.get(run) ?? [])].map(([path, data]): IFileEntry => ({
        path,
        size: data.length,
        modified_ms: Date.now()
      }));
      return { files, truncated: false };
    },
    bytes: ({ run, path, offset, length }) => {
      const data = this.files.get(run)?.get(path) ?? new Uint8Array();
      const start = startAt(offset, data.length);
      return { offset: start, end: data.length, data: data.slice(start, start + length) };
    },
    queue: () => this.queue,
    machine: () => this.machine
  };

  private async obey<C extends CommandName>(
    name: C,
    args: ICommands[C]['args']
  ): Promise<ICommands[C]['answer']> {
    await Promise.resolve();
    this.commands.push({ name, args });
    const act = this.actions[name] as (args: ICommands[C]['args']) => ICommands[C]['answer'];
    return act(args);
  }

  private readonly actions: {
    [C in CommandName]: (args: ICommands[C]['args']) => ICommands[C]['answer'];
  } = {
    cancel: ({ run }) => this.patchRun(run, { status: 'CancelRequested', reason: 'Stop sent.' }),
    rerun: ({ run }) => {
      const old = this.get(run);
      const again: IRunDetail = {
        ...old,
        id: `${old.id}_again`,
        number: this.runs.size + 1,
        status: 'Queued',
        created_ms: Date.now(),
        started_ms: null,
        ended_ms: null
      };
      this.putRun(again);
      return again;
    },
    update: ({ run, tags, remove_tags, ...change }) => {
      const merged = { ...this.get(run).tags, ...tags };
      const kept = Object.entries(merged).filter(([key]) => !remove_tags?.includes(key));
      return this.patchRun(run, { ...change, tags: Object.fromEntries(kept) });
    },
    delete: ({ run }) => this.removeRun(run),
    tensorboard: ({ runs }) => ({
      id: 'tb',
      url: 'ml-jupyter/tensorboards/tb/',
      run_ids: runs,
      workspace_id: 'ws',
      started_ms: Date.now()
    }),
    stopTensorboard: () => undefined
  };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
