/** What the demonstration's runs used, and why one of them failed. */
import type { IFinding } from '../model/finding';
import type { IResources, ISystemSeries, ISystemUse } from '../model/use';
import { course, random } from './demo';

const GB = 1e9;
const EVERY_MS = 5000;

/** A series sampled every five seconds; what matters to a test is given. */
export function demoUseSeries(
  change: Partial<ISystemSeries> & { readonly name: string },
  values: readonly number[],
  start: number
): ISystemSeries {
  return {
    label: change.name,
    unit: '%',
    gpu: null,
    full: 100,
    count: values.length,
    times_ms: values.map((_, i) => start + i * EVERY_MS),
    values,
    downsampled: false,
    last: values[values.length - 1] ?? null,
    peak: Math.max(...values),
    mean: values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length),
    ...change
  };
}

const GPU = {
  label: 'GPU 1',
  uuid: 'GPU-1',
  name: 'NVIDIA GeForce RTX 4090',
  memory_total: 24 * GB
};

export const DEMO_RESOURCES: IResources = {
  sentence:
    'Used 8.0 cores on average (9.8 at most) and 21.2 GB of memory at most. GPU 1 was idle 6% of the time and held 21.4 GB at most.',
  samples: 1000,
  seconds: 5000,
  cpu: { mean: 800, peak: 980 },
  memory: { mean: 20.9 * GB, peak: 21.2 * GB },
  read: { mean: 120e6, peak: 410e6 },
  write: { mean: 1e6, peak: 90e6 },
  gpus: [
    {
      ...GPU,
      idle_percent: 6,
      utilization: { mean: 91, peak: 100 },
      memory: { mean: 21 * GB, peak: 21.4 * GB },
      temperature: { mean: 69, peak: 74 },
      power: { mean: 371, peak: 432 }
    }
  ]
};

/** A long run on one GPU, its data loader stalling now and then. */
export function demoUse(start: number, samples = 1000): ISystemUse {
  const next = random(11);
  const stalls = Array.from({ length: samples }, (_, i) => i % 230 > 218);
  const busy = stalls.map(stalled => (stalled ? 8 : 95) + next() * 5);
  const up = (i: number, top: number): number => top * Math.min(1, i / 30);
  const each = (make: (i: number) => number): number[] =>
    Array.from({ length: samples }, (_, i) => make(i));
  const gpu = { gpu: GPU.label };
  return {
    interval_s: 5,
    gpus: [GPU],
    summary: DEMO_RESOURCES,
    series: [
      demoUseSeries(
        { name: 'cpu', label: 'CPU', full: 1600 },
        course(samples, 300, 800, 180, 4),
        start
      ),
      demoUseSeries(
        { name: 'memory', label: 'Memory', unit: 'bytes', full: 128 * GB },
        each(i => up(i, 21 * GB) + next() * 2e8),
        start
      ),
      demoUseSeries(
        { name: 'read', label: 'Reading', unit: 'bytes/s', full: null },
        each(i => (stalls[i] ? 20e6 : 110e6) + next() * 30e6),
        start
      ),
      demoUseSeries(
        { name: 'write', label: 'Writing', unit: 'bytes/s', full: null },
        each(i => (i % 160 === 0 ? 86e6 : 1e5)),
        start
      ),
      demoUseSeries({ ...gpu, name: 'gpu.1.utilization', label: 'GPU 1 busy' }, busy, start),
      demoUseSeries(
        {
          ...gpu,
          name: 'gpu.1.memory',
          label: 'GPU 1 memory',
          unit: 'bytes',
          full: 24 * GB
        },
        each(i => up(i, 21.3 * GB) + next() * 1e8),
        start
      ),
      demoUseSeries(
        { ...gpu, name: 'gpu.1.temperature', label: 'GPU 1 temperature', unit: '°C', full: null },
        busy.map((b, i) => 42 + up(i, 20) + b / 12),
        start
      ),
      demoUseSeries(
        { ...gpu, name: 'gpu.1.power', label: 'GPU 1 power', unit: 'W', full: 450 },
        busy.map(b => 60 + b * 3.4),
        start
      )
    ]
  };
}

/** Out of GPU memory after the batch was doubled. */
export function demoFinding(start: number): IFinding {
  const held = Array.from({ length: 60 }, (_, i) =>
    i < 5
      ? 2 + i * 3.2
      : i < 22
        ? 18
        : i < 55
          ? 19.8 + (i % 7 === 0 ? 0.6 : 0)
          : 20.4 + (i - 54) * 0.4
  );
  return {
    kind: 'gpu_memory',
    title: 'Ran out of GPU memory in the backward pass at step 812.',
    summary:
      'PyTorch asked for 2.1 GB when 0.8 GB of GPU 0 was free. This run held 22.6 GB of it; notebook eda.ipynb held 0.6 GB.',
    rank: null,
    exit_code: 1,
    signal: null,
    error: {
      type: 'torch.OutOfMemoryError',
      message:
        'CUDA out of memory. Tried to allocate 2.10 GiB. GPU 0 has a total capacity of 23.99 GiB of which 801.00 MiB is free.'
    },
    frames: [
      {
        file: 'train.py',
        path: 'train.py',
        line: 15,
        function: 'train_epoch',
        code: 'scaler.scale(loss).backward()',
        own: true
      },
      {
        file: 'torch/_tensor.py',
        path: null,
        line: 648,
        function: 'backward',
        code: null,
        own: false
      },
      {
        file: 'torch/autograd/graph.py',
        path: null,
        line: 824,
        function: '_engine_run_backward',
        code: null,
        own: false
      }
    ],
    traceback: null,
    log: 'user_logs/std_log.txt',
    tail: [],
    advice: [
      {
        text: 'Use a smaller batch, or gradient checkpointing as in run 408.',
        code: null,
        package: null,
        source: null
      }
    ],
    curve: {
      name: 'gpu.0.memory',
      label: 'GPU memory',
      unit: 'bytes',
      limit: 24 * GB,
      times_ms: held.map((_, i) => start + i * 2700),
      values: held.map(v => v * GB),
      asked: 2.1 * GB
    },
    step: { step: 812, total: 60000 },
    changes: {
      run_id: 'vit-s16-pcam-lr1e-4',
      number: 408,
      display_name: 'vit-s16-pcam-lr1e-4',
      parameters: [
        { name: 'batch_size', before: '64', after: '128' },
        { name: 'drop_path', before: '0.1', after: '0.0' },
        { name: 'grad_checkpointing', before: 'on', after: 'off' }
      ],
      files: [{ path: 'train.py', change: 'changed', added: 4, removed: 3 }],
      more_files: 0,
      environment: [],
      sentence: 'Since run 408: batch_size 64 → 128, drop_path 0.1 → 0.0; train.py +4 −3.'
    }
  };
}

const TRAIN = `"""Train a vision transformer on patches."""
import argparse

import torch

from data import loader


def train_epoch(model, batches, scaler, optimizer):
    """One pass over the data; the mean loss."""
    total = 0.0
    for images, labels in batches:
        with torch.autocast("cuda", dtype=torch.bfloat16):
            loss = model(images.cuda(), labels.cuda())
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        total += loss.item()
    return total / len(batches)  # never empty: the loader sees to that


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=3e-4)
    parser.add_argument("--batch-size", type=int, default=128)
    options = parser.parse_args()
    print(f"lr {options.lr}")


if __name__ == "__main__":
    main()
`;

/** Source files of two runs that differ. */
export const DEMO_CODE = {
  after: {
    'train.py': TRAIN,
    'data.py': 'def loader(path):\n    """Batches of a folder."""\n    return []\n',
    'configs/vit.yaml': 'depth: 12\nwidth: 384\n',
    'README.md': '# Patches\n'
  },
  before: {
    'train.py': TRAIN.replace('default=128', 'default=64').replace(
      '        scaler.scale(loss).backward()\n',
      '        loss = loss / 2\n        scaler.scale(loss).backward()\n        model.checkpoint()\n'
    ),
    'data.py': 'def loader(path):\n    """Batches of a folder."""\n    return []\n',
    'configs/vit.yaml': 'depth: 12\nwidth: 384\n'
  }
} as const;
