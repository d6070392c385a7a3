import { describe, expect, it } from 'vitest';
import { demoSeries } from '../../../sources/demo';
import { toCode, toCsv, toSvg } from '../exports';
import { grouped } from '../groups';
import { toLine } from '../lines';
import { colours, joined, lowerBound, nearestIndex, wholeRange } from '../overlay/lines';
import { MOST_IN_TIP, nearestLines } from '../overlay/Tip';
import { placedSettings, rangeText, readRange, settingsPlace } from '../place';
import { DEFAULT_SETTINGS } from '../settings';
import { zoomText } from '../ZoomChip';

const line = (xs: readonly number[], ys: readonly number[]) =>
  toLine({ ...demoSeries('loss', ys, 1, 0), steps: xs }, 'step');
const other = (xs: readonly number[], ys: readonly number[]) => ({
  id: 'b',
  name: 'b',
  line: line(xs, ys),
  smoothed: null,
  colour: 'red',
  dashed: false
});

describe('runs in one chart', () => {
  it('keep their colours when others come and go', () => {
    const first = colours(['a', 'b', 'c'], new Map());
    expect([...first]).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3]
    ]);
    const second = colours(['a', 'c', 'd'], first);
    expect([second.get('a'), second.get('c'), second.get('d')]).toEqual([1, 3, 2]);
  });

  it('lie over one axis, each with its own points', () => {
    const [x, own, , raw] = joined(line([1, 3], [10, 30]), null, [other([2, 3], [5, 6])]);
    expect(x).toEqual([1, 2, 3]);
    expect([...(own ?? [])]).toEqual([10, undefined, 30]);
    expect([...(raw ?? [])]).toEqual([undefined, 5, 6]);
  });

  it('keep the gap that a NaN leaves', () => {
    const [, own] = joined(line([1, 2, 3], [1, NaN, 3]), null, [other([5], [5])]);
    expect(own?.[1]).toBeNull();
  });

  it('reach from the first point of any to the last of any', () => {
    expect(wholeRange([line([3, 9], [1, 1]), line([1, 4], [1, 1])])).toEqual({ min: 1, max: 9 });
    expect(wholeRange([])).toEqual({ min: 0, max: 1 });
  });

  it.each([
    [0, 0, 0],
    [14, 1, 0],
    [16, 1, 1],
    [99, 3, 2]
  ])('are read at the point nearest to %d', (x, bound, near) => {
    expect(lowerBound([10, 20, 30], x)).toBe(bound);
    expect(nearestIndex([10, 20, 30], x)).toBe(near);
  });
});

describe('the tip of many runs', () => {
  const tip = (values: readonly (number | null)[]) =>
    values.map((value, i) => ({ name: `run ${i}`, colour: 'red', value, text: String(value) }));

  it('has the values nearest to the cursor, highest first', () => {
    const lines = tip([null, ...Array.from({ length: 100 }, (_, i) => i)]);
    const found = nearestLines(lines, 50.2, false).map(one => one.value);
    expect(found).toEqual([55, 54, 53, 52, 51, 50, 49, 48, 47, 46]);
    expect(found).toHaveLength(MOST_IN_TIP);
  });

  it('measures by ratio on a logarithmic axis', () => {
    const lines = tip(Array.from({ length: 20 }, (_, i) => 10 ** (i - 10)));
    expect(Math.min(...nearestLines(lines, 1e-5, true).map(one => one.value ?? 0))).toBe(1e-10);
  });

  it('has last what is no number, or has no place on a logarithmic axis', () => {
    const lines = tip([NaN, -1, NaN, ...Array.from({ length: 10 }, (_, i) => i + 1), NaN, null]);
    const found = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    expect(nearestLines(lines, 2, true).map(one => one.value)).toEqual(found);
    expect(nearestLines(tip([NaN, ...found, NaN]), 2, false).map(one => one.value)).toEqual(found);
  });

  it('has all of few, as they are', () => {
    const lines = tip([3, null, 5]);
    expect(nearestLines(lines, 4, false)).toBe(lines);
  });
});

describe('the link', () => {
  it('says a zoom', () => {
    expect(rangeText({ min: 12000.4567891234, max: 1763700000000.6 })).toBe(
      '12000.4568..1763700000001'
    );
    expect(readRange('12..14.5')).toEqual({ min: 12, max: 14.5 });
    expect(['', '5', '5..', '9..3', 'a..b', undefined].map(readRange)).toEqual(
      Array.from({ length: 6 }, () => null)
    );
  });

  it('says only what is not as usual, and wins over what was kept', () => {
    expect(settingsPlace(DEFAULT_SETTINGS)).toEqual({
      axis: undefined,
      smooth: undefined,
      logy: undefined
    });
    const changed = { ...DEFAULT_SETTINGS, axis: 'time', smoothing: 0.5, logY: true } as const;
    const { axis, smooth, logy } = settingsPlace(changed);
    expect({ axis, smooth, logy }).toEqual({ axis: 'time', smooth: '0.5', logy: '1' });
    expect(placedSettings(DEFAULT_SETTINGS, { axis, smooth, logy })).toEqual(changed);
    expect(placedSettings(changed, { axis: 'odd', smooth: '7' })).toMatchObject({
      axis: 'step',
      smoothing: DEFAULT_SETTINGS.smoothing
    });
  });
});

describe('a chart taken out of its page', () => {
  const series = { ...demoSeries('val <loss>', [1, 2], 2, 0), values: [1, 'NaN'] as const };

  it('is text with its points as they are', () =>
    expect(toCsv(series).split('\n').slice(0, 3)).toEqual([
      'step,time,value',
      '1,1970-01-01T00:00:00.120Z,1',
      '2,1970-01-01T00:00:00.240Z,NaN'
    ]));

  it('is a picture with its name, and none of a single point', () => {
    expect(toSvg(series)).toBeNull();
    const svg = toSvg(demoSeries('val <loss>', [1, 2, 3], 3, 0)) ?? '';
    expect(svg).toContain('val &lt;loss>');
    expect(
      new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('path')
    ).toBeTruthy();
  });

  it('is a cell that fetches the same', () =>
    expect(toCode('r"1', 'loss')).toContain('get_run("r\\"1")'));
});

describe('metrics in groups', () => {
  const named = (...names: string[]) =>
    grouped(names.map(name => ({ name }))).map(group =>
      [group.name, ...group.members.map(one => one.name)].join(' ')
    );

  it('stand by what is before the first slash', () =>
    expect(named('train/loss', 'lr', 'val/loss', 'train/acc', 'val/acc', 'x/y')).toEqual([
      ' lr x/y',
      'train train/loss train/acc',
      'val val/loss val/acc'
    ]));

  it('stay together where groups would tell nothing', () =>
    expect(named('train/loss', 'train/acc', 'lr')).toEqual([' train/loss train/acc lr']));
});

it('says what is zoomed into', () => {
  expect(zoomText({ min: 11999.5, max: 14500.2 }, 'step')).toBe('Steps 12,000 to 14,500');
  expect(zoomText({ min: 0, max: 3_600_000 }, 'relative')).toBe('0 to 1 h');
});
