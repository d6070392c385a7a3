import { describe, expect, it } from 'vitest';
import { effectiveWeight, isRough, smooth } from '../smoothing';

const noisy = (n: number): number[] => Array.from({ length: n }, (_, i) => (i % 2 ? 1 : -1));
const spread = (values: readonly (number | null)[]): number => {
  const finite = values.filter((v): v is number => v !== null);
  return Math.max(...finite) - Math.min(...finite);
};

describe('smooth', () => {
  it('leaves a constant as it is', () => {
    smooth(new Array<number>(50).fill(3), 0.9).forEach(v => expect(v).toBeCloseTo(3, 12));
  });

  it('does nothing without weight', () => {
    expect(smooth([1, 5, 2], 0)).toEqual([1, 5, 2]);
  });

  it('leaves a slope as it is, at its ends too', () => {
    const slope = Array.from({ length: 60 }, (_, i) => 5 - i / 10);
    smooth(slope, 0.9).forEach((v, i) => expect(v).toBeCloseTo(slope[i] ?? 0, 9));
  });

  it('takes noise away', () => {
    expect(spread(smooth(noisy(250), 0.9))).toBeLessThan(spread(noisy(250)) / 4);
  });

  it('does not lag: a peak stays where it is', () => {
    const peak = Array.from({ length: 251 }, (_, i) => Math.exp(-(((i - 125) / 20) ** 2)));
    const out = smooth(peak, 0.9).map(v => v ?? 0);
    expect(out.indexOf(Math.max(...out))).toBe(125);
  });

  it('keeps gaps and does not let them count', () => {
    const out = smooth([2, null, 2, 2], 0.9);
    expect(out[1]).toBeNull();
    expect(out[2]).toBeCloseTo(2);
  });

  it('smooths over the same share of the chart whatever the number of points', () => {
    expect(effectiveWeight(0.9, 250)).toBeCloseTo(0.9);
    expect(effectiveWeight(0.9, 1000)).toBeGreaterThan(0.97);
    expect(effectiveWeight(0.9, 25)).toBeLessThan(0.4);
  });
});

describe('isRough', () => {
  it('is true for noise and false for a schedule', () => {
    expect(isRough(noisy(50))).toBe(true);
    expect(isRough(Array.from({ length: 50 }, (_, i) => (i < 5 ? i : 5 - i / 10)))).toBe(false);
    expect(isRough([1, 2])).toBe(false);
  });
});
