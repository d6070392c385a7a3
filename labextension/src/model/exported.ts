/** What an exported page holds (ml_jupyter/sdk/export/content.py). */
import type { IPackages } from './packages';
import type { IFileEntry, IRunDetail, IRunSummary, MetricSeries } from './types';
import type { ISystemUse } from './use';

/** Name of an element with a file's content; null: it was left out. */
export type BlobName = string | null;

export interface IExportedCode {
  readonly snapshot_id: string | null;
  readonly files: readonly {
    readonly path: string;
    readonly size: number;
    readonly digest: string;
    readonly blob: BlobName;
  }[];
  readonly truncated: boolean;
}

export interface IExportedRun {
  readonly run: IRunDetail;
  readonly metrics: readonly MetricSeries[];
  readonly system: ISystemUse | null;
  readonly children: readonly IRunSummary[];
  /** By path: the part of the log from byte `start` on; `end` is the log's size. */
  readonly logs: Readonly<
    Record<string, { readonly start: number; readonly end: number; readonly blob: string }>
  >;
  readonly files: {
    readonly files: readonly (IFileEntry & { readonly blob: BlobName })[];
    readonly truncated: boolean;
  };
  readonly code: IExportedCode;
  /** Absent from pages that older versions have written. */
  readonly packages?: IPackages | null;
}

export interface IExported {
  readonly schema: number;
  readonly saved_ms: number;
  readonly workspace: { readonly id: string; readonly name: string };
  /** The runs that are shown. */
  readonly runs: readonly IExportedRun[];
  /** Earlier runs whose code can be compared with. */
  readonly before: readonly { readonly run: IRunSummary; readonly code: IExportedCode }[];
  /** Sentences about what was left out. */
  readonly cut: readonly string[];
}
