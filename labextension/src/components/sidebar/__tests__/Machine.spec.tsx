import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import { demoWorld } from '../../../sources/demo';
import { FakeRunSource, type IFakeWorld } from '../../../sources/fake';
import { Sidebar } from '../Sidebar';
import { testHost } from './host';

beforeEach(() => localStorage.clear());

function show(world: IFakeWorld = demoWorld()) {
  const host = testHost();
  render(<Sidebar source={new FakeRunSource(world)} host={host} />);
  return { host, user: userEvent.setup() };
}
const rowOf = async (name: RegExp | string): Promise<HTMLElement> =>
  (await screen.findByRole('gridcell', { name })).closest<HTMLElement>('[role=row]')!;

describe('what is pinned, and what this machine has', () => {
  it('keeps a pinned run at the top, also in another view, until it is taken off', async () => {
    const { user } = show();
    fireEvent.contextMenu(await rowOf(/xgb-credit-depth6, Completed/));
    await user.click(await screen.findByText('Pin'));
    await waitFor(() =>
      expect(screen.getAllByRole('gridcell', { expanded: true })[0]?.textContent).toBe('Pinned1')
    );
    expect(screen.getAllByRole('gridcell', { name: /xgb-credit-depth6/ })).toHaveLength(2);
    cleanup();
    show();
    await waitFor(() =>
      expect(screen.getAllByRole('gridcell', { expanded: true })[0]?.textContent).toBe('Pinned1')
    );
    const [pinned] = screen.getAllByRole('gridcell', { name: /xgb-credit-depth6/ });
    fireEvent.contextMenu(pinned!.closest('[role=row]')!);
    await user.click(await screen.findByText('Unpin'));
    await waitFor(() =>
      expect(screen.getAllByRole('gridcell', { expanded: true })[0]?.textContent).toBe('Running4')
    );
  });

  it('says what this machine has', async () => {
    show();
    const machine = await screen.findByRole('region', { name: 'This machine' });
    expect(machine.textContent).toContain('9.4 / 16 cores');
    expect(machine.textContent).toContain('41 of 128 GB memory');
    expect(machine.textContent).toContain('2 × RTX 4090');
    const [first] = within(machine).getAllByRole('meter', { name: /GPU/ });
    expect(first?.getAttribute('aria-valuetext')).toBe(
      '18.2 / 24 GB, Notebook eda.ipynb, idle 3 h, 0% busy'
    );
  });

  it('says that there is no GPU', async () => {
    show({ ...demoWorld(), machine: undefined });
    expect(await screen.findByText('No GPU found. Runs use the CPU.')).toBeTruthy();
  });

  it('offers to free the GPU that an idle notebook of mine holds, and asks first', async () => {
    const { host, user } = show();
    const waiting = await rowOf(/lr1e-3-mixup, Queued/);
    await user.click(within(waiting).getByRole('button', { name: 'Free GPU 0' }));
    expect(host.confirm).toHaveBeenCalledWith(
      'Restart the kernel of eda.ipynb? Its variables are lost; its file is not touched.',
      'Free GPU 0'
    );
    await waitFor(() => expect(host.restartKernel).toHaveBeenCalledWith('k1'));
    const never = await rowOf(/2gpu, Queued/);
    expect(within(never).queryByRole('button', { name: /Free/ })).toBeNull();
  });
});
