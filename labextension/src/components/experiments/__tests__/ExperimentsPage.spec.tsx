import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { demoWorld } from '../../../sources/demo';
import { FakeRunSource, type IFakeWorld } from '../../../sources/fake';
import { testHost } from '../../sidebar/__tests__/host';
import ExperimentsPage from '../ExperimentsPage';

beforeEach(() => localStorage.clear());

function show(
  world: IFakeWorld = demoWorld(),
  first: string | null = null,
  opened: string | null = null
) {
  const source = new FakeRunSource(world);
  const host = testHost();
  function Page(): React.JSX.Element {
    const [[experiment, view], setPlace] = useState<readonly [string | null, string | null]>([
      first,
      opened
    ]);
    return (
      <ExperimentsPage
        {...{ source, host, experiment, view }}
        workspace={null}
        onExperiment={(name, id) => setPlace([name, id ?? null])}
      />
    );
  }
  render(<Page />);
  return { source, host, user: userEvent.setup() };
}
const rowOf = async (name: string): Promise<HTMLElement> =>
  (await screen.findByRole('rowheader', { name })).closest('tr')!;

describe('the page of experiments', () => {
  it('lists experiments with their states in any order, and finds one by a word', async () => {
    const { user } = show();
    const row = await rowOf('pcam');
    expect(within(row).getAllByRole('img', { name: /running/ })).not.toHaveLength(0);
    await user.click(screen.getByRole('button', { name: 'Runs' }));
    const names = screen.getAllByRole('rowheader').map(one => one.textContent);
    expect(names[0]).toBe('pcam');
    await user.type(screen.getByRole('searchbox'), 'retina');
    expect(screen.getAllByRole('rowheader').map(one => one.textContent)).toEqual(['retina']);
    await user.type(screen.getByRole('searchbox'), 'zzz');
    expect(screen.getByText('No experiment matches “retinazzz”.')).toBeTruthy();
  });

  it('takes a description and a tag in place', async () => {
    const { source, user } = show();
    const row = await rowOf('retina');
    await user.click(within(row).getByRole('button', { name: /Description of retina/ }));
    await user.keyboard('Fundus images{Enter}');
    await within(await rowOf('retina')).findByText('Fundus images');
    await user.click(within(await rowOf('retina')).getByRole('button', { name: 'Add tag' }));
    await user.keyboard('team=vision{Enter}');
    await within(await rowOf('retina')).findByText('team: vision');
    expect(source.commands.map(one => one.name)).toEqual(['updateExperiment', 'updateExperiment']);
  });

  it('archives with a way back, and shows the archived ones on demand', async () => {
    const { host, user } = show();
    const row = await rowOf('retina');
    await user.click(within(row).getByRole('button', { name: 'Archive' }));
    await waitFor(() => expect(screen.queryByRole('rowheader', { name: 'retina' })).toBeNull());
    expect(host.offerUndo).toHaveBeenCalledOnce();
    await user.click(screen.getByRole('button', { name: 'Archived' }));
    expect(await rowOf('retina')).toBeInstanceOf(HTMLElement);
    act(() => (host.offerUndo.mock.calls[0]?.[1] as () => void)());
    await waitFor(() => expect(screen.queryByRole('rowheader', { name: 'retina' })).toBeNull());
  });

  it('teaches the first step where there is nothing, and can only be read without commands', async () => {
    const { host, user } = show({ runs: [] });
    await screen.findByText('No experiments yet.');
    await user.click(screen.getByRole('button', { name: 'Insert into notebook' }));
    expect(host.insertCell).toHaveBeenCalledOnce();
  });

  it('lets nobody change what may only be read', async () => {
    show({ ...demoWorld(), readOnly: true });
    const row = await rowOf('retina');
    expect(within(row).queryByRole('button', { name: /Archive|Add tag|Description/ })).toBeNull();
  });
});

describe('the page of one experiment', () => {
  it('shows the runs with the columns that are chosen, and remembers them', async () => {
    const { user } = show(demoWorld(), 'pcam');
    const grid = await screen.findByRole('grid', { name: 'Runs' });
    await user.click(screen.getByRole('button', { name: 'Columns' }));
    const picker = screen.getByRole('dialog', { name: 'Columns' });
    const entry = within(picker).getAllByRole('checkbox')[0]!;
    const name = entry.closest('label')?.textContent ?? '';
    await user.click(entry);
    expect(within(grid).getByRole('columnheader', { name: new RegExp(name) })).toBeTruthy();
    expect(localStorage.getItem('ml-jupyter:experiment:pcam')).toContain(name);
  });

  it('is worked by keys: arrows, Space selects, Enter opens, Esc clears', async () => {
    const { host, user } = show(demoWorld(), 'pcam');
    const grid = await screen.findByRole('grid', { name: 'Runs' });
    act(() => grid.focus());
    await user.keyboard('{ArrowDown} {Shift>}{ArrowDown}{/Shift}');
    expect(screen.getByText('2 selected')).toBeTruthy();
    await user.keyboard('{Enter}');
    expect(host.openRun).toHaveBeenCalledOnce();
    await user.keyboard('{Escape}');
    expect(screen.queryByText(/selected/)).toBeNull();
    await user.keyboard('{Home}{ArrowDown}{ArrowDown}{Shift>}{ArrowDown}{/Shift}');
    expect(screen.getByText('2 selected')).toBeTruthy();
  });

  it('opens a run for good by a double click, wherever the second press falls', async () => {
    const { host, user } = show(demoWorld(), 'pcam');
    const row = (await screen.findAllByRole('row')).find(one => one.dataset.run)!;
    const elsewhere = screen.getByRole('button', { name: 'Archived' });
    const heard = vi.fn();
    elsewhere.addEventListener('click', heard);
    host.openRun.mockImplementation(() => {
      setTimeout(() => {
        expect(fireEvent.mouseDown(elsewhere, { detail: 2 })).toBe(false);
        fireEvent.mouseUp(elsewhere, { detail: 2 });
        fireEvent.click(elsewhere, { detail: 2 });
      });
    });
    await user.click(row);
    await waitFor(() => expect(host.pinRun).toHaveBeenCalledWith(row.dataset.run));
    expect(heard).not.toHaveBeenCalled();
    host.openRun.mockReset();
    await user.click(elsewhere);
    expect(heard).toHaveBeenCalledOnce();
    expect(host.pinRun).toHaveBeenCalledOnce();
  });

  it('filters by a typed state and says how many there are', async () => {
    const { user } = show(demoWorld(), 'pcam');
    await screen.findByRole('grid', { name: 'Runs' });
    await user.type(screen.getByRole('searchbox'), 'state:running{Enter}');
    await waitFor(() => expect(screen.getByText('state: running')).toBeTruthy());
    const rows = screen.getAllByRole('row').slice(1);
    expect(rows.every(row => /Running/.test(row.textContent ?? ''))).toBe(true);
  });

  it('starts one TensorBoard for the selected runs and shows it', async () => {
    const { source, host, user } = show(demoWorld(), 'pcam');
    const boxes = await screen.findAllByRole('checkbox');
    fireEvent.click(boxes[0]!);
    fireEvent.click(boxes[1]!);
    const chosen = screen.getByRole('toolbar', { name: 'Selected runs' });
    await user.click(within(chosen).getByRole('button', { name: 'TensorBoard' }));
    await waitFor(() => expect(host.openPage).toHaveBeenCalledOnce());
    expect((source.commands[0]?.args as { runs: string[] }).runs).toHaveLength(2);
  });

  it('starts one for all runs of the table', async () => {
    const { source, host, user } = show(demoWorld(), 'pcam');
    await screen.findAllByRole('checkbox');
    await user.click(screen.getByRole('button', { name: 'TensorBoard' }));
    await waitFor(() => expect(host.openPage).toHaveBeenCalledOnce());
    const { runs } = source.commands[0]?.args as { runs: string[] };
    const listed = (await source.query('runs', { experiment: 'pcam' })).runs.map(run => run.id);
    expect([...runs].sort()).toEqual([...listed].sort());
  });

  it('draws only the rows in view of a long list', async () => {
    const [first] = demoWorld().runs ?? [];
    const runs = Array.from({ length: 3000 }, (_, i) => ({
      ...first!,
      id: `run-${i}`,
      created_ms: i
    }));
    show({ runs }, first!.experiment);
    await screen.findByText('3,000 runs');
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
  });

  it('says so when there is no such experiment', async () => {
    const { user } = show(demoWorld(), 'nowhere');
    await screen.findByText('There is no experiment “nowhere”.');
    await user.click(screen.getByRole('button', { name: 'All experiments' }));
    expect(await rowOf('pcam')).toBeInstanceOf(HTMLElement);
  });
});
