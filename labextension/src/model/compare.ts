/** Comparisons of runs and saved views: shapes of the HTTP interface (docs/http-api.md). */
import type { IRunSummary, JsonNumber, MetricSeries } from './types';

export interface IComparedRun extends IRunSummary {
  readonly duration_ms: number | null;
  readonly snapshot_id: string | null;
}

/** Values of one metric, one for each run. */
export interface IComparedMetric {
  readonly name: string;
  /** Less is better. */
  readonly lower: boolean;
  readonly last: readonly (number | string | boolean | null)[];
  readonly best: readonly (JsonNumber | null)[];
  readonly min: readonly (JsonNumber | null)[];
  readonly max: readonly (JsonNumber | null)[];
}

/** Many runs side by side; each list has one value a run, null where the run has none. */
export interface IComparison {
  readonly runs: readonly IComparedRun[];
  /** Ids that name no run. */
  readonly missing: readonly string[];
  readonly parameters: Readonly<Record<string, readonly (string | null)[]>>;
  readonly metrics: readonly IComparedMetric[];
  readonly environment: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
}

/** Series of some metrics of many runs, by id of the run. */
export type ComparedSeries = Readonly<Record<string, readonly MetricSeries[]>>;

export type ViewKind = 'compare' | 'experiments';
/** What a page keeps in a view; only the page knows what it means. */
export type ViewContent = Readonly<Record<string, unknown>>;

/** A saved view in a list. */
export interface ISavedViewEntry {
  readonly id: string;
  readonly name: string;
  readonly kind: ViewKind;
  /** One more at each change; a change names the one that it was made from. */
  readonly revision: number;
  readonly created_ms: number;
  readonly modified_ms: number;
  /** Who saved it last. */
  readonly user: string;
  readonly can_write: boolean;
}

export interface ISavedView extends ISavedViewEntry {
  readonly content: ViewContent;
}
