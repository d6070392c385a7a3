/** Plain data shapes of the HTTP interface (docs/http-api.md), shared by every source and view. */
import type { IRunData } from './data';
import type { IEnvironment } from './environment';
import type { IPackagesFact } from './packages';
import type { IFinding } from './finding';
import type { ISweep } from './trials';
import type { IPlacement, IRank, IResources } from './use';

export type { IMachineInfo, IQueueInfo } from './machine';

export type RunStatus =
  | 'NotStarted'
  | 'Queued'
  | 'Preparing'
  | 'Provisioning'
  | 'Starting'
  | 'Running'
  | 'Finalizing'
  | 'CancelRequested'
  | 'Completed'
  | 'Failed'
  | 'Canceled'
  | 'NotResponding';

/** A float as JSON carries it: non-finite values travel as text. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export type MetricKind =
  | 'scalar'
  | 'text'
  | 'row'
  | 'table'
  | 'image'
  | 'confusion_matrix'
  | 'accuracy_table'
  | 'residuals'
  | 'predictions';

export interface IPrimaryMetric {
  readonly name: string;
  readonly last: JsonNumber | null;
  readonly best: JsonNumber | null;
  readonly best_step: number | null;
  readonly count: number;
  readonly spark: readonly JsonNumber[];
}

export interface IRunSummary {
  readonly id: string;
  readonly workspace_id: string;
  readonly number: number;
  readonly experiment_id: string;
  readonly experiment: string;
  readonly display_name: string;
  readonly type: string;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly parent_id: string | null;
  readonly root_id: string;
  readonly target: string;
  readonly user: string;
  readonly archived: boolean;
  readonly created_ms: number;
  readonly started_ms: number | null;
  readonly ended_ms: number | null;
  readonly tags: Readonly<Record<string, string | null>>;
  readonly primary_metric: IPrimaryMetric | null;
  readonly progress: { readonly step: number; readonly total: number } | null;
  readonly child_count: number;
  readonly children: Readonly<Partial<Record<RunStatus, number>>>;
  readonly can_write: boolean;
  /** `metric:NAME` and `param:NAME`, as far as the query asked for them and the run has them. */
  readonly values?: Readonly<Record<string, number | string>>;
}

export interface IMetricSummary {
  readonly name: string;
  readonly kind: MetricKind;
  readonly count: number;
  /** The newest value; a non-finite float and the value of a text metric are text. */
  readonly last: number | string | boolean | null;
  readonly min: JsonNumber | null;
  readonly max: JsonNumber | null;
  readonly first_nan_step: number | null;
  readonly description: string;
}

export interface IRunError {
  readonly code: string | null;
  readonly message: string;
  readonly traceback: string | null;
}

export interface IRunDetail extends IRunSummary {
  readonly description: string | null;
  readonly properties: Readonly<Record<string, string>>;
  readonly command: readonly string[] | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly script: string | null;
  readonly arguments: readonly string[];
  readonly error: IRunError | null;
  readonly warnings: readonly string[];
  readonly git: Readonly<Record<string, string | boolean | null>> | null;
  readonly snapshot_id: string | null;
  readonly host: string;
  readonly metrics: readonly IMetricSummary[];
  readonly log_files: readonly string[];
  readonly portal_url: string;
  readonly duration_ms: number | null;
  /** What it read and wrote; absent from what older versions have saved. */
  readonly data?: IRunData | null;
  /** These nine are absent from what older versions have saved in notebooks. */
  readonly environment?: IEnvironment | null;
  /** What was installed; null: not known. The list is a question of its own. */
  readonly packages?: IPackagesFact | null;
  readonly finding?: IFinding | null;
  readonly resources?: IResources | null;
  readonly ranks?: readonly IRank[];
  readonly placement?: IPlacement | null;
  /** Where it was brought in from; null: it was made here. */
  readonly imported?: IImported | null;
  /** What a sweep looks for; null for other runs. */
  readonly sweep?: ISweep | null;
  /** File of the run with the output of its environment's build; null when none was built. */
  readonly build_log?: string | null;
  readonly parents: readonly {
    readonly id: string;
    readonly display_name: string;
    readonly number: number;
  }[];
}

/** Where a run of another tool comes from; what older imports have not noted is null. */
export interface IImported {
  /** `mlflow`, `tensorboard`, `wandb`. */
  readonly tool: string;
  readonly source: string;
  /** Its id there. */
  readonly id: string | null;
  readonly imported_ms: number | null;
}

export interface IScalarSeries {
  readonly name: string;
  readonly kind: 'scalar';
  readonly count: number;
  readonly steps: readonly number[];
  readonly times_ms: readonly number[];
  readonly values: readonly (JsonNumber | null)[];
  readonly downsampled: boolean;
}

export interface IEntrySeries {
  readonly name: string;
  readonly kind: Exclude<MetricKind, 'scalar'>;
  readonly count: number;
  readonly entries: readonly {
    readonly step: number | null;
    readonly time_ms: number;
    readonly value: unknown;
  }[];
}

export type MetricSeries = IScalarSeries | IEntrySeries;

export interface IFileEntry {
  readonly path: string;
  readonly size: number;
  readonly modified_ms: number;
}

export interface IWorkspaceInfo {
  readonly id: string;
  readonly name: string;
  readonly is_default: boolean;
  readonly created_ms: number;
}

export interface IExperimentInfo {
  readonly id: string;
  readonly name: string;
  readonly archived: boolean;
  readonly tags: Readonly<Record<string, string | null>>;
  readonly description: string | null;
  readonly created_ms: number;
  readonly run_count: number;
  readonly active_count: number;
  /** Of its top-level runs that are not archived. */
  readonly states: Readonly<Partial<Record<RunStatus, number>>>;
  /** Where its active runs are, and how many. */
  readonly targets: Readonly<Record<string, number>>;
  readonly users: readonly string[];
  readonly last_run_ms: number | null;
  readonly primary_metric: {
    readonly name: string;
    readonly best: number;
    /** Less is better, as of a loss. */
    readonly lower: boolean;
    readonly run_id: string;
  } | null;
}

/** What a table of an experiment's runs can show; commonest first. */
export interface IExperimentColumns {
  readonly metrics: readonly string[];
  readonly tags: readonly string[];
  readonly parameters: readonly string[];
}

export interface ITensorBoardInfo {
  readonly id: string;
  readonly url: string;
  readonly run_ids: readonly string[];
  readonly workspace_id: string;
  readonly started_ms: number;
}

/** Filter, order and page of a list of runs; the keys of `GET …/runs`. */
export interface IRunQuery {
  readonly text?: string;
  readonly status?: readonly RunStatus[];
  readonly experiment?: string;
  readonly tag?: readonly string[];
  /** Conditions on parameters, such as `lr<0.01` or `optimizer=adam`; all must hold. */
  readonly param?: readonly string[];
  /** Conditions on newest values, such as `loss<0.5`; all must hold. */
  readonly metric?: readonly string[];
  /** `metric:NAME` or `param:NAME`, given as `values` of each run. */
  readonly column?: readonly string[];
  readonly parent?: string;
  readonly top_level?: boolean;
  readonly archived?: boolean;
  readonly user?: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly offset?: number;
}

/** What a notebook output keeps of a run: MIME type `application/vnd.ml-jupyter.run+json`. */
export interface IRunSnapshot {
  readonly schema: 1;
  readonly workspace_id: string;
  readonly workspace_name: string;
  readonly run_id: string;
  readonly saved_ms: number;
  readonly run: IRunDetail;
  readonly metrics: { readonly series: readonly MetricSeries[] };
  readonly log_tail: string;
  readonly children: readonly IRunSummary[];
}
