import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { IViewHost } from '../../../model/host';
import { SourceError } from '../../../model/errors';
import { demoRun, demoSeries } from '../../../sources/demo';
import { FakeRunSource } from '../../../sources/fake';
import { RunPage } from '../../run/RunPage';

const child = (i: number, status: 'Completed' | 'Failed' = 'Completed') =>
  demoRun({
    id: `c${i}`,
    number: i,
    display_name: `trial ${i}`,
    parent_id: 'r',
    status,
    tags: {},
    parameters: { lr: `${i}e-3` }
  });

function source(count: number): FakeRunSource {
  const children = Array.from({ length: count }, (_, i) =>
    child(i, i === 1 ? 'Failed' : 'Completed')
  );
  return new FakeRunSource({
    runs: [
      demoRun({
        id: 'r',
        number: 99,
        status: 'Completed',
        child_count: count,
        children: { Completed: count - 1, Failed: 1 }
      }),
      ...children
    ],
    metrics: Object.fromEntries(
      children.map((run, i) => [
        run.id,
        [demoSeries('loss', [5, 4, i], 3, 0), ...(i === 0 ? [demoSeries('acc', [1, 2], 2, 0)] : [])]
      ])
    )
  });
}

function Page(props: { source: FakeRunSource; onOpenRun?: (id: string) => void }) {
  const [tab, setTab] = useState('children?show=curves');
  const host: IViewHost = {
    confirm: () => Promise.resolve(true),
    notify: () => undefined,
    openRun: () => undefined
  };
  return (
    <RunPage
      source={props.source}
      runId="r"
      onOpenRun={props.onOpenRun ?? (() => undefined)}
      {...{ tab, host }}
      onTab={setTab}
    />
  );
}

const chart = (name: RegExp): Promise<HTMLElement> => screen.findByRole('group', { name });

describe('curves of all children', () => {
  it('have a chart a metric, and say who has it', async () => {
    render(<Page source={source(3)} />);
    expect(await chart(/^loss, 3 runs, last values 0 to 2$/)).toBeTruthy();
    expect(await chart(/^acc, 1 run, last values 2 to 2$/)).toBeTruthy();
    const legend = screen.getByRole('list', { name: 'Runs in the charts' });
    expect(within(legend).getAllByRole('button')).toHaveLength(3);
  });

  it('go through the runs by the keyboard and open one', async () => {
    const onOpenRun = vi.fn();
    render(<Page source={source(3)} onOpenRun={onOpenRun} />);
    const loss = await chart(/^loss, 3 runs/);
    act(() => loss.focus());
    await userEvent.keyboard('{ArrowDown}');
    await waitFor(() => expect(screen.getByText('loss, trial 2 2, 2, step 3')).toBeTruthy());
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(onOpenRun).toHaveBeenCalledWith('c1');
  });

  it('show the children of one state only', async () => {
    render(<Page source={source(3)} />);
    await chart(/^loss, 3 runs/);
    await userEvent.click(screen.getByRole('button', { name: '1 failed' }));
    expect(await chart(/^loss, 1 run, last values 1 to 1$/)).toBeTruthy();
  });

  it('are coloured by a setting, and the link keeps it', async () => {
    render(<Page source={source(30)} />);
    await chart(/^loss, 30 runs/);
    const colour = screen.getByRole('combobox', { name: 'Colour' });
    await userEvent.selectOptions(colour, 'lr');
    expect(document.querySelector('.jp-ml-curves-scale')?.textContent).toMatch(/^0\D*0\.029.*lr$/);
    await userEvent.click(screen.getByRole('button', { name: 'Table' }));
    await userEvent.click(screen.getByRole('button', { name: 'Curves' }));
    expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Colour' }).value).toBe(
      'setting:lr'
    );
  });

  it('say what is wrong and can be asked for again', async () => {
    const broken = source(3);
    const query = vi
      .spyOn(broken, 'query')
      .mockRejectedValueOnce(new SourceError('internal', 'The disk is gone.'));
    render(<Page source={broken} />);
    expect(await screen.findByText('The disk is gone.')).toBeTruthy();
    query.mockRestore();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await chart(/^loss, 3 runs/)).toBeTruthy();
  });
});
