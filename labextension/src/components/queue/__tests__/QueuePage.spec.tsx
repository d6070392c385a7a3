import { createEvent, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { describe, expect, it, vi } from 'vitest';
import { SourceError } from '../../../model/errors';
import { demoWorld } from '../../../sources/demo';
import { demoMachineHistory, demoQueueHistory } from '../../../sources/demoHistory';
import { FakeRunSource, type IFakeWorld } from '../../../sources/fake';
import { testHost } from '../../sidebar/__tests__/host';
import { QueuePage } from '../QueuePage';

const [FIRST, SECOND, THIRD] = [
  'vit-s16-pcam-lr1e-3-mixup',
  'convnext-t-pcam-randaug',
  'vit-b16-pcam-2gpu'
];

function show(change: Partial<IFakeWorld> = {}) {
  const source = new FakeRunSource({
    ...demoWorld(),
    machineHistory: span => demoMachineHistory(span),
    queueHistory: span => demoQueueHistory(span),
    ...change
  });
  const host = testHost();
  render(<QueuePage source={source} host={host} />);
  return { source, host, user: userEvent.setup() };
}

const grid = (): Promise<HTMLElement> => screen.findByRole('grid', { name: 'Runs that wait' });
const rows = async (): Promise<readonly HTMLElement[]> => within(await grid()).getAllByRole('row');
const order = async (): Promise<readonly (string | undefined)[]> =>
  (await rows()).map(row => row.dataset.queued);
async function rowAt(index: number): Promise<HTMLElement> {
  const row = (await rows())[index];
  if (!row) {
    throw new Error(`no row ${index}`);
  }
  return row;
}

describe('the line', () => {
  it('says place, why, what is asked for, and what can be done', async () => {
    const { host, user } = show();
    const row = await rowAt(0);
    expect(row.textContent).toContain('1st');
    expect(within(row).getByText('in line')).toBeTruthy();
    expect(row.textContent).toContain('GPU 0 is held by notebook eda.ipynb');
    expect(row.textContent).toContain('1 GPU and 4 cores');
    await user.click(await within(row).findByRole('button', { name: 'Free GPU 0' }));
    expect(host.confirm.mock.calls[0]?.[0]).toContain('Restart the kernel of eda.ipynb?');
    await waitFor(() => expect(host.restartKernel).toHaveBeenCalledWith('k1'));
  });

  it('offers no kernel where none may be restarted', async () => {
    const source = new FakeRunSource(demoWorld());
    render(<QueuePage source={source} host={{ ...testHost(), restartKernel: undefined }} />);
    const row = await rowAt(0);
    expect(within(row).queryByRole('button', { name: 'Free GPU 0' })).toBeNull();
  });

  it('moves a run by keyboard, says so, and keeps the focus on it', async () => {
    const { source } = show();
    const row = await rowAt(1);
    row.focus();
    fireEvent.keyDown(row, { key: 'ArrowUp', altKey: true });
    await waitFor(async () => expect(await order()).toEqual([SECOND, FIRST, THIRD]));
    expect(source.commands).toEqual([{ name: 'moveQueued', args: { run: SECOND, before: FIRST } }]);
    expect(await screen.findByText(`${SECOND} is 1st in line.`)).toBeTruthy();
    expect(document.activeElement).toBe(await rowAt(0));
    fireEvent.keyDown(await rowAt(0), { key: 'End', altKey: true });
    await waitFor(async () => expect(await order()).toEqual([FIRST, THIRD, SECOND]));
    fireEvent.keyDown(await rowAt(0), { key: 'Home', altKey: true });
    expect(source.commands).toHaveLength(2);
  });

  it('moves the focus with the arrows, one tab stop for all', async () => {
    const { user } = show();
    const first = await rowAt(0);
    first.focus();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(document.activeElement).toBe(await rowAt(2));
    expect((await rows()).map(row => row.tabIndex)).toEqual([-1, -1, 0]);
  });

  it('puts a dragged run where it is dropped', async () => {
    const { source } = show();
    const [first, , third] = await rows();
    const dataTransfer = { setData: () => undefined, effectAllowed: '' };
    fireEvent.dragStart(third!, { dataTransfer });
    const over = createEvent.dragOver(first!);
    fireEvent(first!, over);
    expect(over.defaultPrevented).toBe(true);
    fireEvent.drop(first!, { dataTransfer });
    await waitFor(() =>
      expect(source.commands[0]).toEqual({
        name: 'moveQueued',
        args: { run: THIRD, before: FIRST }
      })
    );
    await waitFor(async () => expect(await order()).toEqual([THIRD, FIRST, SECOND]));
  });

  it('takes a move back that the queue refuses', async () => {
    const { source, host } = show();
    const row = await rowAt(0);
    source.setQueue({ slots: { total: 1, free: 0 }, entries: [], ends_with_server: false });
    fireEvent.keyDown(row, { key: 'ArrowDown', altKey: true });
    expect(await screen.findByText('Nothing waits.')).toBeTruthy();
    expect(host.notify).toHaveBeenCalledWith(
      'error',
      expect.stringContaining('does not wait in the queue')
    );
  });

  it('holds, releases and stops', async () => {
    const { source, host, user } = show();
    await user.click(within(await rowAt(0)).getByRole('button', { name: 'Hold' }));
    const release = await within(await rowAt(0)).findByRole('button', { name: 'Release' });
    expect((await rowAt(0)).textContent).toContain('Held');
    await user.click(release);
    fireEvent.keyDown(await rowAt(2), { key: 'Delete', shiftKey: true });
    await waitFor(() => expect(host.confirm).toHaveBeenCalled());
    await waitFor(() =>
      expect(source.commands.map(one => one.name)).toEqual(['orderQueued', 'orderQueued', 'cancel'])
    );
  });

  it('has the same in a menu', async () => {
    const { source, user } = show();
    await user.click(within(await rowAt(2)).getByRole('button', { name: 'More' }));
    expect(screen.getByRole('menuitem', { name: /Move Down/ }).getAttribute('aria-disabled')).toBe(
      'true'
    );
    await user.click(screen.getByText('Move to the Front'));
    await waitFor(async () => expect((await order())[0]).toBe(THIRD));
    expect(source.commands).toHaveLength(1);
  });

  it('changes nothing where that is not allowed', async () => {
    show({ readOnly: true });
    const row = await rowAt(0);
    expect(within(row).queryByRole('button', { name: 'Hold' })).toBeNull();
    expect(row.draggable).toBe(false);
  });
});

describe('the machine, now and before', () => {
  it('names who holds GPUs and cores', async () => {
    const { host, user } = show();
    const now = await screen.findByRole('region', { name: 'Now' });
    const cores = await within(now).findByRole('meter', { name: 'Cores' });
    expect(cores.getAttribute('aria-valuetext')).toContain('8 / 16 cores');
    expect(within(now).getAllByRole('meter', { name: /GPU/ })).toHaveLength(2);
    await user.click(within(now).getByRole('button', { name: /mixup/ }));
    expect(host.openRun).toHaveBeenCalledWith('mixup');
  });

  it('shows what ran on which GPU, and opens it', async () => {
    const { host, user } = show();
    const ran = await screen.findByRole('region', { name: 'What ran' });
    const lane = await within(ran).findByRole('group', { name: 'GPU 1' });
    const blocks = within(lane).getAllByRole('button');
    expect(blocks.map(one => one.dataset.ran)).toEqual(['ran-4', 'ran-6', 'ran-7', 'mixup']);
    expect(blocks[0]?.getAttribute('aria-label')).toMatch(
      /Canceled, 17 min.* on 4 cores, waited 3 min/
    );
    expect(ran.textContent).toContain('7 runs were at work in the last hour.');
    await user.click(blocks[3]!);
    expect(host.openRun).toHaveBeenCalledWith('mixup');
  });

  it('asks for another span, and shows use over it', async () => {
    const { user } = show();
    const use = await screen.findByRole('region', { name: 'Utilization' });
    expect(await within(use).findByRole('img', { name: /GPU 1 utilization: 9\d%/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Week' }));
    expect(await screen.findByText(/in the last week/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Week', pressed: true })).toBeTruthy();
  });

  it('teaches how to begin where there is no workspace, and shows the machine all the same', async () => {
    const source = new FakeRunSource({ machineHistory: span => demoMachineHistory(span) });
    vi.spyOn(source, 'subscribe').mockImplementation((_stream, _args, subscriber) => {
      subscriber.error?.(new SourceError('no_workspace', 'There is no workspace yet.'));
      return { dispose: () => undefined };
    });
    const host = testHost();
    render(<QueuePage source={source} host={host} />);
    expect(await screen.findByText('No runs yet')).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Waiting' })).toBeNull();
    expect(screen.queryByText('There is no workspace yet.')).toBeNull();
    const use = screen.getByRole('region', { name: 'Utilization' });
    expect(await within(use).findByRole('img', { name: /GPU 1 utilization/ })).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Insert into notebook' }));
    expect(host.insertCell).toHaveBeenCalled();
  });

  it('says when there is nothing, and when it cannot be had', async () => {
    const { source } = show({
      machineHistory: undefined,
      queueHistory: undefined,
      queue: undefined
    });
    expect(await screen.findByText('Nothing waits.')).toBeTruthy();
    expect(await screen.findByText('Nothing ran in the last hour.')).toBeTruthy();
    expect(await screen.findByText('Nothing was recorded yet.')).toBeTruthy();
    source.lose();
    await userEvent.click(screen.getByRole('button', { name: 'Day' }));
    const again = await screen.findAllByRole('button', { name: 'Try again' });
    source.heal();
    await userEvent.click(again[0]!);
    expect(await screen.findByText('Nothing ran in the last day.')).toBeTruthy();
  });
});
