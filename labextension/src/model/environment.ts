/** What a job was asked to run in (docs/http-api.md, "run detail"). */
export interface IEnvironment {
  readonly name: string | null;
  readonly version: string | null;
  readonly mode: string;
  /** Version of Python that was asked for. */
  readonly python: string | null;
  readonly interpreter: string | null;
  readonly pip: readonly string[];
  readonly conda: readonly string[];
  readonly channels: readonly string[];
  readonly image: string | null;
  readonly dockerfile: string | null;
  /** Values that look like secrets are `***`. */
  readonly variables: Readonly<Record<string, string>>;
  /** What was asked for: slots, memory, gpus … */
  readonly limits: Readonly<Record<string, number>>;
}
