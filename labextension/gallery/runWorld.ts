import { course, demoRun, demoSeries, demoWorld } from '../src/sources/demo';
import { DEMO_CODE, DEMO_RESOURCES, demoFinding, demoUse } from '../src/sources/demoUse';
import { demoSweep } from '../src/sources/demoSweep';
import type { IPackage, IPackages } from '../src/model/packages';
import type { FakeRunSource, IFakeWorld } from '../src/sources/fake';
import type { IRunDetail, JsonNumber, MetricSeries } from '../src/model/types';

const LOG = 'user_logs/std_log.txt';
const MINUTE = 60_000;

const summary = (series: MetricSeries): IRunDetail['metrics'][number] => ({
  name: series.name,
  kind: series.kind,
  count: series.count,
  last: null,
  min: null,
  max: null,
  first_nan_step: null,
  description: ''
});

function spikes(values: number[], every: number, size: number): number[] {
  return values.map((v, i) => (i % every === every - 1 ? v + size : v));
}

function mainMetrics(start: number): MetricSeries[] {
  const at = (name: string, values: readonly number[]): MetricSeries =>
    demoSeries(name, values, 41216, start);
  const lr = Array.from({ length: 240 }, (_, i) =>
    i < 12 ? (3e-4 * i) / 12 : 3e-4 * (0.15 + 0.85 * Math.cos(((i - 12) / 228) * 1.3))
  );
  const nan = course(200, 2, 0.4, 0.3, 12).map((v, i): JsonNumber =>
    i > 150 && i < 158 ? 'NaN' : i === 60 ? 'Infinity' : v
  );
  return [
    at('val_auc', course(42, 0.84, 0.962, 0.012, 3).concat(0.9634)),
    at('train_loss', course(260, 0.66, 0.119, 0.08, 5)),
    at('val_loss', course(42, 0.55, 0.15, 0.03, 6)),
    at('grad_norm', spikes(course(260, 3.4, 0.82, 0.5, 7), 41, 1.4)),
    at('lr', lr),
    at('images_per_s', spikes(course(260, 512, 522, 12, 9), 37, -110)),
    {
      ...demoSeries('train_nll', new Array<number>(200).fill(0), 41216, start),
      values: nan
    },
    at('parameters_millions', [21.7]),
    at('dataset_rows', [327680]),
    {
      name: 'note',
      kind: 'text',
      count: 2,
      entries: [
        { step: 1, time_ms: start, value: 'warm-up finished' },
        { step: 2, time_ms: start, value: 'switched to bf16' }
      ]
    },
    {
      name: 'by_scanner',
      kind: 'table',
      count: 1,
      entries: [
        {
          step: 3,
          time_ms: start,
          value: {
            scanner: ['A', 'B', 'C'],
            auc: [0.9702, 0.9611, 0.9388],
            n: [14336, 12288, 6144]
          }
        }
      ]
    },
    {
      name: 'residuals',
      kind: 'residuals',
      count: 1,
      entries: [
        {
          step: 3,
          time_ms: start,
          value: {
            data: {
              bin_edges: [-3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2],
              bin_counts: [4, 19, 61, 180, 320, 415, 390, 210, 70, 12]
            }
          }
        }
      ]
    },
    {
      name: 'predicted',
      kind: 'predictions',
      count: 1,
      entries: [
        {
          step: 3,
          time_ms: start,
          value: {
            data: {
              bin_edges: [0, 1, 2, 3, 4, 5, 6],
              bin_counts: [120, 300, 420, 380, 200, 40],
              bin_averages: [0.8, 1.6, 2.5, 3.3, 4.1, 4.7],
              bin_errors: [0.4, 0.3, 0.2, 0.25, 0.4, 0.8]
            }
          }
        }
      ]
    },
    {
      name: 'accuracy',
      kind: 'accuracy_table',
      count: 1,
      entries: [
        {
          step: 3,
          time_ms: start,
          value: {
            data: {
              class_labels: ['normal', 'tumour'],
              probability_tables: [0.8, 0.9].map(quality =>
                Array.from({ length: 21 }, (_, i) => {
                  const rate = i / 20;
                  const hits = Math.round(100 * Math.min(1, rate ** (1 - quality)));
                  const false_ = Math.round(100 * rate);
                  return [hits, false_, 100 - false_, 100 - hits];
                })
              )
            }
          }
        }
      ]
    },
    {
      name: 'samples',
      kind: 'image',
      count: 3,
      entries: [1, 2, 3].map(step => ({
        step: step * 1000,
        time_ms: start,
        value: { path: `samples_${step}.png` }
      }))
    },
    {
      name: 'confusion',
      kind: 'confusion_matrix',
      count: 1,
      entries: [
        {
          step: 3,
          time_ms: start,
          value: {
            class_labels: ['normal', 'tumour'],
            matrix: [
              [15201, 1183],
              [902, 15482]
            ]
          }
        }
      ]
    }
  ];
}

const g = (s: string): string => `\u001b[32m${s}\u001b[0m`;
const dim = (s: string): string => `\u001b[2m[${s}]\u001b[0m`;

function mainLog(): string {
  const lines = Array.from({ length: 600 }, (_, i) => {
    const clock = `${String(13 + Math.floor(i / 240)).padStart(2, '0')}:${String(Math.floor(i / 4) % 60).padStart(2, '0')}:${String((i * 13) % 60).padStart(2, '0')}`;
    return `${dim(clock)} ${g('INFO')}  val step ${i * 68}  loss ${(0.6 - i / 1400).toFixed(4)}  auc \u001b[1m${(0.84 + i / 5000).toFixed(4)}\u001b[0m  acc 0.90${i % 90}${i % 97 === 0 ? '  \u001b[36m(best so far)\u001b[0m' : ''}`;
  });
  lines.splice(
    560,
    0,
    `${dim('15:11:17')} \u001b[33mWARN\u001b[0m  loader: worker 5 timed out after 30 s on /data/pcam/train/shard-0117.tar, trying again (2 of 3)`,
    `${dim('15:11:47')} \u001b[1;31mERROR\u001b[0m loader: worker 5 timed out after 30 s on /data/pcam/train/shard-0117.tar, shard skipped`,
    'Traceback (most recent call last):',
    '  File "/home/mara/pcam/data.py", line 88, in read_shard',
    '    buf = self._open(url, timeout=30).read()',
    '  File "/opt/env/lib/python3.11/site-packages/fsspec/core.py", line 147, in open',
    '    return self.fs.open(path)',
    'TimeoutError: timed out while reading 4,194,304 bytes at offset 271,581,184',
    `${dim('15:11:48')} ${g('INFO')}  loader: 127 of 128 shards in use`,
    '\u001b[35m┏━━━━━━━━━━━┳━━━━━━━━━┓\u001b[0m',
    `\u001b[35m┃\u001b[0m slice     \u001b[35m┃\u001b[0m auc     \u001b[35m┃\u001b[0m`,
    '\u001b[35m┡━━━━━━━━━━━╇━━━━━━━━━┩\u001b[0m',
    `\u001b[35m│\u001b[0m scanner A \u001b[35m│\u001b[0m ${g('0.9702')}  \u001b[35m│\u001b[0m`,
    '\u001b[35m└───────────┴─────────┘\u001b[0m',
    '\u001b[38;2;255;128;0mtrue colour\u001b[0m \u001b[38;5;39mindexed\u001b[0m \u001b[7minverse\u001b[0m \u001b[41mred ground\u001b[0m',
    `endless ${'x'.repeat(9000)}`
  );
  const bars = Array.from(
    { length: 20 },
    (_, i) =>
      `\rtrain:  ${50 + i}%|${'█'.repeat(20 + i)}${' '.repeat(20 - i)}| ${30000 + i * 590}/60000 [1:24:02<38:14, 8.19it/s, loss=0.119]`
  );
  return `${lines.join('\n')}\n${bars.join('')}`;
}

const TRACE = `Traceback (most recent call last):
  File "/home/mara/pcam/train.py", line 203, in <module>
    main()
  File "/home/mara/pcam/train.py", line 148, in train_epoch
    scaler.scale(loss).backward()
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/opt/env/lib/python3.11/site-packages/torch/_tensor.py", line 648, in backward
    torch.autograd.backward(
  File "/opt/env/lib/python3.11/site-packages/torch/autograd/__init__.py", line 353, in backward
    _engine_run_backward(
  File "/opt/env/lib/python3.11/site-packages/torch/autograd/graph.py", line 824, in _engine_run_backward
    return Variable._execution_engine.run_backward(
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.10 GiB. GPU 0 has a total capacity of 23.99 GiB of which 801.00 MiB is free.`;

function failed(now: number): IRunDetail {
  const ended = now - 2 * 60 * MINUTE;
  return demoRun({
    id: 'failed',
    number: 409,
    display_name: 'vit-s16-pcam-lr3e-4-bs128',
    status: 'Failed',
    reason: 'Ran out of GPU memory in the backward pass at step 812.',
    created_ms: ended - 3 * MINUTE,
    started_ms: ended - 161_000,
    ended_ms: ended,
    progress: { step: 812, total: 60000 },
    primary_metric: {
      name: 'val_auc',
      last: null,
      best: null,
      best_step: null,
      count: 0,
      spark: []
    },
    finding: demoFinding(ended - 161_000),
    arguments: ['--batch-size', '128'],
    error: { code: '1', message: 'torch.OutOfMemoryError: CUDA out of memory.', traceback: TRACE },
    metrics: []
  });
}

const installed = (name: string, version: string, change: Partial<IPackage> = {}): IPackage => ({
  name,
  version,
  origin: null,
  local: false,
  editable: false,
  requirement: `${name}==${version}`,
  ...change
});

const PACKAGES: IPackages = {
  python: '3.11.9',
  implementation: 'cpython',
  packages: [
    installed('lab-augment', '0.3.dev4', { origin: 'lab-augment', local: true, editable: true }),
    ...['filelock 3.16.1', 'fsspec 2024.10.0', 'huggingface-hub 0.26.2', 'numpy 2.1.0'].map(text =>
      installed(...(text.split(' ') as [string, string]))
    ),
    installed('pcam-tools', '1.4', {
      origin:
        'git+https://git.example.org/vision/pcam-tools@8f3c1ad5b2e94c7f8a1d0e6b3c9f2a7d4e5b6c7d'
    }),
    ...['pillow 11.0.0', 'scikit-learn 1.5.2', 'timm 1.0.9', 'torch 2.13.0+cu128'].map(text =>
      installed(...(text.split(' ') as [string, string]))
    )
  ]
};

const IMPORTED = {
  tool: 'wandb',
  source: '/data/archive/wandb',
  id: 'pcam/3k9x1a0c',
  imported_ms: Date.UTC(2026, 1, 3, 10, 30)
};

/** The demonstration workspace with all that a page of a run shows. */
export function runWorld(now = Date.now()): IFakeWorld {
  const world = demoWorld(now);
  const start = now - 84 * MINUTE;
  const metrics = mainMetrics(start);
  const runs = (world.runs ?? []).map(run =>
    run.id === 'mixup'
      ? {
          ...run,
          metrics: metrics.map(summary),
          log_files: [LOG, 'user_logs/std_log_process_1.txt'],
          resources: DEMO_RESOURCES,
          data: {
            read: [
              {
                name: 'images',
                dataset: 'pcam',
                version: 3,
                kind: 'file',
                mode: 'mount',
                places: [
                  'https://example.org/pcam/camelyonpatch_level_2_split_train_x.h5.gz',
                  'https://example.org/pcam/camelyonpatch_level_2_split_train_y.h5.gz'
                ],
                count: 6,
                runs: [
                  { id: 'failed', name: 'vit-s16-pcam-big-batch', role: 'read' },
                  { id: 'focal', name: 'prepare-pcam', role: 'written' }
                ]
              },
              {
                name: 'slides',
                dataset: null,
                version: null,
                kind: 'tabular',
                mode: 'direct',
                places: ['/data/pcam/slides.csv'],
                count: 1,
                runs: []
              }
            ],
            written: [
              {
                name: 'embeddings',
                dataset: 'pcam-embeddings',
                version: 1,
                kind: 'tabular',
                mode: 'upload',
                places: ['/data/store/dataset/mixup/embeddings'],
                count: 1,
                runs: []
              }
            ]
          },
          build_log: 'system_logs/build_log.txt',
          packages: { digest: 'p', count: PACKAGES.packages.length, python: '3.11.9' },
          environment: {
            name: 'pcam',
            version: '3',
            mode: 'pip',
            python: '3.11',
            interpreter: null,
            pip: ['torch==2.13.0', 'timm==1.0.9', 'numpy', 'scikit-learn>=1.5', 'pillow==11.0'],
            conda: [],
            channels: [],
            image: null,
            dockerfile: null,
            variables: { OMP_NUM_THREADS: '4', HF_TOKEN: '***' },
            limits: { slots: 8, gpus: 1, memory: 32e9, max_run_duration_s: 86400 }
          },
          ranks: [0, 1].map(rank => ({
            rank,
            name: String(rank),
            node: 0,
            log: `user_logs/std_log_process_${rank}.txt`,
            exit_code: null,
            failed_first: false
          })),
          parameters: {
            ...run.parameters,
            weight_decay: '0.05',
            drop_path: '0.1',
            warmup_steps: '3000',
            seed: '1'
          }
        }
      : run.id === 'focal'
        ? {
            ...run,
            build_log: 'system_logs/build_log.txt',
            log_files: ['system_logs/build_log.txt'],
            reason: 'Building the environment: package 31 of 54.'
          }
        : run.id === 'sweep'
          ? { ...run, metrics: [] }
          : run.id === 'vit-s16-pcam-lr1e-4'
            ? { ...run, imported: IMPORTED }
            : run
  );
  const short = (values: readonly number[]): readonly number[] => values.slice(0, 200);
  return {
    ...world,
    runs: [...runs, failed(now), ...demoSweep(44, now).runs],
    importance: demoSweep().importance,
    use: { mixup: demoUse(start) },
    packages: { mixup: PACKAGES },
    code: {
      mixup: DEMO_CODE.after,
      failed: DEMO_CODE.after,
      'vit-s16-pcam-lr1e-4': DEMO_CODE.before
    },
    metrics: {
      ...world.metrics,
      mixup: metrics,
      failed: [
        demoSeries('train_loss', short(course(203, 0.7, 0.42, 0.06, 55)), 812, start),
        demoSeries('grad_norm', short(course(203, 3.6, 1.7, 0.3, 57)), 812, start),
        demoSeries(
          'lr',
          Array.from({ length: 203 }, (_, i) => i * 4e-7),
          812,
          start
        ),
        demoSeries('images_per_s', course(203, 690, 688, 12, 59), 812, start)
      ]
    },
    files: {
      ...world.files,
      mixup: {
        [LOG]: mainLog(),
        'user_logs/std_log_process_1.txt': 'rank 1\n',
        'logs/events.out.tfevents.1763700000.host': 'x'.repeat(40000),
        'outputs/ckpt-38000.pt': '\u0000'.repeat(86_400),
        'outputs/config.json': JSON.stringify({ lr: 3e-4, mixup: 0.2, layers: [12, 12] }),
        'outputs/predictions.csv': 'slide,true,score\n"a, 1",0,0.12\nb,1,0.93\n',
        'outputs/report.html': '<h1>Report</h1>'
      },
      focal: {
        'system_logs/build_log.txt':
          'Resolved 54 packages in 1.2 s\nDownloading torch (731.2 MB)\nInstalling numpy 2.1.3\nInstalling torch 2.13.0\n'
      },
      failed: {
        [LOG]: `[13:21:24] ${g('INFO')}  step 400  loss 0.5302  grad_norm 2.11  690 images/s\n[13:22:38] ${g('INFO')}  step 800  loss 0.4836  grad_norm 1.88  691 images/s\n${TRACE}\n`
      }
    }
  };
}

/** Makes the curves and the log of the main run as long as asked for; 0 leaves them. */
export function stretch(world: IFakeWorld, points: number, lines: number): void {
  const metrics = world.metrics as Record<string, readonly MetricSeries[]>;
  const files = world.files as Record<string, Record<string, string>>;
  if (points > 0) {
    metrics.mixup = Array.from({ length: 6 }, (_, i) =>
      demoSeries(`curve_${i}`, course(points, 3, 0.2 * i, 1, i), points, Date.now())
    );
  }
  if (lines > 0) {
    files.mixup = {
      [LOG]: Array.from(
        { length: lines },
        (_, i) => `step ${i} loss ${(1 / (i + 1)).toFixed(6)} and more words`
      ).join('\n')
    };
  }
}

let steps = 41216;

/** One more point and one more line. */
export function tick(source: FakeRunSource): void {
  steps += 64;
  source.appendMetric('mixup', 'train_loss', steps, 0.12 + Math.random() * 0.03);
  source.appendLog('mixup', LOG, `\nstep ${steps} loss 0.12`);
}
