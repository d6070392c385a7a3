import { SourceError, asSourceError } from '../model/errors';
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
import { trans } from '../model/language';
import type { IWorkspaceInfo } from '../model/types';
import { unpacked, type ICurvesBody } from './packed';
import { LogCursor, readPush, type Json } from './pushes';
import { queryParameters } from './select';
import type { ServerApi } from './serverApi';
import type { IFeedHandle } from './socket';

/** How long until a page that did not reach the server looks again, in ms. */
const LOOK_AGAIN_MS = 3000;
/** The same for one that found no workspace: the first one is to be seen within half a second. */
const LOOK_FOR_WORKSPACE_MS = 400;

type Answers = { [Q in QueryName]: (args: IQueries[Q]['args']) => Promise<IQueries[Q]['answer']> };
type Changes = {
  [C in CommandName]: (args: ICommands[C]['args']) => Promise<ICommands[C]['answer']>;
};

const part = encodeURIComponent;
const pathParts = (path: string): string => path.split('/').map(part).join('/');

/** One workspace of the Jupyter server: REST for questions and commands, the page's WebSocket for streams. */
export class ServerRunSource implements IRunSource {
  private resolved: Promise<string> | null = null;
  private readonly subscriptions = new Set<IDisposable>();
  private readonly listening: IDisposable[] = [];

  /** @param workspace - its id; null is the user's default one, which may be created later */
  constructor(
    private readonly api: ServerApi,
    private readonly workspace: string | null = null
  ) {}

  get connection(): Connection {
    return this.api.feeds.connection.current;
  }

  query<Q extends QueryName>(name: Q, args: IQueries[Q]['args']): Promise<IQueries[Q]['answer']> {
    return this.answers[name](args);
  }

  command<C extends CommandName>(
    name: C,
    args: ICommands[C]['args']
  ): Promise<ICommands[C]['answer']> {
    return this.changes[name](args);
  }

  subscribe<S extends StreamName>(
    stream: S,
    args: IStreams[S]['args'],
    subscriber: ISubscriber<IStreams[S]['message']>
  ): IDisposable {
    let handle: IFeedHandle | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const subscription = {
      dispose: () => {
        clearTimeout(timer);
        handle?.dispose();
        this.subscriptions.delete(subscription);
      }
    };
    this.subscriptions.add(subscription);
    const begin = (): void => {
      this.id().then(
        workspace => {
          if (this.subscriptions.has(subscription)) {
            handle = this.follow(workspace, stream, args, subscriber);
          }
        },
        (reason: unknown) => {
          const error = asSourceError(reason);
          if (!this.subscriptions.has(subscription)) {
            return;
          }
          // What may yet come is told as an error too, so that a view can say so; `next` follows when it has come.
          if (error.code === 'network' || error.code === 'no_workspace') {
            const wait = error.code === 'network' ? LOOK_AGAIN_MS : LOOK_FOR_WORKSPACE_MS;
            timer = setTimeout(begin, wait);
          }
          subscriber.error?.(error);
        }
      );
    };
    begin();
    return subscription;
  }

  fileUrl(run: string, path: string, download = false): string | null {
    const workspace = this.known;
    if (workspace === null) {
      return null;
    }
    const url = `ml-jupyter/workspaces/${part(workspace)}/runs/${part(run)}/files/${pathParts(path)}`;
    return this.api.url(download ? `${url}?download=1` : url);
  }

  modelFileUrl(name: string, version: number, path: string): string | null {
    const workspace = this.known;
    if (workspace === null) {
      return null;
    }
    const file = `models/${part(name)}/${version}/files/${pathParts(path)}`;
    return this.api.url(`ml-jupyter/workspaces/${part(workspace)}/${file}?download=1`);
  }

  pageUrl(relative: string): string {
    return this.api.url(relative);
  }

  onConnection(listener: (connection: Connection) => void): IDisposable {
    const listening = this.api.feeds.connection.listen(listener);
    this.listening.push(listening);
    return listening;
  }

  retryNow(): void {
    this.api.feeds.retryNow();
  }

  dispose(): void {
    for (const one of [...this.subscriptions, ...this.listening]) {
      one.dispose();
    }
  }

  /** The workspace's id once it is known, else null. */
  get known(): string | null {
    return this.workspace ?? this.found;
  }

  private found: string | null = null;

  private id(): Promise<string> {
    if (this.workspace !== null) {
      return Promise.resolve(this.workspace);
    }
    this.resolved ??= this.findDefault().catch((reason: unknown) => {
      this.resolved = null;
      throw reason;
    });
    return this.resolved;
  }

  private async findDefault(): Promise<string> {
    const workspaces = await this.answers.workspaces({});
    const chosen = workspaces.find(w => w.is_default) ?? workspaces[0];
    if (!chosen) {
      throw new SourceError('no_workspace', trans.__('There is no workspace yet.'));
    }
    this.found = chosen.id;
    return chosen.id;
  }

  private follow<S extends StreamName>(
    workspace: string,
    stream: S,
    args: IStreams[S]['args'],
    subscriber: ISubscriber<IStreams[S]['message']>
  ): IFeedHandle {
    const cursor =
      stream === 'log' ? new LogCursor((args as IStreams['log']['args']).offset) : null;
    const handle = this.api.feeds.subscribe({
      frame: () => {
        if (cursor) {
          return cursor.done ? null : { stream, workspace, ...args, offset: cursor.offset };
        }
        return stream === 'runs'
          ? { stream, workspace, query: args }
          : { stream, workspace, ...args };
      },
      next: message => deliver(stream, message, cursor, subscriber, handle),
      error: error => subscriber.error?.(error)
    });
    return handle;
  }

  private async in(path: string): Promise<string> {
    return `workspaces/${part(await this.id())}/${path}`;
  }

  private async ask<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
    return this.api.json<T>(await this.in(path), method, body);
  }

  private readonly answers: Answers = {
    workspaces: async () =>
      (await this.api.json<{ workspaces: IWorkspaceInfo[] }>('workspaces')).workspaces,
    experiments: args => this.ask(`experiments?${queryParameters(args)}`),
    activity: () => this.ask('activity'),
    experimentColumns: ({ experiment }) => this.ask(`experiments/${part(experiment)}/columns`),
    runs: args => this.ask(`runs?${queryParameters(args)}`),
    run: ({ run }) => this.ask(`runs/${part(run)}`),
    metrics: async ({ run, ...rest }) =>
      (
        await this.ask<{ series: IQueries['metrics']['answer'] }>(
          `runs/${part(run)}/metrics?${queryParameters(rest)}`
        )
      ).series,
    files: ({ run }) => this.ask(`runs/${part(run)}/files`),
    bytes: async ({ run, ...rest }) => {
      const response = await this.api.request(
        await this.in(`runs/${part(run)}/log?${queryParameters(rest)}`)
      );
      return {
        offset: Number(response.headers.get('X-Offset')),
        end: Number(response.headers.get('X-End')),
        line: lineOf(response),
        data: new Uint8Array(await response.arrayBuffer())
      };
    },
    logTimes: async ({ run, ...rest }) =>
      (
        await this.ask<{ times: IQueries['logTimes']['answer'] }>(
          `runs/${part(run)}/log/times?${queryParameters(rest)}`
        )
      ).times,
    logSearch: ({ run, ...rest }) =>
      this.ask(`runs/${part(run)}/log/search?${queryParameters(rest)}`),
    system: ({ run, ...rest }) => this.ask(`runs/${part(run)}/system?${queryParameters(rest)}`),
    trials: ({ run }) => this.ask(`runs/${part(run)}/trials`),
    packages: ({ run }) => this.ask(`runs/${part(run)}/packages`),
    importance: ({ run }) => this.ask(`runs/${part(run)}/importance`),
    code: ({ run, now }) => this.ask(`runs/${part(run)}/${now ? 'folder' : 'code'}`),
    codeText: async ({ run, now, path, length }) => {
      const response = await this.api.request(
        await this.in(`runs/${part(run)}/${now ? 'folder' : 'code'}/${pathParts(path)}`),
        { headers: { Range: `bytes=0-${length - 1}` } }
      );
      const data = new Uint8Array(await response.arrayBuffer());
      return { data, whole: response.status === 200 || wholeRange(response, data.length) };
    },
    comparison: args => this.ask(`compare?${queryParameters(args)}`),
    comparedMetrics: async args =>
      (
        await this.ask<{ series: IQueries['comparedMetrics']['answer'] }>(
          `compare/metrics?${queryParameters(args)}`
        )
      ).series,
    children: ({ run }) => this.ask(`runs/${part(run)}/children`),
    childCurves: async ({ run, ...args }) =>
      unpacked(
        await this.ask<ICurvesBody>(`runs/${part(run)}/children/curves?${queryParameters(args)}`)
      ),
    views: async args =>
      (await this.ask<{ views: IQueries['views']['answer'] }>(`views?${queryParameters(args)}`))
        .views,
    view: ({ id }) => this.ask(`views/${part(id)}`),
    models: args => this.ask(`models?${queryParameters(args)}`),
    model: ({ name }) => this.ask(`models/${part(name)}`),
    services: () => this.ask('services'),
    queue: () => this.ask('queue'),
    machine: () => this.api.json('machine'),
    machineHistory: args => this.api.json(`machine/history?${queryParameters(args)}`),
    queueHistory: args => this.ask(`queue/history?${queryParameters(args)}`),
    gpuProcesses: () => this.api.json('gpu-processes')
  };

  private readonly changes: Changes = {
    createView: args => this.ask('views', 'POST', args),
    changeView: ({ id, ...change }) => this.ask(`views/${part(id)}`, 'PATCH', change),
    deleteView: async ({ id }) => {
      await this.api.request(await this.in(`views/${part(id)}`), { method: 'DELETE' });
    },
    deleteModel: async ({ name, version }) => {
      const path = await this.in(`models/${part(name)}/${version}`);
      await this.api.request(path, { method: 'DELETE' });
    },
    deleteService: async ({ name }) => {
      await this.api.request(await this.in(`services/${part(name)}`), { method: 'DELETE' });
    },
    cancel: ({ run }) => this.ask(`runs/${part(run)}/cancel`, 'POST', {}),
    rerun: ({ run }) => this.ask(`runs/${part(run)}/rerun`, 'POST', {}),
    update: ({ run, ...change }) => this.ask(`runs/${part(run)}`, 'PATCH', change),
    updateExperiment: ({ experiment, ...change }) =>
      this.ask(`experiments/${part(experiment)}`, 'PATCH', change),
    delete: async ({ run }) => {
      await this.api.request(await this.in(`runs/${part(run)}`), { method: 'DELETE' });
    },
    moveQueued: ({ run, before }) => this.ask('queue/move', 'POST', { run_id: run, before }),
    orderQueued: ({ run, ...order }) => this.ask(`runs/${part(run)}/queue`, 'PATCH', order),
    tensorboard: async ({ runs }) =>
      this.api.json('tensorboards', 'POST', { workspace_id: await this.id(), run_ids: runs }),
    stopTensorboard: async ({ id }) => {
      await this.api.request(`tensorboards/${part(id)}`, { method: 'DELETE' });
    }
  };
}

/** The line that an answer begins in; null where the server has not counted. */
function lineOf(response: Response): number | null {
  const line = response.headers.get('X-Line');
  return line === null ? null : Number(line);
}

/** Whether a part of a file is all of it. */
function wholeRange(response: Response, length: number): boolean {
  const size = response.headers.get('Content-Range')?.split('/')[1];
  return size !== undefined && Number(size) <= length;
}

/** Hands a message on; of a log, only the bytes that were not told yet, and acknowledges them. */
function deliver<S extends StreamName>(
  stream: S,
  message: Json,
  cursor: LogCursor | null,
  subscriber: ISubscriber<IStreams[S]['message']>,
  handle: IFeedHandle
): void {
  const push = readPush(stream, message);
  if (push === null) {
    return;
  }
  if (!cursor) {
    subscriber.next(push);
    return;
  }
  const chunk = cursor.accept(push as IStreams['log']['message']);
  if (chunk === 'gap') {
    handle.restart();
  } else if (chunk) {
    subscriber.next(chunk);
    handle.ack(cursor.offset);
  }
}
