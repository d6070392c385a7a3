import { describe, expect, it } from 'vitest';
import {
  bestSoFar,
  bestTrial,
  parameterValue,
  trialsOfChildren,
  type ITrial
} from '../../../model/trials';
import { demoSweep, demoTrial, SWEEP } from '../../../sources/demoSweep';
import { bestPlot, markPath, nearestMark } from '../bestPlot';
import { sweepPlot } from '../plotData';
import { METRIC, sorted, trialColumns } from '../trialColumns';
import { mergeTrials } from '../useTrials';
import { countsText, policyWord } from '../words';

const NOW = 1_763_700_000_000;

function trial(number: number, best: ITrial['best'], change: Partial<ITrial> = {}): ITrial {
  const [made] = trialsOfChildren(SWEEP, [demoTrial('hd', number, 'Completed', NOW)]);
  if (!made) {
    throw new Error('no trial');
  }
  return { ...made, best, ...change };
}

const THREE = [trial(0, 0.5), trial(1, null), trial(2, 0.4), trial(3, 0.6), trial(4, 'Infinity')];

describe('the best so far', () => {
  it('follows the goal and leaves out trials without a finite value', () => {
    expect(bestSoFar('minimize', THREE).map(step => [step.best, step.improved])).toEqual([
      [0.5, true],
      [0.4, true],
      [0.4, false]
    ]);
    expect(bestSoFar('maximize', THREE).map(step => step.best)).toEqual([0.5, 0.5, 0.6]);
    expect(bestTrial('minimize', THREE)?.trial).toBe(2);
    expect(bestTrial('maximize', THREE)?.trial).toBe(3);
    expect(bestTrial('minimize', [trial(0, null)])).toBeNull();
  });

  it('is placed with better values of a minimum further down', () => {
    const { marks, line, frame } = bestPlot(bestSoFar('minimize', THREE), 4, 400, 200);
    const [first, second, third] = marks;
    expect(second?.y).toBeGreaterThan(first?.y ?? Infinity);
    expect(third?.y).toBeLessThan(first?.y ?? 0);
    expect(line).toMatch(/^M[\d.]+ [\d.]+H[\d.]+V[\d.]+H[\d.]+V[\d.]+$/);
    expect(Math.max(...marks.map(mark => mark.x))).toBeLessThanOrEqual(frame.right);
    expect(nearestMark(marks, (second?.x ?? 0) + 2, second?.y ?? 0)?.trial.trial).toBe(2);
    expect(nearestMark(marks, -500, -500)).toBeNull();
  });

  it('draws a trial that did not come to its end as a cross', () => {
    const steps = bestSoFar('minimize', [
      trial(0, 1, { status: 'Failed' }),
      trial(1, 2, { status: 'Running' }),
      trial(2, 3)
    ]);
    const { marks } = bestPlot(steps, 2, 400, 200);
    expect(marks.map(mark => mark.shape)).toEqual(['cross', 'ring', 'disc']);
    expect(markPath({ x: 5, y: 5, shape: 'cross' })).toContain('L');
  });

  it('has a plot of nothing', () => {
    const plot = bestPlot([], 1, 400, 200);
    expect(plot.marks).toEqual([]);
    expect(plot.yTicks.length).toBeGreaterThan(0);
  });
});

describe('the table', () => {
  const columns = trialColumns(SWEEP);
  const order = (sort: string): number[] => sorted(THREE, columns, sort, NOW).map(one => one.trial);

  it('sorts by value with those without one last either way', () => {
    expect(order(METRIC)).toEqual([2, 0, 3, 1, 4]);
    expect(order(`-${METRIC}`)).toEqual([3, 0, 2, 1, 4]);
    expect(order('-trial')).toEqual([4, 3, 2, 1, 0]);
    expect(order('nonsense')).toEqual([0, 1, 2, 3, 4]);
  });

  it('has a column for each parameter', () => {
    expect(columns.map(column => column.title)).toEqual([
      'Trial',
      'State',
      'best val_loss',
      'at step',
      'lr',
      'batch_size',
      'dropout',
      'optimizer',
      'Duration'
    ]);
  });
});

describe('trials', () => {
  it('are read from the tags of children, whatever these hold', () => {
    const child = demoTrial('hd', 7, 'Completed', NOW);
    const broken = { ...child, id: 'hd_8', tags: { hyperparameters: '{' } };
    const none = { ...child, id: 'hd_9', tags: {} };
    const found = trialsOfChildren(SWEEP, [broken, child, none]);
    expect(found.map(one => one.trial)).toEqual([7, 8]);
    expect(found[0]?.parameters).toHaveProperty('lr');
    expect(found[1]?.parameters).toEqual({});
  });

  it('take the place of what was known of them', () => {
    const merged = mergeTrials(THREE, [trial(2, 0.1), trial(5, 0.2)]);
    expect(merged.map(one => one.trial)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(merged[2]?.best).toBe(0.1);
    expect(merged[0]).toBe(THREE[0]);
  });

  it('leave when they were deleted', () => {
    const merged = mergeTrials(THREE, [], [THREE[1]?.run_id ?? '']);
    expect(merged).toHaveLength(THREE.length - 1);
    expect(merged).not.toContain(THREE[1]);
  });

  it('give plots a column a parameter, log where the space is', () => {
    const trials = trialsOfChildren(SWEEP, demoSweep(20, NOW).runs.slice(1));
    const plot = sweepPlot(SWEEP, trials);
    expect(plot.columns.map(column => column.label)).toEqual([
      'lr',
      'batch_size',
      'dropout',
      'optimizer',
      'val_loss'
    ]);
    expect([...plot.log]).toEqual(['parameter:lr']);
    expect(plot.rows.length).toBe(trials.filter(one => one.best !== null).length);
    expect(plot.columns.every(column => column.values.length === plot.rows.length)).toBe(true);
  });

  it('show a list as its JSON and say what is missing as null', () => {
    const odd = trial(0, 1, { parameters: { layers: [1, 2], none: null } });
    expect(parameterValue(odd, 'layers')).toBe('[1,2]');
    expect(parameterValue(odd, 'none')).toBeNull();
    expect(parameterValue(odd, 'absent')).toBeNull();
  });

  it('are counted in words', () => {
    const trials = [
      trial(0, 1),
      trial(1, 1, { status: 'Failed' }),
      trial(2, 1, { status: 'Canceled', stopped_early: true }),
      trial(3, 1, { status: 'Running' })
    ];
    expect(countsText(SWEEP, trials)).toBe('3 of 60, 1 under way, 1 failed, 1 stopped early');
    expect(policyWord(SWEEP)).toBe('Bandit, slack 0.1, from value 5 on');
    expect(policyWord({ ...SWEEP, policy: null })).toBe('None');
  });
});
