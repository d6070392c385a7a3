import { SourceError } from '../model/errors';
import type {
  Connection,
  IDisposable,
  IQueries,
  IRunSource,
  IStreams,
  ISubscriber,
  QueryName,
  StreamName
} from '../model/source';
import { trans } from '../model/language';
import { isEnded } from '../model/state';
import { trialsOfChildren } from '../model/trials';
import type { IRunSnapshot, IRunSummary } from '../model/types';
import { encodeText, startAt, startOfLine } from './bytes';
import { ConnectionState } from './connection';
import { selectRuns } from './select';

type Answers = { [Q in QueryName]: (args: IQueries[Q]['args']) => IQueries[Q]['answer'] };

/** A run as a notebook has kept it: answers from the saved object, says each stream's one message, never changes. */
export class SnapshotRunSource implements IRunSource {
  private readonly state: ConnectionState;
  private readonly log: Uint8Array;

  constructor(private readonly snapshot: IRunSnapshot) {
    this.state = new ConnectionState({ state: 'saved', at: snapshot.saved_ms });
    this.log = encodeText(snapshot.log_tail);
  }

  get connection(): Connection {
    return this.state.current;
  }

  async query<Q extends QueryName>(
    name: Q,
    args: IQueries[Q]['args']
  ): Promise<IQueries[Q]['answer']> {
    await Promise.resolve();
    return (this.answers[name] as (args: unknown) => IQueries[Q]['answer'])(args);
  }

  subscribe<S extends StreamName>(
    stream: S,
    args: IStreams[S]['args'],
    subscriber: ISubscriber<IStreams[S]['message']>
  ): IDisposable {
    let open = true;
    queueMicrotask(() => {
      if (!open) {
        return;
      }
      try {
        subscriber.next(this.first(stream, args));
      } catch (reason) {
        if (reason instanceof SourceError) {
          subscriber.error?.(reason);
        } else {
          throw reason;
        }
      }
    });
    return { dispose: () => void (open = false) };
  }

  fileUrl(): null {
    return null;
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

  private first<S extends StreamName>(
    stream: S,
    args: IStreams[S]['args']
  ): IStreams[S]['message'] {
    const name: StreamName = stream;
    if (name !== 'log') {
      const answer: (args: never) => unknown = this.answers[name];
      return answer(args as never) as IStreams[S]['message'];
    }
    const { run, offset } = args as IStreams['log']['args'];
    this.own(run);
    const start = startOfLine(this.log, offset);
    return {
      offset: start,
      data: this.log.slice(start),
      end: this.log.length,
      final: isEnded(this.snapshot.run.status)
    };
  }

  private own(run: string): void {
    if (run !== this.snapshot.run_id && !this.snapshot.children.some(c => c.id === run)) {
      throw new SourceError('run_not_found', trans.__('Run %1 is not kept in this notebook.', run));
    }
  }

  private readonly answers: Answers = {
    workspaces: () => [
      {
        id: this.snapshot.workspace_id,
        name: this.snapshot.workspace_name,
        is_default: true,
        created_ms: 0
      }
    ],
    experiments: () => unavailable(trans.__('Experiments are not kept in the notebook.')),
    activity: () => unavailable(trans.__('Nothing runs in a saved picture.')),
    experimentColumns: () => unavailable(trans.__('Experiments are not kept in the notebook.')),
    runs: args => selectRuns(this.runs(), args),
    run: ({ run }) => {
      if (run === this.snapshot.run_id) {
        return this.snapshot.run;
      }
      throw new SourceError('run_not_found', trans.__('Run %1 is not kept in this notebook.', run));
    },
    metrics: ({ run, names }) => {
      this.own(run);
      const series = run === this.snapshot.run_id ? this.snapshot.metrics.series : [];
      return names ? series.filter(s => names.includes(s.name)) : series;
    },
    files: () => unavailable(trans.__('Files are not kept in the notebook.')),
    bytes: ({ run, offset = 0, length }) => {
      this.own(run);
      const start = startAt(offset, this.log.length);
      return {
        offset: start,
        end: this.log.length,
        data: this.log.slice(start, start + length)
      };
    },
    logTimes: () => [],
    logSearch: () => unavailable(trans.__('Only the end of the log is kept in the notebook.')),
    system: () => unavailable(trans.__('What the run used is not kept in the notebook.')),
    trials: ({ run }) => {
      this.own(run);
      const { sweep } = this.snapshot.run;
      return sweep && run === this.snapshot.run_id
        ? { sweep, trials: trialsOfChildren(sweep, this.snapshot.children) }
        : unavailable(trans.__('Trials are not kept in the notebook.'));
    },
    importance: () => unavailable(trans.__('Importance is not kept in the notebook.')),
    packages: () => unavailable(trans.__('The packages are not kept in the notebook.')),
    code: () => unavailable(trans.__('The code is not kept in the notebook.')),
    codeText: () => unavailable(trans.__('The code is not kept in the notebook.')),
    comparison: () => unavailable(trans.__('Other runs are not kept in the notebook.')),
    comparedMetrics: () => unavailable(trans.__('Other runs are not kept in the notebook.')),
    children: () => unavailable(trans.__('Curves of the children are not kept in the notebook.')),
    childCurves: () =>
      unavailable(trans.__('Curves of the children are not kept in the notebook.')),
    views: () => unavailable(trans.__('Saved views are not kept in the notebook.')),
    view: () => unavailable(trans.__('Saved views are not kept in the notebook.')),
    models: () => unavailable(trans.__('Models are not kept in the notebook.')),
    model: () => unavailable(trans.__('Models are not kept in the notebook.')),
    services: () => unavailable(trans.__('Services are not kept in the notebook.')),
    queue: () => unavailable(trans.__('The queue is not kept in the notebook.')),
    machine: () => unavailable(trans.__('The machine is not kept in the notebook.')),
    machineHistory: () => unavailable(trans.__('The machine is not kept in the notebook.')),
    queueHistory: () => unavailable(trans.__('The queue is not kept in the notebook.')),
    gpuProcesses: () => unavailable(trans.__('The machine is not kept in the notebook.'))
  };

  private runs(): readonly IRunSummary[] {
    return [this.snapshot.run, ...this.snapshot.children];
  }
}

function unavailable(message: string): never {
  throw new SourceError('not_available', message);
}
