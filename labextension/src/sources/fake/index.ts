import { SourceError } from '../../model/errors';
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
} from '../../model/source';
import type { IMachineInfo, IQueueInfo, IRunDetail, JsonNumber } from '../../model/types';
import { ConnectionState } from '../connection';
import { actionsOf, answersOf } from './answers';
import { readerOf } from './readers';
import { World, type IFakeWorld } from './world';

export type { IFakeWorld } from './world';

const ALL: readonly StreamName[] = [
  'runs',
  'run',
  'metrics',
  'log',
  'system',
  'trials',
  'queue',
  'machine'
];

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
  private readonly followers = new Set<IFollower>();
  private readonly world: World;
  private readonly answers: ReturnType<typeof answersOf>;
  private held: boolean;
  private online = true;

  constructor(world: IFakeWorld = {}) {
    this.world = new World(world, (...streams) => this.tell(streams));
    this.answers = answersOf(this.world);
    this.held = world.held ?? false;
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
    this.world.putRun(run);
  }

  /** Changes some fields of a run that is there. */
  patchRun(id: string, change: Partial<IRunDetail>): IRunDetail {
    return this.world.patchRun(id, change);
  }

  removeRun(id: string): void {
    this.world.removeRun(id);
  }

  appendMetric(run: string, name: string, step: number, value: JsonNumber): void {
    this.world.appendMetric(run, name, step, value);
  }

  appendLog(run: string, path: string, text: string): void {
    this.world.append(run, path, text);
  }

  setMachine(machine: IMachineInfo): void {
    this.world.machine = machine;
    this.tell(['machine']);
  }

  setQueue(queue: IQueueInfo): void {
    this.world.queue = queue;
    this.tell(['queue']);
  }

  /** Breaks the connection: nothing is told until `heal`. */
  lose(retryIn = 8000, since = Date.now()): void {
    this.online = false;
    this.state.set({ state: 'lost', since, retry: Date.now() + retryIn });
  }

  heal(): void {
    this.online = true;
    this.state.set({ state: 'live' });
    this.tell(ALL);
  }

  /** Makes it a picture saved at a time. */
  save(at: number): void {
    this.state.set({ state: 'saved', at });
  }

  /** Lets a held world answer. */
  release(): void {
    this.held = false;
    this.tell(ALL);
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
    const next = readerOf(this.world, this.answers, stream, args);
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

  modelFileUrl(name: string, version: number, path: string): string | null {
    return `/models/${name}/${version}/${path}`;
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

  private tell(streams: readonly StreamName[]): void {
    for (const follower of [...this.followers]) {
      if (streams.includes(follower.stream)) {
        follower.tell();
      }
    }
  }

  private async obey<C extends CommandName>(
    name: C,
    args: ICommands[C]['args']
  ): Promise<ICommands[C]['answer']> {
    await Promise.resolve();
    this.commands.push({ name, args });
    const act = actionsOf(this.world)[name] as (
      args: ICommands[C]['args']
    ) => ICommands[C]['answer'];
    return act(args);
  }
}
