/** What the demonstration machine was used for, and what ran on it, over an hour, a day or a week. */
import type { HistorySpan, IMachineHistory, IQueueHistory, IRanRun } from '../model/machine';
import type { RunStatus } from '../model/types';
import type { ISystemSeries } from '../model/use';
import { random } from './demo';

const GB = 1e9;
const SPANS: Readonly<Record<HistorySpan, number>> = {
  hour: 3_600_000,
  day: 24 * 3_600_000,
  week: 7 * 24 * 3_600_000
};
const POINTS = 240;
const ENDS: readonly RunStatus[] = ['Completed', 'Completed', 'Failed', 'Completed', 'Canceled'];

type Named = Pick<ISystemSeries, 'name' | 'label' | 'unit' | 'gpu' | 'full'>;

/** A series of shares of its full scale, with peaks a little above. */
function series(named: Named, times: readonly number[], share: (at: number) => number) {
  const full = named.full ?? 100;
  const values = times.map((_, i) => full * share(i / times.length));
  const peaks = values.map(value => Math.min(full, value * 1.15));
  return {
    ...named,
    count: values.length,
    times_ms: times,
    values,
    peaks,
    downsampled: false,
    last: values[values.length - 1] ?? null,
    peak: Math.max(...peaks),
    mean: values.reduce((sum, v) => sum + v, 0) / values.length
  };
}

export function demoMachineHistory(span: HistorySpan, now = Date.now()): IMachineHistory {
  const from = now - SPANS[span];
  const times = Array.from({ length: POINTS }, (_, i) => from + (i * SPANS[span]) / POINTS);
  const noise = random(7);
  const busy = (at: number): number => (at > 0.3 && at < 0.42 ? 0.02 : 0.88 + 0.1 * noise());
  const gpu = (n: number, kind: string): Named => ({
    name: `gpu.${n}.${kind}`,
    label: `GPU ${n} ${kind}`,
    unit: kind === 'memory' ? 'bytes' : '%',
    gpu: `GPU-${n}`,
    full: kind === 'memory' ? 24 * GB : 100
  });
  const cpu: Named = { name: 'cpu', label: 'CPU', unit: '%', gpu: null, full: 1600 };
  const memory: Named = {
    name: 'memory',
    label: 'Memory',
    unit: 'bytes',
    gpu: null,
    full: 128 * GB
  };
  return {
    span,
    interval_s: SPANS[span] / POINTS / 1000,
    from_ms: from,
    to_ms: now,
    series: [
      series(cpu, times, at => 0.5 + 0.2 * Math.sin(at * 20)),
      series(memory, times, at => 0.25 + 0.1 * at),
      series(gpu(0, 'utilization'), times, at => (at < 0.2 ? 0.9 : 0.01)),
      series(gpu(0, 'memory'), times, at => (at < 0.2 ? 0.5 : 0.76)),
      series(gpu(1, 'utilization'), times, busy),
      series(gpu(1, 'memory'), times, at => (at > 0.3 && at < 0.42 ? 0.03 : 0.9))
    ]
  };
}

export function demoQueueHistory(span: HistorySpan, now = Date.now()): IQueueHistory {
  const length = SPANS[span];
  const from = now - length;
  const ran = (i: number, begin: number, end: number | null, gpus: readonly string[]): IRanRun => ({
    run_id: i === 0 ? 'mixup' : `ran-${i}`,
    number: 412 - i,
    display_name: i === 0 ? 'vit-s16-pcam-lr3e-4-mixup' : `vit-s16-pcam-lr3e-4-fold${i}`,
    status: end === null ? 'Running' : (ENDS[i % ENDS.length] ?? 'Completed'),
    created_ms: from + (begin - 0.06) * length,
    started_ms: from + begin * length,
    ended_ms: end === null ? null : from + end * length,
    waited_ms: 0.06 * length,
    cpus: gpus.length > 0 ? 4 : 2,
    gpus
  });
  return {
    span,
    from_ms: from,
    to_ms: now,
    truncated: false,
    runs: [
      ran(5, -0.05, 0.2, ['GPU-0']),
      ran(4, 0.01, 0.3, ['GPU-1']),
      ran(3, 0.1, 0.16, []),
      ran(2, 0.12, 0.5, []),
      ran(6, 0.42, 0.58, ['GPU-1']),
      ran(7, 0.585, 0.6, ['GPU-1']),
      ran(0, 0.62, null, ['GPU-1'])
    ]
  };
}
