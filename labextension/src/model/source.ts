/** The one seam between views and the world: where a view gets its data, and nothing else. */
import type { IChildCurves, IChildren, ICurvesView } from './children';
import type { ICode, ICodeOf } from './code';
import type {
  ComparedSeries,
  IComparison,
  ISavedView,
  ISavedViewEntry,
  ViewContent,
  ViewKind
} from './compare';
import type { ILogHits, ILogTime } from './logs';
import type { HistorySpan, IGpuProcess, IMachineHistory, IQueueHistory } from './machine';
import type { IModelEntry, IModelVersion, IService } from './models';
import type { IPackages } from './packages';
import type { IImportance, ISweep, ITrial } from './trials';
import type {
  IExperimentColumns,
  IExperimentInfo,
  IFileEntry,
  IMachineInfo,
  IQueueInfo,
  IRunDetail,
  IRunQuery,
  IRunSummary,
  ITensorBoardInfo,
  IWorkspaceInfo,
  MetricSeries
} from './types';
import type { ISystemUse } from './use';

/** When runs at work last printed or logged, by the server's clock; all times in ms since the epoch. */
export interface IActivity {
  readonly runs: readonly {
    readonly run_id: string;
    readonly user: string;
    readonly last_ms: number;
  }[];
  readonly now_ms: number;
  /** Who the server belongs to, as runs name people. */
  readonly user: string;
}

/** A question and the shape of its answer. */
export interface IQueries {
  workspaces: { args: Record<string, never>; answer: readonly IWorkspaceInfo[] };
  experiments: {
    args: { archived?: boolean };
    answer: { experiments: readonly IExperimentInfo[]; can_write: boolean };
  };
  activity: { args: Record<string, never>; answer: IActivity };
  experimentColumns: { args: { experiment: string }; answer: IExperimentColumns };
  runs: { args: IRunQuery; answer: { runs: readonly IRunSummary[]; total: number } };
  run: { args: { run: string }; answer: IRunDetail };
  metrics: {
    args: {
      run: string;
      names?: readonly string[];
      points?: number;
      x_min?: number;
      x_max?: number;
    };
    answer: readonly MetricSeries[];
  };
  files: { args: { run: string }; answer: { files: readonly IFileEntry[]; truncated: boolean } };
  /**
   * Bytes of a file of the run; a negative offset counts from the end, `line` asks from the beginning of that line.
   * `line` of the answer is the number, from 1, of the line that it begins in; null where nobody has counted.
   */
  bytes: {
    args: { run: string; path: string; offset?: number; line?: number; length: number };
    answer: { offset: number; end: number; data: Uint8Array; line?: number | null };
  };
  logTimes: {
    args: { run: string; path: string; offset: number; length: number };
    answer: readonly ILogTime[];
  };
  logSearch: {
    args: {
      run: string;
      path: string;
      text: string;
      regex: boolean;
      case: boolean;
      after?: number;
      limit?: number;
    };
    answer: ILogHits;
  };
  /** What the run's processes used; `x_min` and `x_max` are times in ms since the epoch. */
  system: {
    args: {
      run: string;
      names?: readonly string[];
      points?: number;
      x_min?: number;
      x_max?: number;
    };
    answer: ISystemUse;
  };
  /** A sweep and its trials. */
  trials: {
    args: { run: string };
    answer: { sweep: ISweep; trials: readonly ITrial[] };
  };
  /** Which of a sweep's parameters mattered. */
  importance: { args: { run: string }; answer: IImportance };
  /** What was installed where the run ran. */
  packages: { args: { run: string }; answer: IPackages };
  /** Files of the run's snapshot; with `now` of the folder that it came from, as it is now. */
  code: { args: ICodeOf; answer: ICode };
  /** One of them, at most so many bytes from its beginning. */
  codeText: {
    args: ICodeOf & { path: string; length: number };
    answer: { data: Uint8Array; whole: boolean };
  };
  /** What is known of many runs, side by side. */
  comparison: { args: { runs: readonly string[] }; answer: IComparison };
  /** Series of some metrics of many runs. */
  comparedMetrics: {
    args: { runs: readonly string[]; names: readonly string[]; points?: number };
    answer: ComparedSeries;
  };
  /** All children of a run, for charts of all of them. */
  children: { args: { run: string }; answer: IChildren };
  childCurves: {
    args: ICurvesView & { run: string; names: readonly string[]; points?: number };
    answer: IChildCurves;
  };
  views: { args: { kind?: ViewKind }; answer: readonly ISavedViewEntry[] };
  view: { args: { id: string }; answer: ISavedView };
  /** The newest version of each model, or all versions that a run registered. */
  models: {
    args: { run?: string };
    answer: { models: readonly IModelEntry[]; can_delete: boolean };
  };
  /** All versions of a model, newest first. */
  model: {
    args: { name: string };
    answer: { versions: readonly IModelVersion[]; can_delete: boolean };
  };
  services: {
    args: Record<string, never>;
    answer: { services: readonly IService[]; can_delete: boolean };
  };
  queue: { args: Record<string, never>; answer: IQueueInfo };
  machine: { args: Record<string, never>; answer: IMachineInfo };
  /** What the machine was used for. */
  machineHistory: { args: { span: HistorySpan }; answer: IMachineHistory };
  /** What ran when, on which GPUs and cores. */
  queueHistory: { args: { span: HistorySpan }; answer: IQueueHistory };
  gpuProcesses: {
    args: Record<string, never>;
    answer: { processes: readonly IGpuProcess[]; note: string | null };
  };
}
export type QueryName = keyof IQueries;

/** A live stream, what selects it, and what it delivers. */
export interface IStreams {
  runs: { args: IRunQuery; message: { runs: readonly IRunSummary[]; total: number } };
  run: { args: { run: string }; message: IRunDetail };
  metrics: {
    args: { run: string; names?: readonly string[]; points?: number };
    message: readonly MetricSeries[];
  };
  log: { args: { run: string; path: string; offset: number }; message: ILogChunk };
  system: {
    args: { run: string; names?: readonly string[]; points?: number };
    message: ISystemUse;
  };
  /** First all; then only the trials that changed. */
  trials: {
    args: { run: string };
    message: { sweep: ISweep | null; trials: readonly ITrial[]; gone?: readonly string[] };
  };
  queue: { args: Record<string, never>; message: IQueueInfo };
  machine: { args: Record<string, never>; message: IMachineInfo };
}
export type StreamName = keyof IStreams;

export interface ILogChunk {
  /** Where `data` begins in the file, in bytes. */
  readonly offset: number;
  /** Number, from 1, of the line that `offset` lies in; null where nobody has counted. */
  readonly line?: number | null;
  readonly data: Uint8Array;
  /** Size of the file when the chunk was sent, in bytes. */
  readonly end: number;
  /** True in the last chunk of a run which has ended. */
  readonly final: boolean;
}

export interface ISourceError {
  readonly code: string;
  readonly message: string;
}

export interface ISubscriber<M> {
  next(message: M): void;
  /** The subscription is over and will not come back (the run is gone, or may not be read). */
  error?(error: ISourceError): void;
}

/** A change a person asks for. */
export interface ICommands {
  cancel: { args: { run: string }; answer: IRunDetail };
  rerun: { args: { run: string }; answer: IRunDetail };
  update: {
    args: {
      run: string;
      display_name?: string;
      description?: string;
      tags?: Record<string, string | null>;
      remove_tags?: readonly string[];
      archived?: boolean;
    };
    answer: IRunDetail;
  };
  /** `tags` replaces them all. */
  updateExperiment: {
    args: {
      experiment: string;
      archived?: boolean;
      tags?: Readonly<Record<string, string | null>>;
      description?: string | null;
    };
    answer: IExperimentInfo;
  };
  delete: { args: { run: string }; answer: void };
  /** Puts a run that waits before another one; null: behind all. */
  moveQueued: { args: { run: string; before: string | null }; answer: IQueueInfo };
  /** Lets a run wait, lets it go on, or changes its priority. */
  orderQueued: { args: { run: string; held?: boolean; priority?: number }; answer: IRunDetail };
  tensorboard: { args: { runs: readonly string[] }; answer: ITensorBoardInfo };
  createView: {
    args: { kind: ViewKind; name: string; content: ViewContent };
    answer: ISavedView;
  };
  /** Fails with `view_changed` when the view has another revision by now. */
  changeView: {
    args: { id: string; revision: number; name?: string; content?: ViewContent };
    answer: ISavedView;
  };
  deleteView: { args: { id: string }; answer: void };
  /** Fails with `invalid_argument` while a service answers with it. */
  deleteModel: { args: { name: string; version: number }; answer: void };
  /** Stops it; its runs and their logs stay. */
  deleteService: { args: { name: string }; answer: void };
  stopTensorboard: { args: { id: string }; answer: void };
}
export type CommandName = keyof ICommands;

export interface IDisposable {
  dispose(): void;
}

/** `since` is when the connection was lost (ms since the epoch), `retry` when the next try comes. */
export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'lost'; readonly since: number; readonly retry: number }
  /** A saved picture, in a notebook or (`exported`) as a page of its own: nothing will ever change. */
  | { readonly state: 'saved'; readonly at: number; readonly exported?: boolean };

/**
 * Where a view gets its data. Implemented by the Jupyter server, the kernel (widget messages), a snapshot saved in a
 * notebook and an in-memory fake; each passes `src/sources/__tests__/contract.ts`.
 */
export interface IRunSource {
  query<Q extends QueryName>(name: Q, args: IQueries[Q]['args']): Promise<IQueries[Q]['answer']>;

  /** Follows a stream for ever: a lost connection is healed inside, from the last offset, with nothing lost or doubled. */
  subscribe<S extends StreamName>(
    stream: S,
    args: IStreams[S]['args'],
    subscriber: ISubscriber<IStreams[S]['message']>
  ): IDisposable;

  /** Absent: the view is read-only. */
  command?<C extends CommandName>(
    name: C,
    args: ICommands[C]['args']
  ): Promise<ICommands[C]['answer']>;

  /** URL to download a file of a run, or null where there is none. */
  fileUrl(run: string, path: string, download?: boolean): string | null;

  /** URL to download a file of a model's version, or null. Absent: models are not told of here. */
  modelFileUrl?(name: string, version: number, path: string): string | null;

  /** Absolute URL of a page of the server (a TensorBoard's `url`), or null where there is none. */
  pageUrl(relative: string): string | null;

  readonly connection: Connection;
  /** Called at once with the current state, and at each change. */
  onConnection(listener: (connection: Connection) => void): IDisposable;
  /** Try to connect now instead of waiting for the next try. */
  retryNow(): void;

  dispose(): void;
}
