/** The source that a run was made from: its snapshot (docs/http-api.md, "Code"). */

export interface ICodeFile {
  readonly path: string;
  readonly size: number;
  /** Tells contents apart: equal when and only when the files are. */
  readonly digest: string;
}

export interface ICode {
  /** Null: the run has no snapshot. */
  readonly snapshot_id: string | null;
  readonly files: readonly ICodeFile[];
  readonly truncated: boolean;
}

/** Whose code is meant: a run's snapshot, or the folder that it was submitted from as it is now. */
export interface ICodeOf {
  readonly run: string;
  readonly now?: boolean;
}

/** Property of a run that says which folder it was submitted from. */
export const SOURCE_PROPERTY = 'ml_jupyter.source';
