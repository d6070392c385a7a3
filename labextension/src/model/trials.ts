/** A sweep and its trials as they travel (docs/http-api.md, "trials"), and what views tell of them. All pure. */
import { toNumber } from './format';
import type { IRunSummary, JsonNumber, RunStatus } from './types';

export type ParameterValue = number | string | boolean | null;

export interface ISweepParameter {
  readonly name: string;
  /** `choice`, `uniform`, `loguniform` … */
  readonly kind: string;
  readonly values: readonly unknown[] | null;
  readonly numbers: readonly number[] | null;
  /** Its values are spread over a logarithmic scale. */
  readonly log: boolean;
}

export interface ISweep {
  readonly metric: string;
  /** `minimize` or `maximize`. */
  readonly goal: string;
  /** `RANDOM`, `GRID` or `BayesianOptimization`. */
  readonly sampling: string;
  readonly policy: Readonly<Record<string, unknown>> | null;
  readonly limit: number | null;
  readonly concurrent: number | null;
  readonly parameters: readonly ISweepParameter[];
}

export interface ITrial {
  readonly run_id: string;
  /** From 0. */
  readonly trial: number;
  readonly number: number;
  readonly display_name: string;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly stopped_early: boolean;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly best: JsonNumber | null;
  readonly best_step: number | null;
  readonly last: number | string | boolean | null;
  readonly count: number;
  readonly created_ms: number;
  readonly started_ms: number | null;
  readonly ended_ms: number | null;
}

export interface IImportance {
  readonly method: string;
  readonly trials: number;
  readonly least_trials: number;
  /** Share of the trials that counts as the best ones. */
  readonly best_part: number | null;
  readonly parameters: readonly { readonly name: string; readonly importance: number }[];
  /** Why there are none. */
  readonly note: string | null;
}

/** A parameter's value as plots and tables take it; a list or an object as its JSON. */
export function parameterValue(trial: ITrial, name: string): ParameterValue {
  const value = trial.parameters[name];
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return value;
  }
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** The trial's best value where it is a finite number. */
export function bestOf(trial: ITrial): number | null {
  const value = toNumber(trial.best);
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Whether one value is better than another. */
export const better = (goal: string, one: number, other: number): boolean =>
  goal === 'maximize' ? one > other : one < other;

/** The best trial; null before any has logged the metric. */
export function bestTrial(goal: string, trials: readonly ITrial[]): ITrial | null {
  let found: ITrial | null = null;
  for (const trial of trials) {
    const value = bestOf(trial);
    const known = found && bestOf(found);
    if (value !== null && (known === null || better(goal, value, known))) {
      found = trial;
    }
  }
  return found;
}

export interface IStep {
  readonly trial: ITrial;
  readonly value: number;
  /** The best value up to here. */
  readonly best: number;
  /** This trial made it better. */
  readonly improved: boolean;
}

/** The trials that have a value in their order, each with the best one so far. */
export function bestSoFar(goal: string, trials: readonly ITrial[]): readonly IStep[] {
  const found: IStep[] = [];
  for (const trial of trials) {
    const value = bestOf(trial);
    if (value !== null) {
      const known = found[found.length - 1]?.best;
      const improved = known === undefined || better(goal, value, known);
      found.push({ trial, value, best: improved ? value : known, improved });
    }
  }
  return found;
}

/** Trials as those of a list of children tell them: what a saved notebook has. */
export function trialsOfChildren(
  sweep: ISweep,
  children: readonly IRunSummary[]
): readonly ITrial[] {
  return children
    .filter(child => child.tags.hyperparameters !== undefined)
    .map(child => {
      const metric = child.primary_metric?.name === sweep.metric ? child.primary_metric : null;
      return {
        run_id: child.id,
        number: child.number,
        display_name: child.display_name,
        status: child.status,
        reason: child.reason,
        created_ms: child.created_ms,
        started_ms: child.started_ms,
        ended_ms: child.ended_ms,
        trial: Number(/_(\d+)$/.exec(child.id)?.[1] ?? child.number),
        stopped_early: false,
        parameters: parsed(child.tags.hyperparameters),
        best: metric?.best ?? null,
        best_step: metric?.best_step ?? null,
        last: metric?.last ?? null,
        count: metric?.count ?? 0
      };
    })
    .sort((a, b) => a.trial - b.trial);
}

function parsed(text: string | null | undefined): ITrial['parameters'] {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as ITrial['parameters']) : {};
  } catch {
    return {};
  }
}
