import { describe, expect, it } from 'vitest';
import type { IQueueEntry, IQueueHistory, IRanRun } from '../../../model/machine';
import { demoGpu } from '../../../sources/demoMachine';
import { dropOf, moved, stepOf } from '../line';
import { clockTimes, gpuShare, lanesOf, middleWait } from '../timeline';

const entries: readonly IQueueEntry[] = ['a', 'b', 'c', 'd'].map((run_id, i) => ({
  run_id,
  position: i + 1,
  reason: ''
}));
const ids = (all: readonly IQueueEntry[]): string => all.map(one => one.run_id).join('');

describe('the order of those who wait', () => {
  it.each([
    ['c', 'up', 'acbd'],
    ['b', 'down', 'acbd'],
    ['d', 'top', 'dabc'],
    ['a', 'bottom', 'bcda']
  ] as const)('%s %s', (run, step, after) => {
    const move = stepOf(entries, run, step);
    expect(move && ids(moved(entries, move))).toBe(after);
  });

  it('has no step beyond its ends', () => {
    expect(stepOf(entries, 'a', 'up')).toBeNull();
    expect(stepOf(entries, 'd', 'bottom')).toBeNull();
    expect(stepOf(entries, 'gone', 'up')).toBeNull();
  });

  it('changes nothing when a run is dropped where it is', () => {
    expect(dropOf(entries, 'b', 1)).toBeNull();
    expect(dropOf(entries, 'b', 2)).toBeNull();
    expect(dropOf(entries, 'b', 4)).toEqual({ run: 'b', before: null });
  });
});

function ran(run_id: string, started_ms: number, ended_ms: number | null, gpus: string[]): IRanRun {
  return {
    run_id,
    number: 1,
    display_name: run_id,
    status: ended_ms === null ? 'Running' : 'Completed',
    created_ms: started_ms - 10,
    started_ms,
    ended_ms,
    waited_ms: 10,
    cpus: 1,
    gpus
  };
}
const history = (runs: IRanRun[]): IQueueHistory => ({
  span: 'hour',
  from_ms: 100,
  to_ms: 200,
  runs,
  truncated: false
});

describe('who used what when', () => {
  const gpus = [demoGpu(0), demoGpu(1)];

  it('puts shares of a GPU in rows of their own, and cores in few rows', () => {
    const lanes = lanesOf(
      history([
        ran('a', 50, 150, ['GPU-0']),
        ran('b', 120, null, ['GPU-0']),
        ran('c', 110, 120, []),
        ran('d', 130, 140, [])
      ]),
      gpus
    );
    expect(lanes.map(lane => [lane.label, lane.rows.length])).toEqual([
      ['GPU 0', 2],
      ['GPU 1', 0],
      ['Cores', 1]
    ]);
    expect(lanes[0]?.rows[0]?.[0]).toMatchObject({ from: 0, to: 0.5, waited: null });
    expect(lanes[0]?.rows[1]?.[0]).toMatchObject({ from: 0.2, to: 1, waited: 0.1 });
    expect(gpuShare(lanes)).toBeCloseTo(0.5);
  });

  it('counts runs for which there are no rows, and keeps a GPU that is gone', () => {
    const many = Array.from({ length: 11 }, (_, i) => ran(`r${i}`, 110, 190, []));
    const lanes = lanesOf(history([...many, ran('old', 110, 120, ['GPU-9'])]), []);
    expect(lanes.map(lane => [lane.label, lane.more])).toEqual([
      ['Former GPU', 0],
      ['Cores', 3]
    ]);
  });

  it('takes the wait in the middle', () => {
    expect(middleWait([])).toBeNull();
    expect(middleWait([ran('a', 1, 2, []), ran('b', 1, 2, [])])).toBe(10);
  });

  it('labels round times, no more than there is room for', () => {
    const day = clockTimes(0, 24 * 3_600_000, 7);
    expect(day.length).toBeLessThanOrEqual(8);
    expect(day.every(at => at % 3_600_000 === 0)).toBe(true);
  });
});
