/** Registered models and the services that answer with them: shapes of the HTTP interface (docs/http-api.md). */

export interface IModel {
  readonly name: string;
  /** 1, 2, … of the name. */
  readonly version: number;
  readonly created_ms: number;
  readonly user: string;
  readonly description: string | null;
  readonly tags: Readonly<Record<string, string | null>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly framework: string | null;
  readonly framework_version: string | null;
  /** The run that made it. */
  readonly run_id: string | null;
  readonly experiment: string | null;
  /** Bytes of all its files. */
  readonly size: number;
  /** What it asks for when it is deployed, as it was registered. */
  readonly resources: Readonly<Record<string, unknown>> | null;
}

/** A version in the list of models, which has the newest of each. */
export interface IModelEntry extends IModel {
  readonly version_count: number;
}

/** The beginning of an example as JSON. */
export interface ISample {
  readonly text: string;
  readonly whole: boolean;
}

export interface IModelVersion extends IModel {
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** Names of the services that answer with it. */
  readonly services: readonly string[];
  /** The data that it was made from. */
  readonly datasets: readonly {
    readonly purpose: string;
    readonly name: string | null;
    readonly version: number | null;
  }[];
  readonly sample_input: ISample | null;
  readonly sample_output: ISample | null;
}

/** `Healthy` answers, `Unhealthy` is being started again. */
export type ServiceState =
  'Transitioning' | 'Healthy' | 'Unhealthy' | 'Failed' | 'Stopped' | (string & {});

export interface IService {
  readonly name: string;
  /** `name:version` of each. */
  readonly models: readonly string[];
  readonly state: ServiceState;
  /** Why it does not answer; null while it does. */
  readonly error: string | null;
  readonly restarts: number;
  readonly scoring_uri: string | null;
  /** The run that serves it now, or did last; its log is the service's. */
  readonly run_id: string;
  readonly description: string | null;
  readonly tags: Readonly<Record<string, string | null>>;
  readonly created_ms: number;
}

/** `name:version`, by which services name a model. */
export const modelKey = ({ name, version }: Pick<IModel, 'name' | 'version'>): string =>
  `${name}:${version}`;

/** Name and version of a key; version null when it names none. */
export function parseModelKey(key: string): { name: string; version: number | null } {
  const at = key.lastIndexOf(':');
  const version = Number(key.slice(at + 1));
  return at > 0 && Number.isInteger(version) && version > 0
    ? { name: key.slice(0, at), version }
    : { name: key, version: null };
}
