/** Data that a run read or wrote, and the other runs that used the same. */
export interface IRunData {
  readonly read: readonly IDataUse[];
  readonly written: readonly IDataUse[];
}

export interface IDataUse {
  /** By which the run names it. */
  readonly name: string;
  /** Name and version of the registered dataset; null for data without a name. */
  readonly dataset: string | null;
  readonly version: number | null;
  readonly kind: string;
  readonly mode: string;
  /** The first few files, folders and addresses; `count` of them in all. */
  readonly places: readonly string[];
  readonly count: number;
  /** Other runs with this version, newest first. */
  readonly runs: readonly {
    readonly id: string;
    readonly name: string;
    readonly role: string;
  }[];
}
