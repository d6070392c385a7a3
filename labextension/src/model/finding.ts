/** Why a failed run failed, and what to do (docs/http-api.md, "Use, ranks, finding"). */
import type { JsonNumber } from './types';
import type { IRank } from './use';

export interface IFrame {
  readonly file: string;
  /** Its file in the run's snapshot; null for files of libraries. */
  readonly path: string | null;
  readonly line: number;
  readonly function: string | null;
  readonly code: string | null;
  readonly own: boolean;
}

export interface IAdvice {
  readonly text: string;
  readonly code: string | null;
  readonly package: string | null;
  readonly source: string | null;
}

export interface ICurve {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly limit: number | null;
  readonly times_ms: readonly number[];
  readonly values: readonly (JsonNumber | null)[];
  /** Bytes that were asked for last and not given. */
  readonly asked: number | null;
}

/** What differs in a value from the last good run; null where only one of them has it. */
export interface IChange {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface IFileChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Lines; null for files that are no text. */
  readonly added: number | null;
  readonly removed: number | null;
}

export interface IChanges {
  readonly run_id: string;
  readonly number: number;
  readonly display_name: string;
  readonly parameters: readonly IChange[];
  readonly files: readonly IFileChange[];
  readonly more_files: number;
  readonly environment: readonly IChange[];
  readonly sentence: string;
}

export interface IFinding {
  readonly kind: string;
  readonly title: string;
  readonly summary: string | null;
  readonly rank: IRank | null;
  readonly exit_code: number | null;
  readonly signal: {
    readonly number: number;
    readonly name: string;
    readonly sender: string;
    readonly sentence: string;
  } | null;
  readonly error: { readonly type: string; readonly message: string } | null;
  readonly frames: readonly IFrame[];
  readonly traceback: string | null;
  readonly log: string | null;
  readonly tail: readonly string[];
  readonly advice: readonly IAdvice[];
  readonly curve: ICurve | null;
  readonly step: { readonly step: number; readonly total: number | null } | null;
  readonly changes: IChanges | null;
}
