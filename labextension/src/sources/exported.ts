import { asSourceError, SourceError } from '../model/errors';
import type { IExported, IExportedCode, IExportedRun } from '../model/exported';
import type {
  Connection,
  IDisposable,
  ILogChunk,
  IQueries,
  IRunSource,
  IStreams,
  ISubscriber,
  QueryName,
  StreamName
} from '../model/source';
import { trans } from '../model/language';
import type { IRunSummary } from '../model/types';
import { startAt, startOfLine } from './bytes';
import { ConnectionState } from './connection';
import { selectRuns } from './select';
import { thinSeries } from './thin';

type Answers = { [Q in QueryName]?: (args: IQueries[Q]['args']) => Promise<IQueries[Q]['answer']> };

const POINTS = 1000;

/** Reads the contents that the page brings along, by the names of their elements. */
export interface IBlobs {
  bytes(name: string): Promise<Uint8Array>;
  /** An address of the content for images and downloads. */
  url(name: string, path: string): string | null;
}

/** The runs of an exported page: nothing is asked of anybody, nothing ever changes. */
export class ExportedRunSource implements IRunSource {
  private readonly state: ConnectionState;

  constructor(
    private readonly exported: IExported,
    private readonly blobs: IBlobs
  ) {
    this.state = new ConnectionState({
      state: 'saved',
      at: exported.saved_ms,
      exported: true
    });
  }

  get connection(): Connection {
    return this.state.current;
  }

  async query<Q extends QueryName>(
    name: Q,
    args: IQueries[Q]['args']
  ): Promise<IQueries[Q]['answer']> {
    const answer = this.answers[name];
    return answer === undefined ? unavailable() : answer(args);
  }

  subscribe<S extends StreamName>(
    stream: S,
    args: IStreams[S]['args'],
    subscriber: ISubscriber<IStreams[S]['message']>
  ): IDisposable {
    let open = true;
    this.first(stream, args).then(
      message => open && subscriber.next(message),
      (reason: unknown) => open && subscriber.error?.(asSourceError(reason))
    );
    return { dispose: () => void (open = false) };
  }

  fileUrl(run: string, path: string): string | null {
    const found = this.exported.runs.find(one => one.run.id === run);
    const blob = found?.files.files.find(file => file.path === path)?.blob;
    return typeof blob === 'string' ? this.blobs.url(blob, path) : null;
  }

  pageUrl(): null {
    return null;
  }

  onConnection(listener: (connection: Connection) => void): IDisposable {
    return this.state.listen(listener);
  }

  retryNow(): void {
    // There is nothing to connect to.
  }

  dispose(): void {
    this.state.dispose();
  }

  private async first<S extends StreamName>(
    stream: S,
    args: IStreams[S]['args']
  ): Promise<IStreams[S]['message']> {
    if (stream === 'log') {
      return this.log(args as IStreams['log']['args']);
    }
    const answer = this.answers[stream as QueryName] as
      ((asked: unknown) => Promise<IStreams[S]['message']>) | undefined;
    return answer === undefined ? unavailable() : answer(args);
  }

  private readonly answers: Answers = {
    workspaces: async () => {
      const { workspace } = this.exported;
      return Promise.resolve([{ ...workspace, is_default: true, created_ms: 0 }]);
    },
    experiments: async () => Promise.resolve({ experiments: [], can_write: false }),
    runs: async args => Promise.resolve(selectRuns(this.summaries(args.parent), args)),
    run: async ({ run }) => Promise.resolve(this.own(run).run),
    metrics: async ({ run, names, points = POINTS, x_min, x_max }) => {
      const { metrics } = this.own(run);
      const found = metrics.filter(one =>
        names ? names.includes(one.name) : one.kind === 'scalar'
      );
      return Promise.resolve(
        found.map(one => (one.kind === 'scalar' ? thinSeries(one, points, x_min, x_max) : one))
      );
    },
    files: async ({ run }) => Promise.resolve(this.own(run).files),
    bytes: async ({ run, path, offset = 0, length }) => {
      const { start, end, data } = await this.content(run, path);
      const from = Math.max(start, startAt(offset, end));
      const part = data.slice(from - start, from - start + length);
      return { offset: from, end, data: part };
    },
    logTimes: async () => Promise.resolve([]),
    system: async ({ run }) => {
      const { system } = this.own(run);
      return Promise.resolve(
        system ?? unavailable(trans.__('What the run used was not measured.'))
      );
    },
    packages: async ({ run }) =>
      Promise.resolve(
        this.own(run).packages ?? unavailable(trans.__('The packages were not recorded.'))
      ),
    code: async ({ run }) => Promise.resolve(this.code(run)),
    codeText: async ({ run, path, length }) => {
      const blob = this.code(run).files.find(file => file.path === path)?.blob;
      if (typeof blob !== 'string') {
        return unavailable(trans.__('This file was too large for the page.'));
      }
      const data = await this.blobs.bytes(blob);
      return { data: data.slice(0, length), whole: data.length <= length };
    }
  };

  private async log({ run, path, offset }: IStreams['log']['args']): Promise<ILogChunk> {
    const { start, end, data } = await this.content(run, path);
    const from = offset < 0 ? startOfLine(data, offset) : Math.max(0, startAt(offset, end) - start);
    return { offset: start + from, data: data.slice(from), end, final: true };
  }

  /** Bytes of a log or another file, and where they begin in it. */
  private async content(
    run: string,
    path: string
  ): Promise<{ start: number; end: number; data: Uint8Array }> {
    const { logs, files } = this.own(run);
    const log = logs[path];
    if (log) {
      return { start: log.start, end: log.end, data: await this.blobs.bytes(log.blob) };
    }
    const blob = files.files.find(file => file.path === path)?.blob;
    if (typeof blob !== 'string') {
      return unavailable(trans.__('This file was too large for the page.'));
    }
    const data = await this.blobs.bytes(blob);
    return { start: 0, end: data.length, data };
  }

  private own(run: string): IExportedRun {
    const found = this.exported.runs.find(one => one.run.id === run);
    if (!found) {
      throw new SourceError('run_not_found', trans.__('Run %1 is not in this page.', run));
    }
    return found;
  }

  private code(run: string): IExportedCode {
    const earlier = this.exported.before.find(one => one.run.id === run);
    return earlier ? earlier.code : this.own(run).code;
  }

  private summaries(parent: string | undefined): readonly IRunSummary[] {
    const { runs, before } = this.exported;
    if (parent !== undefined) {
      return runs.find(one => one.run.id === parent)?.children ?? [];
    }
    return [...runs.map(one => one.run), ...before.map(one => one.run)];
  }
}

function unavailable(message = trans.__('This is not part of an exported page.')): never {
  throw new SourceError('not_available', message);
}
