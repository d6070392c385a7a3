import { describe, expect, it } from 'vitest';
import { demoRun } from '../../../sources/demo';
import { World } from '../../../sources/fake/world';
import { compareRuns } from '../../../sources/fake/compared';
import type { IRunDetail } from '../../../model/types';
import { bestOf, differs, sameValue } from '../columns';
import { EMPTY, linkParameters, parseContent, readLink } from '../content';
import { parseFilter } from '../filters';
import { lineAt, windowOf } from '../gridWindow';
import { nextSort, tableOf } from '../table';

const metric = (name: string, min: number | null, max: number | null) => ({
  name,
  kind: 'scalar' as const,
  count: 2,
  last: max,
  min,
  max,
  first_nan_step: null,
  description: ''
});

function compared(changes: readonly Partial<IRunDetail>[]) {
  const runs = changes.map((change, i) => demoRun({ id: `r${i}`, number: i, ...change }));
  return compareRuns(
    new World({ runs }, () => undefined),
    runs.map(run => run.id)
  );
}

const THREE = compared([
  { parameters: { lr: '1e-3', seed: '1' }, metrics: [metric('auc', 0.5, 0.9)] },
  { parameters: { lr: '0.001', seed: '1' }, metrics: [metric('auc', 0.5, 0.95)] },
  { parameters: { lr: '3e-4', seed: '1' }, metrics: [], tags: { kind: 'big' } }
]);

describe('the table of a comparison', () => {
  it('shows what differs and counts what does not', () => {
    const table = tableOf(THREE, EMPTY);
    const ids = table.columns.map(one => one.id);
    expect(ids).toContain('param:lr');
    expect(ids).not.toContain('param:seed');
    expect(ids).toContain('tag:kind');
    expect(ids).toContain('metric:auc:best');
    expect(table.same).toBeGreaterThan(0);
    const all = tableOf(THREE, { ...EMPTY, everything: true }).columns.map(one => one.id);
    expect(all).toContain('param:seed');
  });

  it('keeps metrics that agree, since they are what is compared', () => {
    const same = [1, 2].map(() => ({ metrics: [metric('auc', 0.5, 0.9)] }));
    const ids = tableOf(compared(same), EMPTY).columns.map(one => one.id);
    expect(ids).toContain('metric:auc:best');
  });

  it('sorts numbers by size, and what is missing last either way', () => {
    const order = (sort: string) => tableOf(THREE, { ...EMPTY, sort }).runs;
    expect(order('param:lr')).toEqual([2, 0, 1]);
    expect(order('-metric:auc:best')).toEqual([1, 0, 2]);
    expect(order('metric:auc:best')).toEqual([0, 1, 2]);
  });

  it('leaves out runs that a filter leaves out', () => {
    expect(tableOf(THREE, { ...EMPTY, filters: ['auc > 0.92'] }).runs).toEqual([1]);
    expect(tableOf(THREE, { ...EMPTY, filters: ['lr = 1e-3'] }).runs).toEqual([0, 1]);
    expect(tableOf(THREE, { ...EMPTY, filters: ['nothing here'] }).runs).toEqual([0, 1, 2]);
  });

  it('knows the best of a column, in its own direction', () => {
    const table = tableOf(THREE, EMPTY);
    expect(table.best.get('metric:auc:best')).toBe(0.95);
    const column = { id: 'l', label: 'l', group: 'metrics' as const, values: [3, 1], lower: true };
    expect(bestOf(column, [0, 1])).toBe(1);
    expect(bestOf({ ...column, values: [1, 1] }, [0, 1])).toBeNull();
    expect(bestOf({ ...column, lower: undefined }, [0, 1])).toBeNull();
  });

  it('turns the order of a column round, then lets it be', () => {
    const [auc] = tableOf(THREE, EMPTY).columns.filter(one => one.id === 'metric:auc:best');
    if (!auc) {
      throw new Error('no column');
    }
    expect(nextSort(null, auc)).toBe('-metric:auc:best');
    expect(nextSort('-metric:auc:best', auc)).toBe('metric:auc:best');
    expect(nextSort('metric:auc:best', auc)).toBeNull();
  });
});

describe('values', () => {
  it('are the same however their numbers are spelled', () => {
    expect(sameValue('1e-3', 0.001)).toBe(true);
    expect(sameValue('on', 'off')).toBe(false);
    expect(sameValue(null, '')).toBe(false);
    expect(differs({ id: 'a', label: 'a', values: ['1.0', '1', null] })).toBe(true);
    expect(differs({ id: 'a', label: 'a', values: ['1.0', '1'] })).toBe(false);
  });
});

describe('a filter', () => {
  const { all } = tableOf(THREE, EMPTY);

  it('says what is wrong with it', () => {
    expect(parseFilter('auc', all).error).toMatch(/^Write a name/);
    expect(parseFilter('nosuch > 1', all).error).toBe('No parameter or metric is called nosuch.');
    expect(parseFilter('auc > high', all).error).toBe('high is no number.');
  });

  it('compares numbers and finds text', () => {
    const test = (text: string, value: string | number | null) =>
      parseFilter(text, all).test?.(value);
    expect(test('lr <= 3e-4', '3e-4')).toBe(true);
    expect(test('lr < 3e-4', '3e-4')).toBe(false);
    expect(test('lr > 0', null)).toBe(false);
    expect(test('lr ~ E-', '3e-4')).toBe(true);
    expect(test('lr != 3e-4', '1')).toBe(true);
  });
});

describe('a content', () => {
  it('comes back from its link', () => {
    const content = { ...EMPTY, runs: ['a', 'b'], sort: '-param:lr', filters: ['auc > 0.9'] };
    const link = linkParameters(content, null, 'w');
    expect(readLink(link.get('compare') ?? '', link.get('compare-as'))).toEqual(content);
    expect(link.get('ml-workspace')).toBe('w');
    expect(linkParameters(content, 'v1', null).toString()).toBe('view=v1');
  });

  it('takes what is not right as if it were not there', () => {
    expect(parseContent(null)).toEqual(EMPTY);
    expect(parseContent({ runs: 3, columns: [1, 'a'], brushes: { x: { min: 'a' } } })).toEqual({
      ...EMPTY,
      columns: ['a']
    });
    expect(readLink('a,a,b', '{broken').runs).toEqual(['a', 'b']);
    const many = Array.from({ length: 300 }, (_, i) => `r${i}`);
    expect(parseContent({ runs: many }).runs).toHaveLength(200);
  });
});

describe('what of a grid is drawn', () => {
  it('is what can be seen and a little beside it', () => {
    expect(windowOf(200, 28, 0, 280)).toEqual([0, 16]);
    expect(windowOf(200, 28, 2800, 280)).toEqual([94, 116]);
    expect(windowOf(0, 28, 0, 280)).toEqual([0, -1]);
    expect(lineAt([0, 50, 150, 200], 149)).toBe(1);
    expect(lineAt([0, 50, 150, 200], 900)).toBe(2);
  });
});
