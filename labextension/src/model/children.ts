/** All children of a run, for charts of all of them: shapes of the HTTP interface (docs/http-api.md). */
import type { JsonNumber, RunStatus } from './types';

export interface IChild {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly status: RunStatus;
}

/** Lists have one value a run. */
export interface IChildren {
  /** By number; not all where there are very many. */
  readonly runs: readonly IChild[];
  readonly total: number;
  /** Names of the scalar metrics. */
  readonly metrics: readonly string[];
  /** The primary metric of most of them. */
  readonly primary: string | null;
  /** Best value of each run's primary metric. */
  readonly best: readonly (JsonNumber | null)[];
  /** Options and tags in which they differ. */
  readonly settings: Readonly<Record<string, readonly (string | null)[]>>;
}

/** One metric of all children; `x` and `y` run after run. */
export interface IPackedCurves {
  readonly name: string;
  /** Positions of the runs that have it. */
  readonly runs: readonly number[];
  /** Points of each. */
  readonly counts: readonly number[];
  /** Where the places begin. */
  readonly from: number;
  /** All have the same places, which are given once. */
  readonly shared: boolean;
  /** From `from` on. */
  readonly x: Float32Array;
  /** NaN is a gap. */
  readonly y: Float32Array;
}

export interface IChildCurves {
  /** The runs that positions mean. */
  readonly ids: readonly string[];
  readonly curves: readonly IPackedCurves[];
}

/** What runs along x, and how much of it. */
export interface ICurvesView {
  readonly axis: 'step' | 'time' | 'relative';
  readonly x_min?: number;
  readonly x_max?: number;
}
