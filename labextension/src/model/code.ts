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
