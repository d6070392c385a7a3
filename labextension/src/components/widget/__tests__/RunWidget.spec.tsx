import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { describe, expect, it } from 'vitest';
import { demoRun, demoSnapshot, demoWorld } from '../../../sources/demo';
import { demoSweep } from '../../../sources/demoSweep';
import { FakeRunSource } from '../../../sources/fake';
import { SnapshotRunSource } from '../../../sources/snapshot';
import { testHost } from '../../sidebar/__tests__/host';
import { bestFirst, differingTags } from '../ChildrenTable';
import { RunWidget } from '../RunWidget';
import { childrenByState } from '../WidgetFacts';

function show(runId: string) {
  const source = new FakeRunSource(demoWorld());
  const host = testHost();
  render(<RunWidget source={source} runId={runId} host={host} hasPages />);
  return { source, host, user: userEvent.setup() };
}

describe('a run in a notebook', () => {
  it('leads with the state and the primary metric, and shows the end of the log', async () => {
    show('mixup');
    const view = await screen.findByRole('region', {
      name: 'Run vit-s16-pcam-lr3e-4-mixup, running'
    });
    expect(within(view).getByText('step 41,216 of 60,000')).toBeTruthy();
    expect(view.querySelector('dl')?.textContent).toContain('val_auc0.9634');
    expect(view.querySelector('dl')?.textContent).toContain('Time left38 min');
    await waitFor(() => expect(view.textContent).toContain('41216/60000'));
  });

  it('stops after asking once, and opens its page', async () => {
    const { source, host, user } = show('mixup');
    await user.click(await screen.findByRole('button', { name: 'Stop' }));
    await waitFor(() =>
      expect(source.commands).toEqual([{ name: 'cancel', args: { run: 'mixup' } }])
    );
    expect(host.confirm).toHaveBeenCalledTimes(1);
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull());
    await user.click(screen.getByRole('button', { name: 'Open' }));
    expect(host.openRun).toHaveBeenCalledWith('mixup');
  });

  it('says why it waits, in two lines without charts and log', async () => {
    show('convnext-t-pcam-randaug');
    const view = await screen.findByRole('region', { name: /queued$/ });
    expect(view.textContent).toContain('WhyStarts in about 38 min, when run 412 ends.');
    expect(view.querySelector('.jp-ml-widget-log')).toBeNull();
  });

  it('changes from waiting to over while it is looked at', async () => {
    const { source } = show('convnext-t-pcam-randaug');
    await screen.findByRole('region', { name: /queued$/ });
    act(
      () =>
        void source.patchRun('convnext-t-pcam-randaug', {
          status: 'Failed',
          reason: 'The script ended with exit code 1.',
          started_ms: 1,
          ended_ms: 2
        })
    );
    const view = await screen.findByRole('region', { name: /failed$/ });
    expect(view.textContent).toContain('The script ended with exit code 1.');
    expect(screen.getByRole('button', { name: 'Run again' })).toBeTruthy();
  });

  it('shows the best trials of a sweep with their parameters, and leads to all', async () => {
    const source = new FakeRunSource(demoSweep());
    const host = testHost();
    render(<RunWidget source={source} runId="hd" host={host} hasPages />);
    const table = await screen.findByRole('table', { name: 'Best trials' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.length).toBe(5);
    const values = rows.map(row => Number(within(row).getAllByRole('cell')[1]?.textContent));
    expect(values).toEqual([...values].sort((a, b) => a - b));
    await userEvent.setup().click(screen.getByRole('button', { name: 'Show all 44 trials' }));
    expect(host.openRun).toHaveBeenCalledWith('hd', 'trials');
  });

  it('shows on demand all trials by their parameters, and which of these mattered', async () => {
    render(
      <RunWidget source={new FakeRunSource(demoSweep())} runId="hd" host={testHost()} hasPages />
    );
    const more = await screen.findByRole('button', { name: 'Trials by their parameters' });
    expect(more.getAttribute('aria-expanded')).toBe('false');
    await userEvent.setup().click(more);
    const plots = await screen.findByRole('region', { name: 'Trials by their parameters' });
    await within(plots).findByText('What mattered');
    expect(plots.querySelector('svg, canvas')).toBeTruthy();
  });

  it('tells the trials that a notebook has kept', async () => {
    const [run, ...children] = demoSweep().runs;
    const snapshot = { ...demoSnapshot(), run_id: 'hd', run: run as never, children };
    const source = new SnapshotRunSource(snapshot);
    render(<RunWidget source={source} runId="hd" host={testHost()} hasPages={false} />);
    expect(await screen.findByRole('table', { name: 'Best trials' })).toBeTruthy();
    await userEvent
      .setup()
      .click(screen.getByRole('button', { name: 'Trials by their parameters' }));
    const plots = screen.getByRole('region', { name: 'Trials by their parameters' });
    await waitFor(() => expect(within(plots).queryByText('What mattered')).toBeNull());
  });

  it('lists children, best first, with what differs between them', async () => {
    const { host, user } = show('sweep');
    const table = await screen.findByRole('table');
    const heads = within(table)
      .getAllByRole('columnheader')
      .map(th => th.textContent);
    expect(heads).toEqual(['Child, best first', 'max_depth', 'eta', 'auc']);
    const [, first] = within(table).getAllByRole('row');
    expect(first?.textContent).toContain('0.8873');
    await user.click(screen.getByRole('button', { name: 'Show all 12 children' }));
    expect(host.openRun).toHaveBeenCalledWith('sweep', 'children');
    expect(screen.getByText('35 completed, 19 queued, 4 running, 2 failed')).toBeTruthy();
  });

  it('says from when a saved picture is, and offers no Stop', async () => {
    const saved = new SnapshotRunSource(demoSnapshot('mixup', Date.UTC(2020, 10, 18, 12)));
    render(<RunWidget source={saved} runId="mixup" host={testHost()} hasPages={false} />);
    expect(
      await screen.findByText(
        'Saved in this notebook on 18 Nov 2020. The workspace is not reachable, so this picture is not live.'
      )
    ).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  });

  it('goes on showing what was known of a run that is deleted', async () => {
    const { source } = show('mixup');
    await screen.findByRole('region', { name: /mixup, running$/ });
    act(() => source.removeRun('mixup'));
    expect(await screen.findByText(/This run was deleted\./)).toBeTruthy();
    expect(screen.getByRole('region', { name: /mixup, running$/ })).toBeTruthy();
  });

  it('says when the run is not there', async () => {
    show('nobody');
    expect(await screen.findByText('There is no run nobody.')).toBeTruthy();
  });
});

describe('children', () => {
  const metric = (name: string, best: number) => ({
    name,
    last: best,
    best,
    best_step: 1,
    count: 1,
    spark: []
  });

  it('are sorted by what is better, those without a value last', () => {
    const children = [
      demoRun({ id: 'none' }),
      demoRun({ id: 'high', primary_metric: metric('loss', 0.9) }),
      demoRun({ id: 'low', primary_metric: metric('loss', 0.1) })
    ];
    expect(bestFirst(children).map(c => c.id)).toEqual(['low', 'high', 'none']);
  });

  it('are told apart by the tags that differ, and counted by their words', () => {
    const children = [
      demoRun({ id: 'a', tags: { lr: '1', same: 'x' } }),
      demoRun({ id: 'b', tags: { lr: '2', same: 'x' } })
    ];
    expect(differingTags(children)).toEqual(['lr']);
    const run = demoRun({ id: 'p', children: { NotStarted: 1, Queued: 2, Completed: 1 } });
    expect(childrenByState(run)).toBe('3 queued, 1 completed');
  });
});
