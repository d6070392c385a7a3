/** A workspace in memory: what it holds, and that it tells who listens when something in it has changed. */
import type { ICode, ICodeOf } from '../../model/code';
import type { ISavedView } from '../../model/compare';
import { SourceError } from '../../model/errors';
import { modelKey, type IModelVersion, type IService } from '../../model/models';
import type { StreamName } from '../../model/source';
import type { IPackages } from '../../model/packages';
import { trialsOfChildren, type IImportance, type ISweep, type ITrial } from '../../model/trials';
import type {
  IExperimentInfo,
  IFileEntry,
  IMachineInfo,
  IQueueInfo,
  IRunDetail,
  JsonNumber,
  MetricSeries
} from '../../model/types';
import type { HistorySpan, IMachineHistory, IQueueHistory } from '../../model/machine';
import type { ISystemUse } from '../../model/use';
import { encodeText } from '../bytes';
import { experimentsOf } from './experiments';

/** What a fake workspace holds. */
export interface IFakeWorld {
  readonly runs?: readonly IRunDetail[];
  /** Series by run id. */
  readonly metrics?: Readonly<Record<string, readonly MetricSeries[]>>;
  /** Text of files by run id and path. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What was used, by run id. */
  readonly use?: Readonly<Record<string, ISystemUse>>;
  /** What mattered in sweeps, by run id. Their trials are their children with the tag `hyperparameters`. */
  readonly importance?: Readonly<Record<string, IImportance>>;
  /** What was installed, by run id. */
  readonly packages?: Readonly<Record<string, IPackages>>;
  /** Text of source files by run id and path. */
  readonly code?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly views?: readonly ISavedView[];
  readonly models?: readonly IModelVersion[];
  readonly services?: readonly IService[];
  readonly machine?: IMachineInfo;
  readonly queue?: IQueueInfo;
  readonly machineHistory?: (span: HistorySpan) => IMachineHistory;
  readonly queueHistory?: (span: HistorySpan) => IQueueHistory;
  /** Commands are absent. */
  readonly readOnly?: boolean;
  /** First answers wait until `release()`. */
  readonly held?: boolean;
}

const MACHINE: IMachineInfo = {
  cpu_count: 16,
  cpu_used: 9.4,
  memory_total: 128e9,
  memory_used: 41e9,
  gpus: []
};
const QUEUE: IQueueInfo = {
  slots: { total: 16, free: 0 },
  entries: [],
  ends_with_server: false
};

const UNUSED: ISystemUse = { interval_s: 5, series: [], gpus: [], summary: null };

/** Under which key a world keeps code: `<run> now` is the folder that a run came from, as it is now. */
const codeKey = (run: string, now: boolean): string => (now ? `${run} now` : run);

/** Runs, metrics, files, the queue and the machine, each by hand. */
export class World {
  readonly runs = new Map<string, IRunDetail>();
  readonly views = new Map<string, ISavedView>();
  /** Versions by `name:version`. */
  readonly models = new Map<string, IModelVersion>();
  readonly services = new Map<string, IService>();
  private readonly changes = new Map<string, Partial<IExperimentInfo>>();
  machine: IMachineInfo;
  queue: IQueueInfo;
  private readonly metrics = new Map<string, Map<string, MetricSeries>>();
  private readonly files = new Map<string, Map<string, Uint8Array>>();

  /** @param changed - told which streams have something new */
  constructor(
    private readonly world: IFakeWorld,
    private readonly changed: (...streams: StreamName[]) => void
  ) {
    this.machine = world.machine ?? MACHINE;
    this.queue = world.queue ?? QUEUE;
    world.views?.forEach(view => this.views.set(view.id, view));
    world.models?.forEach(model => this.models.set(modelKey(model), model));
    world.services?.forEach(service => this.services.set(service.name, service));
    world.runs?.forEach(run => this.runs.set(run.id, run));
    Object.entries(world.metrics ?? {}).forEach(([run, all]) =>
      this.metrics.set(run, new Map(all.map(series => [series.name, series])))
    );
    Object.entries(world.files ?? {}).forEach(([run, all]) =>
      Object.entries(all).forEach(([path, text]) => this.write(run, path, encodeText(text)))
    );
  }

  get readOnly(): boolean {
    return this.world.readOnly ?? false;
  }

  run(id: string): IRunDetail {
    const run = this.runs.get(id);
    if (!run) {
      throw new SourceError('run_not_found', `There is no run ${id}.`);
    }
    return run;
  }

  putRun(run: IRunDetail): void {
    this.runs.set(run.id, run);
    this.changed('runs', 'run', 'log', 'trials');
  }

  /** Changes some fields of a run that is there. */
  patchRun(id: string, change: Partial<IRunDetail>): IRunDetail {
    const run = { ...this.run(id), ...change };
    this.putRun(run);
    return run;
  }

  removeRun(id: string): void {
    this.runs.delete(id);
    this.changed('runs', 'run');
  }

  /** The experiments that its runs belong to, with what was changed of them. */
  experiments(): readonly IExperimentInfo[] {
    return experimentsOf(this.runs.values()).map(one => ({ ...one, ...this.changes.get(one.id) }));
  }

  patchExperiment(id: string, change: Partial<IExperimentInfo>): IExperimentInfo {
    this.changes.set(id, { ...this.changes.get(id), ...change });
    const found = this.experiments().find(one => one.id === id);
    if (!found) {
      throw new SourceError('experiment_not_found', `There is no experiment ${id}.`);
    }
    this.changed('runs');
    return found;
  }

  machineHistory(span: HistorySpan): IMachineHistory {
    const none = { span, interval_s: 10, from_ms: 0, to_ms: 1, series: [] };
    return this.world.machineHistory?.(span) ?? none;
  }

  queueHistory(span: HistorySpan): IQueueHistory {
    const none = { span, from_ms: 0, to_ms: 1, runs: [], truncated: false };
    return this.world.queueHistory?.(span) ?? none;
  }

  /** Puts a run of the line before another one; null: behind all. */
  moveQueued(run: string, before: string | null): IQueueInfo {
    const moved = this.queue.entries.find(one => one.run_id === run);
    if (!moved) {
      throw new SourceError('invalid_argument', `Run ${run} does not wait in the queue.`);
    }
    const rest = this.queue.entries.filter(one => one !== moved);
    const at = before === null ? rest.length : rest.findIndex(one => one.run_id === before);
    rest.splice(at, 0, moved);
    this.setEntries(rest);
    return this.queue;
  }

  orderQueued(run: string, order: { held?: boolean; priority?: number }): void {
    this.setEntries(
      this.queue.entries.map(one => (one.run_id === run ? { ...one, ...order } : one))
    );
  }

  private setEntries(entries: IQueueInfo['entries']): void {
    const placed = entries.map((one, i) => ({ ...one, position: i + 1 }));
    this.queue = { ...this.queue, entries: placed };
    this.changed('queue');
  }

  use(run: string): ISystemUse {
    return this.world.use?.[run] ?? UNUSED;
  }

  sweep(run: string): { sweep: ISweep; trials: readonly ITrial[] } {
    const { sweep } = this.run(run);
    if (!sweep) {
      throw new SourceError('invalid_argument', `Run ${run} is no sweep.`);
    }
    const children = [...this.runs.values()].filter(one => one.parent_id === run);
    return { sweep, trials: trialsOfChildren(sweep, children) };
  }

  packages(run: string): IPackages {
    this.run(run);
    return this.world.packages?.[run] ?? { python: null, implementation: null, packages: [] };
  }

  importance(run: string): IImportance {
    return (
      this.world.importance?.[run] ?? {
        method: 'PED-ANOVA',
        trials: 0,
        least_trials: 10,
        best_part: null,
        parameters: [],
        note: 'Told after 10 trials with a value; there are 0.'
      }
    );
  }

  code({ run, now = false }: ICodeOf): ICode {
    const files = Object.entries(this.world.code?.[codeKey(run, now)] ?? {}).map(
      ([path, text]) => ({
        path,
        size: text.length,
        digest: text
      })
    );
    const { snapshot_id } = this.run(run);
    return { snapshot_id: now ? null : snapshot_id, files, truncated: false };
  }

  source({ run, now = false }: ICodeOf, path: string): Uint8Array {
    const text = this.world.code?.[codeKey(run, now)]?.[path];
    if (text === undefined) {
      throw new SourceError('artifact_not_found', `There is no file ${path}.`);
    }
    return encodeText(text);
  }

  series(run: string): readonly MetricSeries[] {
    return [...(this.metrics.get(run)?.values() ?? [])];
  }

  appendMetric(run: string, name: string, step: number, value: JsonNumber): void {
    const all = this.metrics.get(run) ?? new Map<string, MetricSeries>();
    const old = all.get(name);
    const base = old?.kind === 'scalar' ? old : { steps: [], times_ms: [], values: [] };
    const values = [...base.values, value];
    all.set(name, {
      name,
      kind: 'scalar',
      count: values.length,
      steps: [...base.steps, step],
      times_ms: [...base.times_ms, Date.now()],
      values,
      downsampled: false
    });
    this.metrics.set(run, all);
    this.changed('metrics');
  }

  /** The bytes of a file of a run; none where there is no such file. */
  read(run: string, path: string): Uint8Array {
    return this.files.get(run)?.get(path) ?? new Uint8Array();
  }

  write(run: string, path: string, data: Uint8Array): void {
    const files = this.files.get(run) ?? new Map<string, Uint8Array>();
    files.set(path, data);
    this.files.set(run, files);
  }

  append(run: string, path: string, text: string): void {
    this.write(run, path, concat(this.read(run, path), encodeText(text)));
    this.changed('log');
  }

  list(run: string): readonly IFileEntry[] {
    return [...(this.files.get(run) ?? [])].map(([path, data]) => ({
      path,
      size: data.length,
      modified_ms: Date.now()
    }));
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
