import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { demoRun, demoWorld } from '../../../sources/demo';
import { FakeRunSource, type IFakeWorld } from '../../../sources/fake';
import { Sidebar } from '../Sidebar';
import { testHost } from './host';

beforeEach(() => localStorage.clear());

function show(world: IFakeWorld = demoWorld()) {
  const source = new FakeRunSource(world);
  const host = testHost();
  render(<Sidebar source={source} host={host} />);
  return { source, host, user: userEvent.setup() };
}
const row = (name: RegExp | string): Promise<HTMLElement> =>
  screen.findByRole('gridcell', { name });
const rowOf = async (name: RegExp | string): Promise<HTMLElement> =>
  (await row(name)).closest<HTMLElement>('[role=row]')!;

describe('the panel of runs', () => {
  it('has sections with counts, and says why a run waits and why one failed', async () => {
    show();
    const mixup = await row(/^vit-s16-pcam-lr3e-4-mixup, Running/);
    expect(mixup.textContent).toContain('0.9634');
    expect(mixup.textContent).toMatch(/69%, 38 min left/);
    expect((await row(/randaug, Queued/)).textContent).toContain('Starts in about 38 min');
    expect((await row(/bs128, Failed/)).textContent).toContain('Ran out of memory at step 812.');
    const heads = screen.getAllByRole('gridcell', { expanded: true }).map(one => one.textContent);
    expect(heads).toEqual(['Running4', 'Queued3', 'Recent10']);
  });

  it('changes in place when a run does', async () => {
    const { source } = show();
    await row(/mixup, Running/);
    act(() => void source.patchRun('mixup', { status: 'Completed', ended_ms: Date.now() }));
    expect(await row(/mixup, Completed/)).toBeInstanceOf(HTMLElement);
  });

  it('is one tab stop; arrows move inside, Enter opens, Space selects, Esc clears', async () => {
    const { host, user } = show();
    await row(/mixup, Running/);
    const grid = screen.getByRole('grid');
    act(() => grid.focus());
    expect(
      within(grid)
        .queryAllByRole('button')
        .every(b => b.tabIndex === -1)
    ).toBe(true);
    await user.keyboard('{ArrowDown}{Enter}');
    expect(host.openRun).toHaveBeenCalledWith('mixup');
    const active = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
    expect(active?.dataset.run).toBe('mixup');
    await user.keyboard(' {Shift>}{ArrowDown}{/Shift}');
    expect(screen.getByText('2 selected')).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(screen.queryByText(/selected/)).toBeNull();
  });

  it('drags one run, or all that are selected, as the cell that loads them', async () => {
    const { user } = show();
    const carried = (element: HTMLElement): string => {
      const data = new Map<string, string>();
      const setData = (type: string, text: string): void => void data.set(type, text);
      fireEvent.dragStart(element, { dataTransfer: { setData, effectAllowed: '' } });
      return data.get('application/vnd.ml-jupyter.run') ?? '';
    };
    expect(carried(await rowOf(/mixup, Running/))).toContain(
      'get_run("mixup")  # vit-s16-pcam-lr3e-4-mixup'
    );
    const grid = screen.getByRole('grid');
    act(() => grid.focus());
    await user.keyboard('{ArrowDown} {Shift>}{ArrowDown}{/Shift}');
    const code = carried(await rowOf(/mixup, Running/));
    expect(code.match(/ws\.get_run/g)).toHaveLength(2);
  });

  it('has all actions for what is selected', async () => {
    const { source, user } = show();
    const grid = await screen.findByRole('grid');
    await row(/mixup, Running/);
    act(() => grid.focus());
    await user.keyboard('{ArrowDown} {Shift>}{ArrowDown}{/Shift}');
    const bar = screen.getByRole('toolbar', { name: 'Selected runs' });
    await user.click(within(bar).getByRole('button', { name: 'More' }));
    expect(screen.getAllByRole('menuitem')[0]?.textContent).toMatch(/^Compare/);
    expect(screen.getAllByRole('menuitem').map(one => one.textContent)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Copy ids/),
        expect.stringMatching(/^Stop all/)
      ])
    );
    await user.click(screen.getByText('Run again'));
    await waitFor(() =>
      expect(source.commands.filter(one => one.name === 'rerun')).toHaveLength(2)
    );
  });

  it('folds a section by its head', async () => {
    const { user } = show();
    await row(/mixup, Running/);
    await user.click(screen.getByText('Running'));
    expect(screen.queryByRole('gridcell', { name: /mixup, Running/ })).toBeNull();
    act(() => screen.getByRole('grid').focus());
    await user.keyboard('{Home}{Enter}');
    expect(await row(/mixup, Running/)).toBeTruthy();
  });

  it('searches as it is typed, from the key /, and says what is in the way', async () => {
    const { user } = show();
    await row(/mixup, Running/);
    act(() => screen.getByRole('grid').focus());
    await user.keyboard('/');
    expect(document.activeElement).toBe(screen.getByRole('searchbox'));
    await user.keyboard('resnet50');
    expect(await screen.findByText('2 runs')).toBeTruthy();
    await user.clear(screen.getByRole('searchbox'));
    await user.type(screen.getByRole('searchbox'), 'resnet50 state:failed{Enter}');
    expect(await screen.findByText('No run matches')).toBeTruthy();
    expect(
      await screen.findByText('2 runs match without the filter “state: failed”.')
    ).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Remove filter' }));
    expect(await screen.findByText('2 runs')).toBeTruthy();
  });

  it('filters by state from the menu, and a chip takes the filter back', async () => {
    const { user } = show();
    await row(/mixup, Running/);
    await user.click(screen.getByRole('button', { name: 'Filter' }));
    const menu = await screen.findByRole('menu', { name: 'Filter' });
    expect(within(menu).getByText('experiment: pcam')).toBeTruthy();
    await user.click(within(menu).getByText('state: failed'));
    expect(await screen.findByText('2 runs')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Remove state: failed' }));
    expect(await row(/mixup, Running/)).toBeTruthy();
  });

  it('stops a run after asking once, and shows Stopping before the answer', async () => {
    const { source, host, user } = show();
    const line = await rowOf(/mixup, Running/);
    let answer: () => void = () => undefined;
    const command = vi.fn(
      () => new Promise<never>(resolve => (answer = () => resolve(undefined as never)))
    );
    Object.assign(source, { command });
    await user.click(within(line).getByRole('button', { name: 'Stop' }));
    expect(host.confirm).toHaveBeenCalledTimes(1);
    expect(await row(/mixup, Stopping/)).toBeTruthy();
    expect(command).toHaveBeenCalledWith('cancel', { run: 'mixup' });
    answer();
  });

  it('does not stop a run when the person thinks better of it', async () => {
    const { source, host, user } = show();
    host.confirm.mockResolvedValue(false);
    const line = await rowOf(/mixup, Running/);
    await user.click(within(line).getByRole('button', { name: 'Stop' }));
    await waitFor(() => expect(host.confirm).toHaveBeenCalled());
    expect(source.commands).toEqual([]);
  });

  it('shows why a command failed', async () => {
    const { source, host, user } = show();
    const line = await rowOf(/mixup, Running/);
    Object.assign(source, {
      command: vi.fn().mockRejectedValue(new Error('Only mara may stop it.'))
    });
    await user.click(within(line).getByRole('button', { name: 'Stop' }));
    await waitFor(() =>
      expect(host.notify).toHaveBeenCalledWith('error', 'Only mara may stop it.')
    );
  });

  it('has a menu for a run by mouse and by keyboard, and gives the focus back', async () => {
    const { source, host, user } = show();
    fireEvent.contextMenu(await rowOf(/lr1e-4, Completed/));
    await user.click(within(await screen.findByRole('menu')).getByText('Run again'));
    await waitFor(() => expect(source.commands.map(c => c.name)).toEqual(['rerun']));
    await waitFor(() => expect(host.notify).toHaveBeenCalledWith('success', expect.anything()));
    const grid = screen.getByRole('grid');
    act(() => grid.focus());
    await user.keyboard('{Shift>}{F10}{/Shift}');
    expect(document.activeElement).toBe(await screen.findByRole('menu'));
    await user.keyboard('{Escape}');
    expect(document.activeElement).toBe(grid);
  });

  it('tags and archives all that are selected, and offers to take archiving back', async () => {
    const { source, host, user } = show();
    for (const name of [/lr1e-4, Completed/, /pcam-baseline, Completed/]) {
      fireEvent.click(await rowOf(name), { ctrlKey: true });
    }
    const bar = screen.getByRole('toolbar', { name: 'Selected runs' });
    await user.click(within(bar).getByRole('button', { name: 'Tag' }));
    await waitFor(() => expect(source.commands).toHaveLength(2));
    expect(source.commands[0]?.args).toMatchObject({ tags: { quality: 'great' } });
    await user.click(within(bar).getByRole('button', { name: 'Archive' }));
    await waitFor(() => expect(host.offerUndo).toHaveBeenCalled());
    expect(screen.queryByRole('gridcell', { name: /lr1e-4, Completed/ })).toBeNull();
    act(() => (host.offerUndo.mock.calls[0]?.[1] as () => void)());
    expect(await row(/lr1e-4, Completed/)).toBeTruthy();
  });

  it('goes on from the row that takes the place of one which has gone', async () => {
    const { user } = show();
    await row(/lr1e-4, Completed/);
    const grid = screen.getByRole('grid');
    fireEvent.click(await rowOf(/lr1e-4, Completed/));
    act(() => grid.focus());
    await user.keyboard('{Delete}');
    await waitFor(() =>
      expect(screen.queryByRole('gridcell', { name: /lr1e-4, Comp/ })).toBeNull()
    );
    const active = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
    expect(active?.dataset.run).toBe('convnext-t-pcam-baseline');
  });

  it('clones a submitted run into a new cell by the key N', async () => {
    const { host, user } = show();
    fireEvent.click(await rowOf(/lr1e-4, Completed/));
    act(() => screen.getByRole('grid').focus());
    await user.keyboard('n');
    await waitFor(() =>
      expect(host.insertCell).toHaveBeenCalledWith(expect.stringContaining('ScriptRunConfig('))
    );
  });

  it('takes the finding away once the run was opened', async () => {
    const { user } = show();
    const failed = await rowOf(/bs128, Failed/);
    await user.click(failed);
    await waitFor(() => expect(failed.textContent).not.toContain('Ran out of memory'));
  });

  it('tells how to begin when there is nothing', async () => {
    const { host, user } = show({ runs: [] });
    expect(await screen.findByText('No runs yet')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Insert into notebook' }));
    expect(host.insertCell).toHaveBeenCalledWith(expect.stringContaining('ScriptRunConfig'));
  });

  it('says since when there is no connection, counts down, and that it is back', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const { source } = show();
      await row(/mixup, Running/);
      act(() => source.lose(8000));
      const banner = screen.getByText(/No connection since/).closest<HTMLElement>('[role=status]')!;
      expect(banner.textContent).toMatch(/Trying again in 8 s\./);
      await act(() => vi.advanceTimersByTimeAsync(3000));
      expect(banner.textContent).toMatch(/Trying again in 5 s\./);
      expect(screen.getByText(/^as of/)).toBeTruthy();
      fireEvent.click(within(banner).getByRole('button', { name: 'Try now' }));
      expect(screen.getByText('Connected again. Nothing was lost.')).toBeTruthy();
      await act(() => vi.advanceTimersByTimeAsync(4100));
      expect(screen.queryByText('Connected again. Nothing was lost.')).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it('shows skeletons only while the first answer is late', async () => {
    const { source } = show({ ...demoWorld(), held: true });
    const loading = screen.getByLabelText('Loading');
    expect(loading.children).toHaveLength(0);
    await waitFor(() => expect(loading.children.length).toBeGreaterThan(3));
    act(() => source.release());
    expect(await row(/mixup, Running/)).toBeTruthy();
  });

  it('draws only what is in view of ten thousand runs', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) =>
      demoRun({ id: `r${i}`, number: i, created_ms: i, ended_ms: i + 1 })
    );
    const { user } = show({ runs: many });
    expect(await row(/^r9999, /)).toBeTruthy();
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001');
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
    act(() => screen.getByRole('grid').focus());
    await user.keyboard('{End}');
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
  });

  it('has no Stop and no changes in a view that may only look', async () => {
    show({ ...demoWorld(), readOnly: true });
    const line = await rowOf(/mixup, Running/);
    expect(within(line).queryByRole('button', { name: 'Stop' })).toBeNull();
    fireEvent.contextMenu(line);
    const item = within(await screen.findByRole('menu'))
      .getByText('Run again')
      .closest('li');
    expect(item?.getAttribute('aria-disabled')).toBe('true');
  });
});
