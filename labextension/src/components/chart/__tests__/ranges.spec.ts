import { describe, expect, it } from 'vitest';
import { axisLabel, extent, logSplits, padded, paddedLog, xLabel } from '../ranges';

describe('extent', () => {
  const values = [...Array.from({ length: 100 }, (_, i) => i / 100), 1000, null];

  it('covers everything that is in view', () => {
    expect(extent(values, 0, 101, false)).toEqual({ min: 0, max: 1000 });
    expect(extent(values, 10, 20, false)).toEqual({ min: 0.1, max: 0.2 });
  });

  it('leaves single extremes out when asked to', () => {
    expect(extent(values, 0, 101, true)?.max).toBeLessThan(1);
  });

  it('is null without a value', () => {
    expect(extent([null, null], 0, 1, false)).toBeNull();
  });
});

describe('padding', () => {
  it('gives air, but not across zero', () => {
    expect(padded({ min: 0.01, max: 1 }).min).toBe(0);
    expect(padded({ min: 10, max: 20 }).min).toBeLessThan(10);
    expect(padded({ min: -1, max: -0.01 }).max).toBe(0);
  });

  it('has a height for a constant', () => {
    expect(padded({ min: 0, max: 0 })).toEqual({ min: -1, max: 1 });
  });

  it('knows no logarithm of nothing', () => {
    expect(paddedLog({ min: -2, max: 0 })).toBeNull();
    expect(paddedLog({ min: 1, max: 100 })?.min).toBeLessThan(1);
  });
});

describe('logSplits', () => {
  it.each([
    [0.9, 110, [1, 10, 100]],
    [0.9, 12, [1, 2, 5, 10]],
    [1e-20, 1e20, 6]
  ])('from %s to %s', (min, max, splits) => {
    const found = logSplits(min, max);
    if (typeof splits === 'number') {
      expect(found.length).toBeLessThanOrEqual(8);
    } else {
      expect(found).toEqual(splits);
    }
  });

  it('has labels where no power of ten lies', () => {
    expect(logSplits(0.91, 0.99)).toEqual([0.92, 0.94, 0.96, 0.98]);
    expect(logSplits(0.25, 0.85)).toEqual([0.4, 0.6, 0.8]);
    expect(logSplits(1.3e-4, 1.9e-4)).toEqual([1.4e-4, 1.6e-4, 1.8e-4]);
  });
});

describe('labels', () => {
  it.each([
    [0.30000000000000004, 0.1, '0.3'],
    [0.99995, 0.00005, '0.99995'],
    [-0.25, 0.25, '−0.25'],
    [40000, 10000, '40k'],
    [5000, 5000, '5k'],
    [2500, 500, '2500'],
    [41216, 1, '41.216k'],
    [-1250000, 50000, '−1.25M'],
    [12345, 0, '12.35k'],
    [0.0003, 0.0001, '3e-4']
  ])('%s at steps of %s is %s', (value, step, text) => {
    expect(axisLabel(value, step)).toBe(text);
  });

  it('writes relative time as a duration', () => {
    expect(xLabel('relative', 0, 1000)).toBe('0');
    expect(xLabel('relative', 90 * 60e3, 60e3)).toBe('1 h 30 min');
    expect(xLabel('relative', 65e3, 5e3)).toBe('1:05');
    expect(xLabel('relative', 250, 50)).toBe('0.25 s');
    expect(xLabel('relative', 38e3, 2e3)).toBe('38 s');
  });

  it('writes a clock, with seconds when labels are close', () => {
    const at = new Date(2026, 10, 18, 11, 40, 5).getTime();
    expect(xLabel('time', at, 60e3)).toBe('11:40');
    expect(xLabel('time', at, 1e3)).toBe('11:40:05');
    expect(xLabel('time', at, 864e5)).toBe('18 Nov');
  });
});
