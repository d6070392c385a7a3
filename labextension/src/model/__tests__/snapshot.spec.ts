import { describe, expect, it } from 'vitest';
import { demoSnapshot } from '../../sources/demo';
import { readSnapshot } from '../snapshot';

describe('a saved run', () => {
  it('is read back as it was written', () => {
    const snapshot = demoSnapshot();
    expect(readSnapshot(JSON.parse(JSON.stringify(snapshot)))).toEqual(snapshot);
  });

  it.each([
    ['nothing', null, /holds no run/],
    ['a newer schema', { ...demoSnapshot(), schema: 2 }, /newer version/],
    ['a missing run', { ...demoSnapshot(), run: undefined }, /incomplete/],
    ['a run without a status', { ...demoSnapshot(), run: { id: 'x' } }, /incomplete/],
    ['far too much', { ...demoSnapshot(), log_tail: 'x'.repeat(2_000_000) }, /too large/]
  ])('with %s is explained', (_name, data, message) => {
    expect(readSnapshot(data)).toEqual({ unreadable: expect.stringMatching(message) as string });
  });
});
