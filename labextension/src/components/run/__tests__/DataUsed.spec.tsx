import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { describe, expect, it } from 'vitest';
import type { IDataUse } from '../../../model/data';
import { DataUsed } from '../DataUsed';

const use = (change: Partial<IDataUse>): IDataUse => ({
  name: 'images',
  dataset: null,
  version: null,
  kind: 'file',
  mode: 'mount',
  places: [],
  count: 0,
  runs: [],
  ...change
});

describe('data of a run', () => {
  it('is left out where there is none', () => {
    render(<DataUsed data={{ read: [], written: [] }} onOpenRun={() => undefined} />);
    render(<DataUsed data={null} onOpenRun={() => undefined} />);
    expect(screen.queryByRole('region')).toBeNull();
  });

  it('names versions, places and how many more there are', () => {
    const read = [
      use({ dataset: 'pcam', version: 3, places: ['/data/a', '/data/b'], count: 5 }),
      use({ name: 'rows', kind: 'tabular' })
    ];
    render(
      <DataUsed
        data={{ read, written: [use({ name: 'out', mode: 'upload' })] }}
        onOpenRun={() => undefined}
      />
    );
    const [first, second, third] = screen.getAllByRole('listitem');
    expect(first?.textContent).toBe('pcam, version 3Mounted/data/a/data/band 3 more');
    expect(second?.textContent).toBe('rowsTable');
    expect(third?.textContent).toBe('outUploaded');
  });

  it('leads to the other runs', async () => {
    const opened: string[] = [];
    const runs = [
      { id: 'one', name: 'first try', role: 'read' },
      { id: 'two', name: 'prepare', role: 'written' }
    ];
    const read = [use({ dataset: 'pcam', version: 1, runs })];
    render(<DataUsed data={{ read, written: [] }} onOpenRun={id => opened.push(id)} />);
    const region = screen.getByRole('region', { name: 'Data' });
    await userEvent.click(within(region).getByRole('button', { name: 'first try' }));
    await userEvent.click(within(region).getByRole('button', { name: 'prepare (wrote it)' }));
    expect(opened).toEqual(['one', 'two']);
  });
});
