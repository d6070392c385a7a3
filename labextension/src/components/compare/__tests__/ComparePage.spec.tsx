import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { IRunDetail } from '../../../model/types';
import { demoRun } from '../../../sources/demo';
import { FakeRunSource } from '../../../sources/fake';
import { ComparePage } from '../ComparePage';
import type { CompareTab } from '../CompareTabs';
import { EMPTY, type ICompareContent } from '../content';

const host = {
  confirm: vi.fn(async () => true),
  prompt: vi.fn(async () => 'Which rate'),
  notify: vi.fn(),
  openRun: vi.fn()
};

function runs(count: number): IRunDetail[] {
  return Array.from({ length: count }, (_, i) =>
    demoRun({
      id: `r${i}`,
      number: i,
      display_name: `run-${i}`,
      parameters: { lr: `${i + 1}e-4`, seed: '1' },
      metrics: [
        {
          name: 'auc',
          kind: 'scalar',
          count: 3,
          last: 0.5,
          min: 0.1,
          max: 0.5 + i / 1000,
          first_nan_step: null,
          description: ''
        }
      ]
    })
  );
}

function Page({
  source,
  content,
  view = null
}: {
  readonly source: FakeRunSource;
  readonly content: ICompareContent;
  readonly view?: string | null;
}): React.JSX.Element {
  const [tab, setTab] = useState<CompareTab>('summary');
  return (
    <ComparePage
      {...{ source, host, content, view, tab }}
      workspace={null}
      onTab={setTab}
      onChange={() => undefined}
    />
  );
}

function show(count: number, change: Partial<ICompareContent> = {}): FakeRunSource {
  const all = runs(count);
  const source = new FakeRunSource({ runs: all });
  render(<Page source={source} content={{ ...EMPTY, runs: all.map(r => r.id), ...change }} />);
  return source;
}

const grid = (): Promise<HTMLElement> => screen.findByRole('grid', { name: 'Runs side by side' });

beforeEach(() => {
  localStorage.clear();
  vi.clearAllMocks();
});

describe('ComparePage', () => {
  it('shows the differences first and all when asked', async () => {
    show(3);
    const table = await grid();
    expect(within(table).getByText('lr')).toBeTruthy();
    expect(within(table).queryByText('seed')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: /^All / }));
    expect(within(table).getByText('seed')).toBeTruthy();
  });

  it('draws only what can be seen of two hundred runs', async () => {
    show(200);
    const table = await grid();
    expect(table.getAttribute('aria-rowcount')).toBe('201');
    expect(within(table).getAllByRole('row').length).toBeLessThan(40);
  });

  it('names the runs above its charts, and hides one by its name', async () => {
    show(3);
    await grid();
    await userEvent.click(screen.getByRole('tab', { name: /^Metrics/ }));
    const legend = await screen.findByRole('list', { name: 'Runs in the charts' });
    const named = within(legend).getAllByRole('button');
    expect(named.map(one => one.textContent)).toEqual(['run-0 0', 'run-1 1', 'run-2 2']);
    await userEvent.click(named[1] as HTMLElement);
    expect(within(legend).getByRole('button', { pressed: false }).textContent).toBe('run-1 1');
  });

  it('says how many are in range, and takes all in again', async () => {
    show(3, { brushes: { 'param:lr': { min: 1.5e-4, max: 1 } } });
    await grid();
    expect(screen.getByText('2 of 3 runs in range')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Clear range' }));
    expect(screen.queryByText('2 of 3 runs in range')).toBeNull();
  });

  it('sorts, opens and hides by keys', async () => {
    show(3);
    const table = await grid();
    table.focus();
    const press = (...keys: string[]): void =>
      keys.forEach(key => fireEvent.keyDown(table, { key }));
    press('ArrowUp', 'ArrowRight', 'Enter', 'Enter');
    await waitFor(() =>
      expect(within(table).getAllByRole('rowheader')[0]?.textContent).toContain('run-2')
    );
    press('ArrowDown', 'Enter');
    expect(host.openRun).toHaveBeenCalledWith('r2');
    press(' ');
    expect(await screen.findByLabelText('Show run-2 in the charts')).toBeTruthy();
    press('Delete');
    expect(await screen.findByText('Compare 2 runs')).toBeTruthy();
  });

  it('filters by value and says what a filter lacks', async () => {
    show(3);
    await grid();
    const field = screen.getByRole('searchbox', { name: 'Filter by value' });
    await userEvent.type(field, 'nosuch > 1{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('called nosuch');
    await userEvent.clear(field);
    await userEvent.type(field, 'auc > 0.9{Enter}');
    expect(await screen.findByText('No run matches.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Remove the filters' }));
    expect((await grid()).getAttribute('aria-rowcount')).toBe('4');
  });

  it('turns rows and columns round', async () => {
    show(3);
    await grid();
    await userEvent.click(screen.getByRole('button', { name: 'Runs as columns' }));
    expect((await grid()).getAttribute('aria-colcount')).toBe('4');
  });

  it('teaches what to do when there is nothing', async () => {
    show(0);
    expect(await screen.findByText('No runs to compare yet.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Add runs' })).toBeTruthy();
  });

  it('says which runs are gone and takes them out', async () => {
    show(2, { runs: ['r0', 'r1', 'gone'] });
    expect(await screen.findByText(/1 run of this comparison was deleted/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Take out' }));
    expect(await screen.findByText('Compare 2 runs')).toBeTruthy();
  });

  it('says what went wrong and tries again', async () => {
    const all = runs(2);
    const source = new FakeRunSource({ runs: all });
    source.lose();
    render(<Page source={source} content={{ ...EMPTY, runs: ['r0', 'r1'] }} />);
    expect(await screen.findByText('The runs could not be read.')).toBeTruthy();
    source.heal();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await grid()).toBeTruthy();
  });

  it('shows environments side by side', async () => {
    show(2);
    await grid();
    await userEvent.click(screen.getByRole('tab', { name: /^Environment/ }));
    expect(await screen.findByText('The environments are the same.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: /^All / }));
    expect(await screen.findByText('host')).toBeTruthy();
  });
});

describe('a saved view', () => {
  it('is saved under a name, then changed', async () => {
    const source = show(3);
    await grid();
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByRole('heading', { name: 'Which rate' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Save' })).toHaveProperty('disabled', true);
    await userEvent.click(screen.getByRole('button', { name: 'Runs as columns' }));
    expect(await screen.findByText(/edited/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(async () => {
      const [view] = await source.query('views', { kind: 'compare' });
      expect(view?.revision).toBe(2);
    });
  });

  it('that someone else changed meanwhile is not overwritten without asking', async () => {
    const source = show(3);
    await grid();
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await screen.findByRole('heading', { name: 'Which rate' });
    const [entry] = await source.query('views', { kind: 'compare' });
    const id = entry?.id ?? '';
    await source.command?.('changeView', { id, revision: 1, content: { runs: ['r1'] } });
    await userEvent.click(screen.getByRole('button', { name: 'Runs as columns' }));
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText(/Yours is not saved/)).toBeTruthy();
    expect((await source.query('view', { id })).content).toEqual({ runs: ['r1'] });
    await userEvent.click(screen.getByRole('button', { name: 'Load theirs' }));
    await waitFor(() => expect(screen.queryByText(/Yours is not saved/)).toBeNull());
    expect((await grid()).getAttribute('aria-rowcount')).toBe('2');
  });

  it('opens by its id, and a reader is not offered to save', async () => {
    const all = runs(2);
    const view = {
      id: 'v1',
      name: 'Theirs',
      kind: 'compare' as const,
      revision: 4,
      created_ms: 0,
      modified_ms: 0,
      user: 'ben',
      can_write: false,
      content: { runs: ['r0', 'r1'], across: true }
    };
    const source = new FakeRunSource({ runs: all, views: [view] });
    render(<Page source={source} content={EMPTY} view="v1" />);
    expect(await screen.findByRole('heading', { name: 'Theirs' })).toBeTruthy();
    expect((await grid()).getAttribute('aria-colcount')).toBe('3');
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
    expect(screen.getByText(/you may look at it/)).toBeTruthy();
  });
});
