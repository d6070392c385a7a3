import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { demoRun } from '../../../sources/demo';
import { demoSweep, demoTrial } from '../../../sources/demoSweep';
import { FakeRunSource } from '../../../sources/fake';
import type { IViewHost } from '../../../model/host';
import { RunPage } from '../../run/RunPage';

const host: IViewHost = {
  confirm: () => Promise.resolve(true),
  notify: () => undefined,
  openRun: () => undefined
};

afterEach(cleanup);

async function show(
  source: FakeRunSource,
  run = 'hd',
  onOpenRun: (id: string) => void = () => undefined
): Promise<void> {
  render(
    <RunPage
      source={source}
      runId={run}
      tab="trials"
      onTab={() => undefined}
      onOpenRun={onOpenRun}
      host={host}
    />
  );
  await act(() => Promise.resolve());
}

const rows = (): HTMLElement[] =>
  within(screen.getByRole('region', { name: 'Trials' }))
    .getAllByRole('row')
    .slice(1);

describe('the trials of a sweep', () => {
  it('shows the goal, the best trial first, and what mattered', async () => {
    await show(new FakeRunSource(demoSweep()));
    expect(screen.getByText('Minimize val_loss')).toBeTruthy();
    expect(screen.getByText(/of 60, 3 under way/)).toBeTruthy();
    const best = rows()[0];
    const values = rows()
      .map(row => Number(within(row).queryAllByRole('cell')[2]?.textContent))
      .filter(Number.isFinite);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(best?.className).toContain('jp-ml-strong');
    const mattered = await screen.findByText('62%', {}, { timeout: 3000 });
    expect(mattered).toBeTruthy();
    expect(
      screen.getByRole('img', { name: /val_loss by trial: \d+ trials with a value/ })
    ).toBeTruthy();
  });

  it('sorts by a column that is pressed, and the other way at the second press', async () => {
    await show(new FakeRunSource(demoSweep()));
    const head = screen.getByRole('button', { name: /^Trial/ });
    fireEvent.click(head);
    expect(rows()[0]?.dataset.trial).toBe('0');
    fireEvent.click(head);
    expect(rows()[0]?.dataset.trial).toBe('43');
  });

  it('takes in trials as they come, without losing the order chosen', async () => {
    const source = new FakeRunSource(demoSweep());
    await show(source);
    fireEvent.click(screen.getByRole('button', { name: /^Trial/ }));
    fireEvent.click(screen.getByRole('button', { name: /^Trial/ }));
    act(() => source.putRun(demoTrial('hd', 44, 'Running', Date.now())));
    expect(rows()[0]?.dataset.trial).toBe('44');
  });

  it('draws only the rows in sight of a thousand', async () => {
    await show(new FakeRunSource(demoSweep(1000)));
    expect(rows().length).toBeLessThan(60);
    const table = within(screen.getByRole('region', { name: 'Trials' })).getByRole('table');
    expect(table.getAttribute('aria-rowcount')).toBe('1001');
  });

  it('opens a trial', async () => {
    const open = vi.fn();
    await show(new FakeRunSource(demoSweep()), 'hd', open);
    const [first] = rows();
    fireEvent.click(within(first as HTMLElement).getByRole('button'));
    expect(open.mock.calls[0]?.[0]).toMatch(/^hd_\d+$/);
  });

  it('says that there is no trial yet', async () => {
    await show(new FakeRunSource({ runs: demoSweep().runs.slice(0, 1) }));
    expect(screen.getByText('No trial yet.')).toBeTruthy();
  });

  it('is no tab of a run that is no sweep', async () => {
    await show(new FakeRunSource({ runs: [demoRun({ id: 'plain' })] }), 'plain');
    expect(screen.queryByRole('tab', { name: /^Trials/ })).toBeNull();
    expect(screen.getByRole('tab', { name: 'Overview' }).getAttribute('aria-selected')).toBe(
      'true'
    );
  });
});
