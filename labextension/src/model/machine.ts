/** What the machine has, who holds it, and who waits for it (docs/http-api.md, "The queue", "The machine"). */

import type { RunStatus } from './types';
import type { ISystemSeries } from './use';

/** What a run asks for; all but `nodes` is for each of them. */
export interface INeeds {
  readonly cpus: number;
  /** Bytes; 0: not asked for. */
  readonly memory: number;
  /** A whole number, or a share of one below 1. */
  readonly gpus: number;
  /** Bytes that must be free on each GPU; 0: any. */
  readonly gpu_memory: number;
  readonly nodes: number;
  readonly pool: string | null;
}

/** How far back the histories of queue and machine reach. */
export type HistorySpan = 'hour' | 'day' | 'week';

export interface IQueueEntry {
  readonly run_id: string;
  /** Place in line, from 1. */
  readonly position: number;
  /** Empty until the dispatcher has looked once. */
  readonly reason: string;
  readonly needs?: INeeds;
  readonly needs_text?: string;
  readonly priority?: number;
  readonly number?: number;
  readonly display_name?: string;
  readonly created_ms?: number;
  /** Its user lets it wait; others go past. */
  readonly held?: boolean;
}

export interface IAmount {
  readonly total: number;
  readonly free: number;
}

export interface IQueueInfo {
  readonly slots: IAmount;
  readonly resources?: { readonly cpus: IAmount; readonly memory: IAmount; readonly gpus: IAmount };
  readonly entries: readonly IQueueEntry[];
  readonly ends_with_server: boolean;
}

/** A process on a GPU, and who it belongs to as far as the system tells. */
export interface IGpuProcess {
  readonly gpu: string;
  readonly gpu_index: number;
  readonly pid: number;
  readonly kind: 'run' | 'notebook' | 'user' | 'unknown';
  readonly name: string | null;
  readonly user: string | null;
  readonly mine: boolean;
  /** Bytes; null where the driver does not tell. */
  readonly used: number | null;
  readonly idle_s: number | null;
  readonly started_ms: number | null;
  readonly run_id: string | null;
  readonly workspace_id: string | null;
  readonly run_name: string | null;
  readonly kernel_id: string | null;
  readonly notebook: string | null;
  /** Its kernel belongs to this server, so that it can be restarted from here. */
  readonly here: boolean;
  readonly sentence: string;
}

export interface IGpu {
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  readonly memory_total: number;
  readonly memory_used: number;
  /** Percent; null: not told. */
  readonly utilization: number | null;
  readonly temperature: number | null;
  readonly power: number | null;
  readonly power_limit: number | null;
  /** One sentence when the GPU does not answer. */
  readonly problem: string | null;
  readonly mig: boolean;
  /** Bytes by who holds them. */
  readonly memory: { readonly runs: number; readonly notebooks: number; readonly others: number };
  readonly holder: string | null;
  readonly processes: readonly IGpuProcess[];
}

export interface ICpuHolder {
  readonly run_id: string | null;
  readonly workspace_id: string | null;
  readonly name: string;
  readonly slots: number;
  readonly sentence: string;
}

export interface IMachineInfo {
  readonly cpu_count: number;
  /** Cores. */
  readonly cpu_used: number;
  readonly memory_total: number;
  readonly memory_used: number;
  readonly gpus: readonly IGpu[];
  /** Why there are no GPUs; null when there are. */
  readonly gpu_note?: string | null;
  readonly cpu_holders?: readonly ICpuHolder[];
}

/** A run that the queue had placed: when, on what, and how long it had waited. */
export interface IRanRun {
  readonly run_id: string;
  readonly number: number;
  readonly display_name: string;
  readonly status: RunStatus;
  readonly created_ms: number;
  readonly started_ms: number;
  /** Null while it is at work. */
  readonly ended_ms: number | null;
  readonly waited_ms: number;
  /** CPU slots of all its nodes. */
  readonly cpus: number;
  /** UUIDs of its GPUs, whole or in part. */
  readonly gpus: readonly string[];
}

export interface IQueueHistory {
  readonly span: HistorySpan;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly runs: readonly IRanRun[];
  /** Older ones were left out. */
  readonly truncated: boolean;
}

/** What the machine was used for; `peaks` of a series are the greatest samples within its interval. */
export interface IMachineHistory {
  readonly span: HistorySpan;
  readonly interval_s: number;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly series: readonly ISystemSeries[];
}
