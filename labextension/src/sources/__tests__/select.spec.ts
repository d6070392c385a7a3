import { describe, expect, it } from 'vitest';
import { demoRun } from '../demo';
import { LogCursor } from '../pushes';
import { retryDelay } from '../retry';
import { queryParameters, selectRuns } from '../select';

const runs = [
  demoRun({ id: 'a', created_ms: 1, tags: { quality: 'great' } }),
  demoRun({ id: 'b', created_ms: 2, status: 'Failed', tags: { quality: 'poor', plain: null } }),
  demoRun({ id: 'c', created_ms: 3, archived: true }),
  demoRun({ id: 'd', created_ms: 4, parent_id: 'a' })
];
const ids = (query: object): string[] => selectRuns(runs, query).runs.map(r => r.id);

describe('a list of runs', () => {
  it('leaves out children and archived ones, newest first', () => {
    expect(ids({})).toEqual(['b', 'a']);
    expect(ids({ archived: true })).toEqual(['c']);
    expect(ids({ parent: 'a' })).toEqual(['d']);
  });

  it('selects by status, tag and text, and pages', () => {
    expect(ids({ status: ['Failed'] })).toEqual(['b']);
    expect(ids({ tag: ['quality'] })).toEqual(['b', 'a']);
    expect(ids({ tag: ['quality=great'] })).toEqual(['a']);
    expect(ids({ text: 'GREAT' })).toEqual(['a']);
    expect(selectRuns(runs, { limit: 1, offset: 1 })).toMatchObject({ total: 2 });
    expect(ids({ limit: 1, offset: 1 })).toEqual(['a']);
  });

  it('puts runs without the metric last either way', () => {
    const metric = { name: 'acc', best: 1, best_step: 0, count: 1, spark: [] };
    const some = [
      demoRun({ id: 'none' }),
      demoRun({ id: 'low', primary_metric: { ...metric, last: 0.1 } }),
      demoRun({ id: 'high', primary_metric: { ...metric, last: 0.9 } })
    ];
    const sorted = (sort: string): string[] => selectRuns(some, { sort }).runs.map(r => r.id);
    expect(sorted('-metric:acc')).toEqual(['high', 'low', 'none']);
    expect(sorted('metric:acc')).toEqual(['low', 'high', 'none']);
  });

  it('orders and selects by a parameter: numbers before texts, runs without it last', () => {
    const some = ['1e-3', 'auto', '0.02', undefined, '0.1', 'cosine'].map((lr, at) =>
      demoRun({ id: String(at), parameters: lr === undefined ? {} : { lr } })
    );
    const asked = (query: object): string =>
      selectRuns(some, query)
        .runs.map(r => r.id)
        .join('');
    expect(asked({ sort: 'param:lr' })).toBe('024153');
    expect(asked({ sort: '-param:lr' })).toBe('420513');
    expect(asked({ sort: 'param:lr', param: ['lr<0.1'] })).toBe('02');
    expect(asked({ param: ['lr~COS'] })).toBe('5');
    const [column] = [{ ...some[0]!, id: 'c', parameters: {}, values: { 'param:lr': '7' } }];
    expect(selectRuns([column], { param: ['lr=7'] }).total).toBe(1);
  });

  it('repeats the keys of lists in an address and leaves out what is not set', () => {
    const query = { status: ['Queued', 'Running'], text: undefined, archived: false, limit: 5 };
    expect(queryParameters(query).toString()).toBe(
      'status=Queued&status=Running&archived=false&limit=5'
    );
  });
});

describe('the cursor of a log', () => {
  const chunk = (offset: number, text: string, final = false) => ({
    offset,
    data: new TextEncoder().encode(text),
    end: offset + text.length,
    final
  });

  it('cuts off what was told already and notices a gap', () => {
    const cursor = new LogCursor(-100);
    expect(cursor.offset).toBe(-100);
    expect(cursor.accept(chunk(50, 'abcd'))).toMatchObject({ offset: 50 });
    expect(cursor.offset).toBe(54);
    const rest = cursor.accept(chunk(52, 'cdef'));
    expect(rest).toMatchObject({ offset: 54 });
    expect(cursor.accept(chunk(50, 'ab'))).toBeNull();
    expect(cursor.accept(chunk(60, 'zz'))).toBe('gap');
    expect(cursor.offset).toBe(56);
  });

  it('tells the end of the log once', () => {
    const cursor = new LogCursor(0);
    cursor.accept(chunk(0, 'ab'));
    expect(cursor.accept(chunk(2, '', true))).toMatchObject({ final: true });
    expect(cursor.done).toBe(true);
    expect(cursor.accept(chunk(2, '', true))).toBeNull();
  });
});

describe('trying again', () => {
  it('doubles from one second up to thirty, a little early', () => {
    expect([0, 1, 2, 3, 10].map(n => retryDelay(n, 0))).toEqual([1000, 2000, 4000, 8000, 30_000]);
    expect(retryDelay(0, 1)).toBe(800);
  });
});
