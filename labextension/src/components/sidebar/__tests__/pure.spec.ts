import { describe, expect, it } from 'vitest';
import { demoRun } from '../../../sources/demo';
import type { IRunSummary } from '../../../model/types';
import { filteredQuery, toggleFilter, typedFilters } from '../filters';
import {
  HEIGHT,
  foundRows,
  rowAt,
  rowHeight,
  rowKey,
  rowTops,
  sectionRows,
  type IRunPages,
  type ListRow
} from '../rows';
import { inOldOrder, markStopping } from '../useRows';
import { commonMetric, sortedBy } from '../sorting';
import { moved } from '../RunList';

const pages = (runs: readonly IRunSummary[], total = runs.length): IRunPages => ({
  total,
  at: i => runs[i]
});
const running = demoRun({ id: 'a', status: 'Running' });
const queued = demoRun({ id: 'q', status: 'Queued', created_ms: 1, reason: 'Waiting.' });
const earlier = demoRun({ id: 'p', status: 'Queued', created_ms: 2 });
const ended = demoRun({ id: 'z' });
const keys = (rows: readonly ListRow[]): string[] => rows.map(rowKey);

describe('rows', () => {
  const queue = {
    slots: { total: 1, free: 0 },
    entries: [
      { run_id: 'p', position: 1, reason: '' },
      { run_id: 'q', position: 2, reason: '' }
    ],
    ends_with_server: false
  };

  it('stand in sections, waiting ones in the order of the queue', () => {
    const rows = sectionRows([], [queued, running, earlier], pages([ended], 2), queue, new Set());
    expect(keys(rows)).toEqual([
      'section:Running',
      'run:a',
      'section:Queued',
      'run:p',
      'run:q',
      'section:Recent',
      'run:z',
      'pending:1'
    ]);
    expect(rows[4]).toMatchObject({ position: 2 });
  });

  it('leave out empty sections and what is folded', () => {
    const rows = sectionRows([], [running], pages([]), null, new Set(['Running']));
    expect(keys(rows)).toEqual(['section:Running']);
    expect(rows[0]).toMatchObject({ open: false, count: 1 });
  });

  it('hold each run once while two lists or two pages disagree', () => {
    const done = { ...running, status: 'Completed' as const };
    const rows = sectionRows(
      [],
      [running, queued],
      pages([done, ended, ended], 4),
      null,
      new Set()
    );
    expect(keys(rows)).toEqual([
      'section:Queued',
      'run:q',
      'section:Recent',
      'run:a',
      'run:z',
      'pending:2',
      'pending:3'
    ]);
  });

  it('hold a run once, which is over when one of two lists says so', () => {
    const both = sectionRows(
      [],
      [running, queued],
      pages([{ ...running, status: 'Failed' }]),
      null,
      new Set()
    );
    expect(keys(both)).toEqual(['section:Queued', 'run:q', 'section:Recent', 'run:a']);
  });

  it('are as high as what they say', () => {
    const rows = foundRows(
      pages([
        ended,
        queued,
        running,
        { ...running, id: 'b', progress: { step: 1, total: 2 } },
        { ...ended, id: 'f', status: 'Failed', reason: 'Out of memory.' }
      ])
    );
    const opened = new Set<string>();
    const heights = rows.map(row => rowHeight(row, opened, () => 1));
    expect(heights).toEqual([28, 28, 44, 44, 52, 44]);
    expect(rowHeight(rows[2]!, opened, () => 2)).toBe(HEIGHT.two + HEIGHT.line);
    expect(rowHeight(rows[5]!, new Set(['f']), () => 1)).toBe(HEIGHT.one);
  });

  it('are found by their place', () => {
    const tops = rowTops([28, 44, 52]);
    expect([...tops]).toEqual([0, 28, 72, 124]);
    expect([0, 27, 28, 71, 72, 500].map(y => rowAt(tops, y))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('keep their places under a moving pointer while what they say changes', () => {
    const old = sectionRows([], [running, queued], pages([ended]), null, new Set());
    const faster = { ...running, reason: 'new' };
    const fresh = sectionRows(
      [],
      [queued, faster],
      pages([demoRun({ id: 'y' }), ended]),
      null,
      new Set()
    );
    const shown = inOldOrder(old, fresh);
    expect(keys(shown)).toEqual(keys(old));
    expect(shown[1]).toMatchObject({ run: { reason: 'new' } });
  });

  it('take what was fetched while the pointer moves', () => {
    const before = foundRows(pages([ended], 2));
    const after = foundRows(pages([ended, demoRun({ id: 'y' })]));
    expect(keys(inOldOrder(before, after))).toEqual(keys(after));
  });

  it('show at once that a run was told to stop', () => {
    const [row] = markStopping(
      [{ kind: 'run', section: 'Running', run: running, position: null }],
      new Set(['a'])
    );
    expect(row).toMatchObject({ run: { status: 'CancelRequested' } });
  });
});

describe('filters', () => {
  it('hold one state and any number of tags; the same one twice is none', () => {
    const failed = toggleFilter([], { kind: 'state', value: 'failed' });
    const running = toggleFilter(failed, { kind: 'state', value: 'running' });
    expect(running).toEqual([{ kind: 'state', value: 'running' }]);
    const tagged = toggleFilter(toggleFilter(running, { kind: 'tag', value: 'a' }), {
      kind: 'tag',
      value: 'b=1'
    });
    expect(tagged).toHaveLength(3);
    expect(toggleFilter(tagged, { kind: 'tag', value: 'a' })).toHaveLength(2);
  });

  it('may be typed', () => {
    expect(typedFilters('pcam state:failed tag:"a b=c" state:odd user:mara')).toEqual({
      text: 'pcam state:odd',
      filters: [
        { kind: 'state', value: 'failed' },
        { kind: 'tag', value: 'a b=c' },
        { kind: 'user', value: 'mara' }
      ]
    });
    expect(filteredQuery('', [{ kind: 'user', value: 'mara' }], false)).toEqual({
      archived: false,
      user: 'mara'
    });
  });

  it('of parameters add up; what is no condition stays text', () => {
    const { text, filters } = typedFilters('param:lr<0.01 param:"model=vit b" param:lr<=x param:a');
    expect(text).toBe('param:lr<=x param:a');
    expect(filters.map(one => one.value)).toEqual(['lr<0.01', 'model=vit b']);
    const more = toggleFilter(filters, { kind: 'param', value: 'seed=3' });
    expect(filteredQuery('', more, false)).toEqual({
      archived: false,
      param: ['lr<0.01', 'model=vit b', 'seed=3']
    });
  });

  it('make the query', () => {
    const filters = [
      { kind: 'state', value: 'canceled' },
      { kind: 'experiment', value: 'pcam' },
      { kind: 'tag', value: 'a=1' }
    ] as const;
    expect(filteredQuery('x', filters, false)).toEqual({
      text: 'x',
      status: ['Canceled'],
      experiment: 'pcam',
      tag: ['a=1'],
      archived: false
    });
  });

  it('sort the better value first, whichever way that is', () => {
    expect(sortedBy({ metric: 'val_auc' })).toEqual({ sort: '-metric:val_auc' });
    expect(sortedBy({ metric: 'val_loss' })).toEqual({ sort: 'metric:val_loss' });
    expect(commonMetric(foundRows(pages([ended])))).toBeNull();
  });
});

describe('arrows', () => {
  it('stay inside the list', () => {
    expect(moved('ArrowDown', -1, 3)).toBe(0);
    expect(moved('ArrowDown', 2, 3)).toBe(2);
    expect(moved('ArrowUp', 0, 3)).toBe(0);
    expect(moved('End', 0, 3)).toBe(2);
    expect(moved('PageDown', 0, 100)).toBe(12);
    expect(moved('x', 0, 3)).toBeNull();
    expect(moved('ArrowDown', -1, 0)).toBeNull();
  });
});
