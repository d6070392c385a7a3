import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { IPackage, IPackages } from '../../../model/packages';
import type { IRunDetail } from '../../../model/types';
import { demoRun } from '../../../sources/demo';
import { FakeRunSource } from '../../../sources/fake';
import { testHost } from '../../sidebar/__tests__/host';
import { RunPage } from '../RunPage';

const one = (name: string, version: string, change: Partial<IPackage> = {}): IPackage => ({
  name,
  version,
  origin: null,
  local: false,
  editable: false,
  requirement: `${name}==${version}`,
  ...change
});

const PACKAGES: IPackages = {
  python: '3.11.9',
  implementation: 'cpython',
  packages: [
    one('mine', '0.1', { origin: 'mine', local: true, editable: true, requirement: '# mine==0.1' }),
    one('numpy', '2.1.0'),
    one('torch', '2.6.0'),
    one('theirs', '3', { origin: 'git+https://host/theirs@1f', requirement: 'theirs @ git+…' })
  ]
};
const FACT = { digest: 'd', count: 4, python: '3.11.9' };

function show(change: Partial<IRunDetail>, packages: IPackages = PACKAGES) {
  const run = demoRun({ id: 'r', status: 'Completed', environment: null, ...change });
  const source = new FakeRunSource({ runs: [run], packages: { r: packages } });
  const host = testHost();
  render(
    <RunPage
      {...{ source, host }}
      runId="r"
      tab="environment"
      onTab={() => undefined}
      onOpenRun={() => undefined}
    />
  );
  return userEvent.setup();
}

const rows = (): string[] =>
  within(screen.getByRole('table'))
    .getAllByRole('row')
    .slice(1)
    .map(row => row.textContent ?? '');

describe('the packages of a run', () => {
  it('are a table with where they came from, and are counted', async () => {
    show({ packages: FACT });
    const region = await screen.findByRole('region', { name: 'Installed packages' });
    await within(region).findByRole('table');
    expect(within(region).getByRole('status').textContent).toBe('4 packages, Python 3.11.9');
    expect(rows()).toEqual([
      'mine0.1mine, editable',
      'numpy2.1.0',
      'torch2.6.0',
      'theirs3git+https://host/theirs@1f'
    ]);
  });

  it('are narrowed by name, version and origin', async () => {
    const user = show({ packages: FACT });
    const field = await screen.findByRole('searchbox', { name: 'Filter packages' });
    await user.type(field, 'TORCH');
    expect(rows()).toEqual(['torch2.6.0']);
    expect(screen.getByText('1 of 4 packages, Python 3.11.9')).toBeTruthy();
    await user.clear(field);
    await user.type(field, '==2.1');
    expect(rows()).toEqual(['numpy2.1.0']);
    await user.clear(field);
    await user.type(field, 'nothing');
    expect(screen.queryByRole('table')).toBeNull();
    expect(screen.getByText('No package matches.')).toBeTruthy();
  });

  it('are copied as a requirements file, all of them', async () => {
    const user = show({ packages: FACT });
    const write = vi.spyOn(navigator.clipboard, 'writeText');
    await user.type(await screen.findByRole('searchbox', { name: 'Filter packages' }), 'numpy');
    await user.click(screen.getByRole('button', { name: 'Copy all as requirements.txt' }));
    expect(write).toHaveBeenCalledWith('# mine==0.1\nnumpy==2.1.0\ntorch==2.6.0\ntheirs @ git+…\n');
  });

  it('have no column of origins where all come from an index', async () => {
    show({ packages: FACT }, { ...PACKAGES, packages: [one('numpy', '2.1.0')] });
    await screen.findByRole('table');
    expect(screen.queryByRole('columnheader', { name: 'Installed from' })).toBeNull();
  });

  it('are not asked for where they are not known', async () => {
    show({ packages: null });
    expect(await screen.findByText('No environment was recorded.')).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'Installed packages' })).toBeNull();
  });
});
