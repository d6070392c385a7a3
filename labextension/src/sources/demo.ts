/** The demonstration workspace: the runs that the tests and the gallery show. Nothing in the product imports it. Data, so long. */
import type { IRunDetail, IRunSnapshot, IScalarSeries, RunStatus } from '../model/types';
import { demoMachine, demoQueue } from './demoMachine';
import type { IFakeWorld } from './fake';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A repeatable source of numbers in [0, 1). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/** A run of nothing special; what matters to a test is given. */
export function demoRun(change: Partial<IRunDetail> & { readonly id: string }): IRunDetail {
  const created = change.created_ms ?? Date.now() - HOUR;
  return {
    workspace_id: 'ws',
    number: 1,
    experiment_id: 'e1',
    experiment: 'pcam',
    display_name: change.id,
    type: 'azureml.scriptrun',
    status: 'Completed',
    reason: null,
    parent_id: null,
    root_id: change.id,
    target: 'local',
    user: 'mara',
    archived: false,
    created_ms: created,
    started_ms: created,
    ended_ms: null,
    tags: {},
    primary_metric: null,
    progress: null,
    child_count: 0,
    children: {},
    can_write: true,
    description: null,
    properties: {},
    command: ['python', 'train.py', '--lr', '3e-4'],
    parameters: { model: 'vit_s16', lr: '3e-4', batch_size: '64', mixup: '0.2', epochs: '30' },
    script: 'train.py',
    arguments: ['--lr', '3e-4'],
    error: null,
    warnings: [],
    git: { commit: '8f3c1ad', branch: 'main', dirty: true, repository: 'pcam' },
    snapshot_id: 's1',
    host: 'workstation',
    metrics: [],
    log_files: ['user_logs/std_log.txt'],
    portal_url: `lab?run=${change.id}`,
    duration_ms: null,
    parents: [],
    ...change
  };
}

/** A noisy course from a to b. */
export function course(
  points: number,
  from: number,
  to: number,
  noise: number,
  seed: number
): number[] {
  const next = random(seed);
  return Array.from({ length: points }, (_, i) => {
    const t = points > 1 ? i / (points - 1) : 1;
    return to + (from - to) * Math.exp(-4 * t) + (next() - 0.5) * noise * (1.3 - t);
  });
}

export function demoSeries(
  name: string,
  values: readonly number[],
  lastStep: number,
  start: number
): IScalarSeries {
  const steps = values.map((_, i) => Math.round(((i + 1) / values.length) * lastStep));
  return {
    name,
    kind: 'scalar',
    count: values.length,
    steps,
    times_ms: steps.map(s => start + s * 120),
    values,
    downsampled: false
  };
}

function metric(name: string, values: readonly number[]): IRunDetail['primary_metric'] {
  const best = Math.max(...values);
  const spark = values.filter((_, i) => i % Math.ceil(values.length / 40) === 0);
  return {
    name,
    last: values[values.length - 1] ?? null,
    best,
    best_step: values.indexOf(best),
    count: values.length,
    spark
  };
}

function ended(
  id: string,
  number: number,
  status: RunStatus,
  value: number | null,
  age: number,
  reason: string | null = null
): IRunDetail {
  const end = Date.now() - age;
  return demoRun({
    id,
    number,
    status,
    reason,
    created_ms: end - 2 * HOUR,
    ended_ms: end,
    primary_metric:
      value === null ? null : metric('val_auc', [...course(20, 0.8, value, 0.01, number), value])
  });
}

const ENDED: readonly (readonly [string, RunStatus, number | null, number, string?])[] = [
  ['vit-s16-pcam-lr3e-4-bs128', 'Failed', null, 2 * HOUR, 'Ran out of memory at step 812.'],
  ['vit-s16-pcam-lr1e-4', 'Completed', 0.9588, 3 * HOUR],
  ['convnext-t-pcam-baseline', 'Completed', 0.9552, 5 * HOUR],
  ['unet-retina-512-bce', 'Canceled', 0.7811, 6 * HOUR],
  [
    'llama-lora-r16-support-tickets',
    'Failed',
    1.212,
    9 * HOUR,
    'The process was killed by signal 9.'
  ],
  ['xgb-credit-depth6', 'Completed', 0.8861, DAY],
  ['distilbert-ner-de-base', 'Completed', 0.8714, DAY],
  ['resnet50-pcam-seed3', 'Completed', 0.9471, 2 * DAY],
  ['resnet50-pcam-seed2', 'Completed', 0.9466, 2 * DAY],
  ['efficientnet-b3-pcam-color-jitter-strong', 'Completed', 0.9518, 4 * DAY]
];

/** Runs at work: one with everything, one with children, one preparing, three waiting, ten over. */
export function demoWorld(now = Date.now()): IFakeWorld {
  const auc = course(42, 0.84, 0.962, 0.012, 3).concat(0.9634);
  const start = now - 84 * MINUTE;
  const main = demoRun({
    id: 'mixup',
    number: 412,
    display_name: 'vit-s16-pcam-lr3e-4-mixup',
    status: 'Running',
    created_ms: start - 4000,
    started_ms: start,
    tags: { mixup: null, paper: null },
    primary_metric: metric('val_auc', auc),
    progress: { step: 41216, total: 60000 },
    metrics: ['val_auc', 'train_loss', 'val_loss'].map(name => ({
      name,
      kind: 'scalar',
      count: 43,
      last: 0.5,
      min: 0,
      max: 1,
      first_nan_step: null,
      description: ''
    }))
  });
  const live = [
    main,
    demoRun({
      id: 'fold2',
      number: 411,
      display_name: 'unet-retina-512-dice-bce-augment-fold2',
      status: 'Running',
      started_ms: now - 87 * MINUTE,
      created_ms: now - 88 * MINUTE,
      experiment: 'retina',
      primary_metric: metric('val_dice', [...course(30, 0.55, 0.81, 0.03, 8), 0.8127]),
      progress: { step: 400, total: 1000 }
    }),
    demoRun({
      id: 'sweep',
      number: 301,
      display_name: 'xgb-credit-sweep',
      status: 'Running',
      experiment: 'credit',
      created_ms: now - 92 * MINUTE,
      started_ms: now - 92 * MINUTE,
      child_count: 60,
      children: { Completed: 35, Failed: 2, Running: 4, Queued: 19 },
      progress: { step: 37, total: 60 },
      primary_metric: metric('auc', [...course(37, 0.8, 0.887, 0.02, 9), 0.8873])
    }),
    demoRun({
      id: 'focal',
      number: 413,
      display_name: 'distilbert-ner-de-focal',
      status: 'Preparing',
      experiment: 'ner',
      created_ms: now - MINUTE,
      started_ms: null,
      reason: 'Laying out the snapshot: 310 of 542 files.'
    }),
    ...waiting(now)
  ];
  return {
    runs: [
      ...live,
      ...children(now),
      ...ENDED.map(([id, s, v, age, why], i) => ended(id, 400 - i, s, v, age, why ?? null))
    ],
    metrics: {
      mixup: [
        demoSeries('val_auc', auc, 41216, start),
        demoSeries('train_loss', course(240, 0.66, 0.119, 0.08, 5), 41216, start),
        demoSeries('val_loss', course(42, 0.55, 0.15, 0.03, 6), 41216, start)
      ]
    },
    files: { mixup: { 'user_logs/std_log.txt': LOG, 'outputs/model.pt': 'weights' } },
    machine: demoMachine(),
    queue: demoQueue(waiting(now))
  };
}

function waiting(now: number): IRunDetail[] {
  const rows: readonly (readonly [string, string])[] = [
    [
      'vit-s16-pcam-lr1e-3-mixup',
      'Waiting for 1 GPU. GPU 0 is held by notebook eda.ipynb (idle 3 h, 18.2 GB).'
    ],
    ['convnext-t-pcam-randaug', 'Starts in about 38 min, when run 412 ends.'],
    ['vit-b16-pcam-2gpu', 'Will never start: it asks for 4 GPUs and this machine has 2.']
  ];
  return rows.map(([id, reason], i) =>
    demoRun({
      id,
      number: 414 + i,
      status: 'Queued',
      reason,
      created_ms: now - (30 - i) * MINUTE,
      started_ms: null
    })
  );
}

function children(now: number): IRunDetail[] {
  return Array.from({ length: 12 }, (_, i) =>
    demoRun({
      id: `child${i}`,
      number: 500 + i,
      display_name: `child ${i + 20}`,
      parent_id: 'sweep',
      root_id: 'sweep',
      experiment: 'credit',
      status: i === 3 ? 'Failed' : i % 5 === 0 ? 'Running' : 'Completed',
      reason: i === 3 ? 'The script ended with exit code 1.' : null,
      created_ms: now - (90 - i) * MINUTE,
      ended_ms: i % 5 === 0 ? null : now - (80 - i) * MINUTE,
      parameters: { max_depth: String(4 + (i % 5)), eta: i % 2 ? '0.05' : '0.03' },
      tags: { max_depth: String(4 + (i % 5)), eta: i % 2 ? '0.05' : '0.03' },
      primary_metric: i === 3 ? null : metric('auc', [0.85, 0.8873 - i * 0.003])
    })
  );
}

const LOG = [
  '[15:22:14] \u001b[32mINFO\u001b[0m  val step 40000  loss 0.1501  auc 0.9629  acc 0.9001',
  '[15:23:47] \u001b[33mWARN\u001b[0m  loader: 2 of 8 workers slow (p95 412 ms), see data.py:88',
  '[15:24:16] \u001b[32mINFO\u001b[0m  val step 41000  loss 0.1507  auc 0.9634  acc 0.9006',
  'train:  69%|███████████████████████████           | 41216/60000 [1:24:02<38:14, 8.19it/s, loss=0.119]'
].join('\n');

/** The run with everything, as a notebook would have kept it. */
export function demoSnapshot(id = 'mixup', saved = Date.now() - 3 * DAY): IRunSnapshot {
  const world = demoWorld();
  const run = world.runs?.find(r => r.id === id) ?? demoRun({ id });
  return {
    schema: 1,
    workspace_id: 'ws',
    workspace_name: 'demo',
    run_id: run.id,
    saved_ms: saved,
    run,
    metrics: { series: world.metrics?.[run.id] ?? [] },
    log_tail: LOG,
    children: (world.runs ?? []).filter(r => r.parent_id === run.id)
  };
}
