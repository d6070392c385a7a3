import { describe, expect, it } from 'vitest';
import type { IScalarSeries, JsonNumber } from '../../../model/types';
import { demoSeries } from '../../../sources/demo';
import {
  axisMetric,
  isolatedPoints,
  metricAxis,
  positiveOnly,
  stepsWithin,
  toLine
} from '../lines';

function series(values: readonly (JsonNumber | null)[], steps?: readonly number[]): IScalarSeries {
  const at = steps ?? values.map((_, i) => i);
  return {
    name: 'loss',
    kind: 'scalar',
    count: values.length,
    steps: at,
    times_ms: at.map(s => 1000 + s * 10),
    values,
    downsampled: false
  };
}

describe('toLine', () => {
  it('takes out what is not finite and keeps it as marks', () => {
    const line = toLine(series([1, 'NaN', 'Infinity', '-Infinity', 2]), 'step');
    expect(line.y).toEqual([1, null, null, null, 2]);
    expect(line.marks).toEqual([
      { x: 1, step: 1, kind: 'nan' },
      { x: 2, step: 2, kind: '+inf' },
      { x: 3, step: 3, kind: '-inf' }
    ]);
  });

  it('sorts by x and keeps the order of equal steps', () => {
    const line = toLine(series([5, 6, 7, 8], [2, 1, 2, 0]), 'step');
    expect(line.x).toEqual([0, 1, 2, 2]);
    expect(line.y).toEqual([8, 6, 5, 7]);
    expect(line.steps).toEqual([0, 1, 2, 2]);
  });

  it('counts relative time from the first point, or from a given moment', () => {
    const some = series([1, 2], [0, 5]);
    expect(toLine(some, 'relative').x).toEqual([0, 50]);
    expect(toLine(some, 'relative', 900).x).toEqual([100, 150]);
    expect(toLine(some, 'time').x).toEqual([1000, 1050]);
  });
});

describe('stepsWithin', () => {
  it('turns a range on a time axis into steps, with the points around it', () => {
    const line = toLine(series([1, 2, 3, 4], [0, 10, 20, 30]), 'relative');
    expect(stepsWithin(line, { min: 110, max: 190 })).toEqual({ min: 10, max: 20 });
    expect(stepsWithin(line, { min: -50, max: 900 })).toEqual({ min: 0, max: 30 });
    expect(stepsWithin(toLine(series([]), 'step'), { min: 0, max: 1 })).toBeNull();
  });
});

describe('gaps', () => {
  it('hides what a logarithmic axis cannot show and says how much that is', () => {
    expect(positiveOnly([1, 0, -2, null, 3])).toEqual({ y: [1, null, null, null, 3], hidden: 2 });
  });

  it('finds points that stand alone', () => {
    expect(isolatedPoints([1, null, 2, null, 3, 4], 0, 5)).toEqual([0, 2]);
  });
});

describe('another metric along x', () => {
  const epoch = {
    ...demoSeries('epoch', [0, 1, 2], 30, 0),
    steps: [5, 10, 20],
    values: [0, 1, 'NaN'] as const
  };

  it('places each point at its last value up to there; points without one are left out', () => {
    const loss = { ...demoSeries('loss', [9, 8, 7, 6], 40, 0), steps: [1, 5, 12, 25] };
    const line = toLine(loss, metricAxis('epoch'), 0, epoch);
    expect(line.x).toEqual([0, 1]);
    expect(line.y).toEqual([8, 7]);
    expect(line.steps).toEqual([5, 12]);
  });

  it('is no axis where the run has not that metric', () => {
    expect(toLine(epoch, metricAxis('none'), 0, null).x).toEqual([]);
    expect(axisMetric(metricAxis('a:b'))).toBe('a:b');
    expect(axisMetric('step')).toBeNull();
  });
});
