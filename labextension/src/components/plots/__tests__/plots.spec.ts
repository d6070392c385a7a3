import { describe, expect, it } from 'vitest';
import { brushOf, inRange, placesOf } from '../brush';
import { rowColours } from '../colour';
import { distinct, isNumeric, plotNumber, type PlotValue } from '../columns';
import { rowPath } from '../lines';
import { canBeLog, roundTicks, scaleOf } from '../scale';

const column = (values: readonly PlotValue[], id = 'c') => ({ id, label: id, values });
const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `r${i}`, name: `r${i}` }));

describe('values of a column', () => {
  it('reads numbers as parameters spell them', () => {
    expect(['3e-4', ' .5', '-2', '1e', 'adam', '0x10', ''].map(plotNumber)).toEqual([
      3e-4,
      0.5,
      -2,
      null,
      null,
      null,
      null
    ]);
  });

  it('is numeric only when all that is there is a number', () => {
    expect(isNumeric(['1', null, 2])).toBe(true);
    expect(isNumeric(['1', 'adam'])).toBe(false);
    expect(isNumeric([null, 'NaN'])).toBe(false);
  });

  it('counts the same number once, however it is spelled', () => {
    expect(distinct(['1e-3', '0.001', 0.001, null])).toBe(1);
    expect(distinct(['on', 'off', true])).toBe(3);
  });
});

describe('a scale', () => {
  it('places numbers between the least and the greatest', () => {
    const scale = scaleOf(column([1, 3, 5]));
    expect([1, 3, 5].map(n => scale.place(n))).toEqual([0, 0.5, 1]);
    expect(scale.place('NaN')).toBeNull();
    expect(scale.at(0.25)).toBe(2);
  });

  it('is logarithmic where it is asked for and all are above 0', () => {
    const scale = scaleOf(column(['1e-4', '1e-3', '1e-2']), true);
    expect(scale.log).toBe(true);
    expect(scale.place('1e-3')).toBeCloseTo(0.5);
    expect(canBeLog(column([0, 1]))).toBe(false);
    expect(scaleOf(column([0, 1]), true).log).toBe(false);
  });

  it('labels few values as they were typed, many by round numbers', () => {
    expect(scaleOf(column(['3e-4', '1e-3'])).ticks.map(t => t.label)).toEqual(['3e-4', '1e-3']);
    const many = scaleOf(column(Array.from({ length: 50 }, (_, i) => i / 50)));
    expect(many.ticks.map(t => t.label)).toEqual(['0', '0.2', '0.4', '0.6', '0.8']);
  });

  it('labels values that read alike so that they can be told apart', () => {
    const close = scaleOf(column([0.948102, 0.948154, 0.948197, 0.948243]));
    const labels = close.ticks.map(tick => tick.label);
    expect(labels).toEqual(['0.94815', '0.9482']);
    expect(new Set(scaleOf(column([41216, 41217, 41219])).ticks.map(t => t.label)).size).toBe(4);
  });

  it('places a lone value in the middle', () => {
    expect(scaleOf(column([7, 7])).place(7)).toBe(0.5);
    expect(scaleOf(column(['adam'])).place('adam')).toBe(0.5);
  });

  it('orders categories as people do', () => {
    const scale = scaleOf(column(['v10', 'v2', 'v1']));
    expect(scale.kind).toBe('category');
    expect(scale.ticks.map(t => t.label)).toEqual(['v1', 'v2', 'v10']);
  });

  it('finds round ticks', () => {
    expect(roundTicks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks(0.941, 0.9652)).toEqual([0.945, 0.95, 0.955, 0.96, 0.965]);
    expect(roundTicks(3, 3)).toEqual([3]);
  });
});

describe('a range', () => {
  it('survives the way to places and back', () => {
    const scale = scaleOf(column(['1e-4', '1e-2']), true);
    const brush = brushOf(scale, 0.75, 0.25);
    expect(placesOf(scale, brush).map(place => Number(place.toFixed(6)))).toEqual([0.25, 0.75]);
  });

  it('keeps rows inside all ranges and none without a value', () => {
    const columns = [column([1, 2, 3, null], 'a'), column(['x', 'y', 'x', 'x'], 'b')];
    const scales = new Map(columns.map(one => [one.id, scaleOf(one)]));
    expect(inRange(4, columns, scales, { a: { min: 2, max: 3 } })).toEqual([
      false,
      true,
      true,
      false
    ]);
    expect(inRange(4, columns, scales, { a: { min: 2, max: 3 }, b: { min: 0, max: 0 } })).toEqual([
      false,
      false,
      true,
      false
    ]);
  });
});

describe('lines', () => {
  it('leave a gap where a value is missing', () => {
    const columns = [column([1, 2], 'a'), column([null, 2], 'b'), column([1, 2], 'c')];
    const scales = new Map(columns.map(one => [one.id, scaleOf(one)]));
    const frame = { left: 0, top: 0, width: 100, height: 100 };
    expect(rowPath(0, columns, scales, frame).match(/M/g)).toHaveLength(2);
    expect(rowPath(1, columns, scales, frame).match(/M/g)).toHaveLength(1);
  });

  it('are coloured by a value, by category, or by their own', () => {
    expect(rowColours(rows(2), column([0, 1]))[1]).toContain('100%');
    expect(new Set(rowColours(rows(3), column(['a', 'b', 'c']))).size).toBe(3);
    expect(rowColours(rows(1), column([null]))).toEqual(['var(--mlj-text-2)']);
    expect(rowColours([{ id: 'r', name: 'r', colour: 'red' }], null)).toEqual(['red']);
  });
});
