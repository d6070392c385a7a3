/** A sweep for the gallery and for tests: a search that is two thirds done. */
import type { IImportance, ISweep } from '../model/trials';
import type { IRunDetail, RunStatus } from '../model/types';
import { demoRun } from './demo';

export const SWEEP: ISweep = {
  metric: 'val_loss',
  goal: 'minimize',
  sampling: 'BayesianOptimization',
  policy: { kind: 'Bandit', slack_factor: 0.1, evaluation_interval: 1, delay_evaluation: 5 },
  limit: 60,
  concurrent: 4,
  parameters: [
    { name: 'lr', kind: 'loguniform', values: null, numbers: [-9.2, -2.3], log: true },
    { name: 'batch_size', kind: 'choice', values: [32, 64, 128], numbers: null, log: false },
    { name: 'dropout', kind: 'uniform', values: null, numbers: [0, 0.5], log: false },
    {
      name: 'optimizer',
      kind: 'choice',
      values: ['adamw', 'sgd', 'lion'],
      numbers: null,
      log: false
    }
  ]
};

const IMPORTANCE: IImportance = {
  method: 'PED-ANOVA',
  trials: 41,
  least_trials: 10,
  best_part: 5 / 41,
  parameters: [
    { name: 'lr', importance: 0.62 },
    { name: 'optimizer', importance: 0.24 },
    { name: 'dropout', importance: 0.1 },
    { name: 'batch_size', importance: 0.04 }
  ],
  note: null
};

const MINUTE = 60_000;

/** A number of [0, 1) that looks random and is the same each time. */
const chance = (i: number, salt: number): number => {
  const x = Math.sin(i * 127.1 + salt * 311.7) * 43758.5453;
  return x - Math.floor(x);
};

function statusOf(i: number, count: number): RunStatus {
  if (i >= count - 3) {
    return i === count - 1 ? 'Queued' : 'Running';
  }
  return i % 13 === 6 ? 'Failed' : i % 9 === 4 ? 'Canceled' : 'Completed';
}

/** A trial of the sweep `id`. */
export function demoTrial(id: string, i: number, status: RunStatus, now: number): IRunDetail {
  const learned = Math.min(1, i / 40) * 0.6;
  const log = -9.2 + 6.9 * (chance(i, 1) * (1 - learned) + 0.55 * learned);
  const optimizer = ['adamw', 'sgd', 'lion'][Math.floor(chance(i, 2) * 3)] ?? 'adamw';
  const dropout = Number((chance(i, 3) * 0.5).toPrecision(3));
  const value = 0.21 + 0.04 * Math.abs(log + 5.4) + (optimizer === 'sgd' ? 0.06 : 0) + dropout / 20;
  const reached = status !== 'Failed' && status !== 'Queued';
  const ended = status !== 'Running' && status !== 'Queued';
  return demoRun({
    id: `${id}_${i}`,
    number: 601 + i,
    display_name: `vit-pcam ${i}`,
    parent_id: id,
    root_id: id,
    status,
    created_ms: now - (90 - i) * MINUTE,
    started_ms: status === 'Queued' ? null : now - (90 - i) * MINUTE,
    ended_ms: ended ? now - (88 - i - chance(i, 4) * 5) * MINUTE : null,
    reason: status === 'Failed' ? 'The script ended with exit code 1.' : null,
    tags: {
      hyperparameters: JSON.stringify({
        lr: Number(Math.exp(log).toPrecision(3)),
        batch_size: [32, 64, 128][Math.floor(chance(i, 5) * 3)],
        dropout,
        optimizer
      })
    },
    primary_metric: reached
      ? {
          name: 'val_loss',
          last: value + 0.004,
          best: Number(value.toPrecision(5)),
          best_step: 20 + (i % 9),
          count: 30,
          spark: [0.6, 0.4, value]
        }
      : null
  });
}

/** The sweep and its trials. */
export function demoSweep(
  count = 44,
  now = Date.now()
): { runs: readonly IRunDetail[]; importance: Readonly<Record<string, IImportance>> } {
  const id = 'hd';
  const trials = Array.from({ length: count }, (_, i) => demoTrial(id, i, statusOf(i, count), now));
  const sweep = demoRun({
    id,
    number: 600,
    display_name: 'vit-pcam sweep',
    type: 'hyperdrive',
    status: 'Running',
    created_ms: now - 92 * MINUTE,
    started_ms: now - 92 * MINUTE,
    child_count: count,
    children: { Completed: count - 10, Failed: 3, Canceled: 4, Running: 2, Queued: 1 },
    sweep: SWEEP
  });
  return { runs: [sweep, ...trials], importance: { [id]: IMPORTANCE } };
}
