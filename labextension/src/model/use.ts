/** What a run's processes and its GPUs used (docs/http-api.md, "Use, ranks, finding"). */
import type { JsonNumber } from './types';

export interface ISystemSeries {
  /** `cpu`, `memory`, `read`, `gpu.1.utilization` … */
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  /** Label of its GPU; null for what is not of a GPU. */
  readonly gpu: string | null;
  /** The machine's full scale; null where there is none. */
  readonly full: number | null;
  readonly count: number;
  readonly times_ms: readonly number[];
  readonly values: readonly (JsonNumber | null)[];
  /** Greatest of what each value is the mean of; absent where values are single samples. */
  readonly peaks?: readonly (JsonNumber | null)[];
  readonly downsampled: boolean;
  readonly last: JsonNumber | null;
  readonly peak: JsonNumber | null;
  readonly mean: JsonNumber | null;
}

export interface IMeanPeak {
  readonly mean: number;
  readonly peak: number;
}

export interface IGpuUse {
  readonly label: string;
  readonly uuid: string;
  readonly name: string;
  readonly memory_total: number;
  readonly idle_percent: number | null;
  readonly utilization: IMeanPeak | null;
  readonly memory: IMeanPeak | null;
  readonly temperature: IMeanPeak | null;
  readonly power: IMeanPeak | null;
}

/** Peak and mean of a run's use, and the same in a sentence. */
export interface IResources {
  readonly sentence: string;
  readonly samples: number;
  readonly seconds: number;
  readonly cpu: IMeanPeak | null;
  readonly memory: IMeanPeak | null;
  readonly read: IMeanPeak | null;
  readonly write: IMeanPeak | null;
  readonly gpus: readonly IGpuUse[];
}

export interface ISystemUse {
  readonly interval_s: number;
  readonly series: readonly ISystemSeries[];
  readonly gpus: readonly {
    readonly label: string;
    readonly uuid: string;
    readonly name: string;
    readonly memory_total: number;
  }[];
  readonly summary: IResources | null;
}

/** One process of a job of several. */
export interface IRank {
  readonly rank: number;
  readonly name: string;
  readonly node: number;
  /** File of the run. */
  readonly log: string;
  readonly size?: number;
  /** Null while it runs; negative: the signal that ended it. */
  readonly exit_code: number | null;
  readonly failed_first: boolean;
}

/** Where the processes of a run were placed. */
export interface IPlacement {
  readonly nodes: readonly {
    readonly cpus: number;
    readonly gpus: readonly string[];
    readonly memory?: number;
  }[];
}
