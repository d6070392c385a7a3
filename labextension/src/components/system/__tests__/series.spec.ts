import { describe, expect, it } from 'vitest';
import { demoUse, demoUseSeries } from '../../../sources/demoUse';
import { axisTimes } from '../axis';
import {
  areaPath,
  formatOfFull,
  formatUse,
  meanPeak,
  nearest,
  scaleOf,
  seriesLabel,
  shownSeries,
  spanOf
} from '../series';

const GB = 1e9;
const cpu = demoUseSeries({ name: 'cpu', label: 'CPU', full: 1600 }, [100, 250], 0);
const memory = demoUseSeries(
  { name: 'memory', label: 'Memory', unit: 'bytes', full: 24 * GB },
  [2e8, 21.4 * GB],
  0
);

describe('names', () => {
  it.each([
    ['cpu', 'CPU', 'CPU'],
    ['gpu.1.memory', 'GPU 1 memory', 'GPU 1 memory'],
    ['gpu.0.memory', 'GPU 0 slice 2 memory', 'GPU 0 slice 2 memory'],
    ['gpu.0.memory', 'Unified', 'Unified'],
    ['queue', 'Queue', 'Queue']
  ])('%s, %s is %s', (name, label, said) => {
    expect(seriesLabel({ name, label })).toBe(said);
  });
});

describe('values', () => {
  it.each([
    [cpu, 250, '2.5 cores', '2.5 of 16 cores'],
    [cpu, 100, '1.0 core', '1.0 of 16 cores'],
    [memory, 21.4 * GB, '21.4 GB', '21.4 of 24 GB'],
    [memory, 2e8, '200 MB', '200 MB of 24 GB'],
    [demoUseSeries({ name: 'gpu.1.utilization' }, [], 0), 97.2, '97%', '97%'],
    [
      demoUseSeries({ name: 'read', unit: 'bytes/s', full: null }, [], 0),
      1.2e6,
      '1.2 MB/s',
      '1.2 MB/s'
    ],
    [demoUseSeries({ name: 'gpu.1.power', unit: 'W', full: 450 }, [], 0), 390.4, '390 W', '390 W'],
    [cpu, null, '–', '–']
  ])('are written with their unit', (series, value, plain, ofFull) => {
    expect(formatUse(series, value)).toBe(plain);
    expect(formatOfFull(series, value)).toBe(ofFull);
  });

  it('have a mean and a peak', () => expect(meanPeak(cpu)).toBe('Mean 1.8, peak 2.5 cores'));
});

describe('curves', () => {
  it('lie on the machine’s full scale, or a little above the peak where there is none', () => {
    expect(scaleOf(cpu)).toBe(1600);
    expect(scaleOf({ ...cpu, full: null })).toBeCloseTo(275);
    expect(scaleOf({ ...cpu, full: 200 })).toBe(250);
  });

  it('are filled down to zero, with a gap where a value is missing', () => {
    const series = { times_ms: [0, 10, 20, 30], values: [0, 50, null, 100] };
    const { line, area } = areaPath(series, { min: 0, max: 40 }, 100);
    expect(line).toBe('M0.0 56.0L250.0 28.5M750.0 1.0');
    expect(area).toBe('M0.0 56.0L250.0 28.5L250.0 56L0.0 56ZM750.0 1.0L750.0 56L750.0 56Z');
  });

  it('come with those of the GPUs first, and without what says the same twice', () => {
    const use = demoUse(0, 10);
    const extra = demoUseSeries({ name: 'memory_cgroup', unit: 'bytes' }, [1], 0);
    expect(shownSeries([...use.series, extra]).map(one => one.name)).toEqual([
      'gpu.1.utilization',
      'gpu.1.memory',
      'gpu.1.power',
      'gpu.1.temperature',
      'cpu',
      'memory',
      'read',
      'write'
    ]);
    expect(spanOf(use.series)).toEqual({ min: 0, max: 45_000 });
    expect(spanOf([])).toBeNull();
  });

  it('are read at the point nearest to the pointer', () => {
    expect(nearest([0, 10, 30], 21)).toBe(2);
    expect(nearest([], 21)).toBe(-1);
  });
});

it('puts round times on the axis, as many as there is room for', () => {
  const minutes = axisTimes({ min: 1000, max: 1000 + 80 * 60_000 }, 1000, 600).map(
    at => (at - 1000) / 60_000
  );
  expect(minutes).toEqual([0, 15, 30, 45, 60, 75]);
});
