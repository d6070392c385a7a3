import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ISavedView } from '../../../model/compare';
import { demoRun, demoWorld } from '../../../sources/demo';
import { FakeRunSource, type IFakeWorld } from '../../../sources/fake';
import { testHost } from '../../sidebar/__tests__/host';
import ExperimentsPage from '../ExperimentsPage';
import { sortExperiments } from '../search';
import { contentOf, FIRST_VIEW, parseView } from '../view';

beforeEach(() => localStorage.clear());

const saved = (id: string, experiment: string, change: object = {}): ISavedView => ({
  id,
  name: `view ${id}`,
  kind: 'experiments',
  revision: 1,
  created_ms: 0,
  modified_ms: 0,
  user: 'mara',
  can_write: true,
  content: contentOf(experiment, { ...FIRST_VIEW, ...change })
});

type Place = readonly [string | null, string | null];

function show(world: IFakeWorld, first: Place) {
  const source = new FakeRunSource(world);
  const host = testHost();
  function Page(): React.JSX.Element {
    const [[experiment, view], setPlace] = useState<Place>(first);
    return (
      <ExperimentsPage
        {...{ source, host, experiment, view }}
        workspace={null}
        onExperiment={(name, id) => setPlace([name, id ?? null])}
      />
    );
  }
  const { unmount } = render(<Page />);
  return { source, host, unmount, user: userEvent.setup() };
}

const pcam = (): IFakeWorld => ({
  ...demoWorld(),
  views: [
    saved('a', 'pcam', { columns: ['param:lr'] }),
    saved('b', 'retina', { columns: ['param:mixup'] })
  ]
});
const column = (name: string): HTMLElement | null => screen.queryByRole('columnheader', { name });
const choose = async (user: ReturnType<typeof userEvent.setup>, name: string): Promise<void> => {
  await user.click(await screen.findByRole('button', { name: 'Views' }));
  await user.click(await screen.findByRole('menuitemcheckbox', { name: new RegExp(name) }));
};

describe('saved views of an experiment', () => {
  it('are opened from the list, changed and saved', async () => {
    const { source, user } = show(pcam(), ['pcam', null]);
    await choose(user, 'view a');
    await waitFor(() => expect(column('lr')).toBeTruthy());
    expect(screen.getByText('view a')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Columns' }));
    await user.click(screen.getByRole('checkbox', { name: 'batch_size' }));
    await user.keyboard('{Escape}');
    expect(screen.getByText('view a, edited')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(screen.queryByText('view a, edited')).toBeNull());
    const { content } = await source.query('view', { id: 'a' });
    expect(content.columns).toEqual(['param:lr', 'param:batch_size']);
  });

  it('lead to the experiment that they are of', async () => {
    const { user } = show(pcam(), ['pcam', null]);
    await choose(user, 'view b');
    expect(await screen.findByRole('heading', { name: 'retina' })).toBeTruthy();
    await waitFor(() => expect(column('mixup')).toBeTruthy());
  });

  it('are opened by a link, and keep unsaved changes over a reload', async () => {
    const first = show(pcam(), ['pcam', 'a']);
    await waitFor(() => expect(column('lr')).toBeTruthy());
    await first.user.click(screen.getByRole('button', { name: 'Columns' }));
    await first.user.click(screen.getByRole('checkbox', { name: 'lr' }));
    await first.user.keyboard('{Escape}');
    await screen.findByText('view a, edited');
    first.unmount();
    show(pcam(), ['pcam', null]);
    await screen.findByText('view a, edited');
    expect(column('lr')).toBeNull();
  });

  it('are only looked at by those who may not write', async () => {
    show({ ...pcam(), readOnly: true }, ['pcam', 'a']);
    await screen.findByText('view a, you may look at it');
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
  });

  it('that are gone leave the page as it is', async () => {
    show(pcam(), ['pcam', 'gone']);
    expect(await screen.findByRole('grid', { name: 'Runs' })).toBeTruthy();
    expect(await screen.findByText(/gone/)).toBeTruthy();
  });

  it('take a default for what is not right in them', () => {
    const odd = { scatters: [{ x: 'nonsense', y: 'metric:a' }, 3, { x: 'param:a', y: 'tag:b' }] };
    expect(parseView(odd).scatters).toEqual([{ x: 'param:a', y: 'tag:b' }]);
  });
});

it('sorts experiments by what is better of each metric, those without one last', async () => {
  const [first] = await new FakeRunSource(demoWorld())
    .query('experiments', {})
    .then(found => found.experiments);
  const all = (
    [
      ['none', null],
      ['low', { name: 'loss', best: 0.1, lower: true, run_id: 'r' }],
      ['worse', { name: 'acc', best: 0.5, lower: false, run_id: 'r' }],
      ['high', { name: 'loss', best: 3, lower: true, run_id: 'r' }],
      ['better', { name: 'acc', best: 0.9, lower: false, run_id: 'r' }]
    ] as const
  ).map(([name, primary_metric]) => ({ ...first!, name, primary_metric }));
  const names = sortExperiments(all, 'best', false).map(one => one.name);
  expect(names).toEqual(['better', 'worse', 'low', 'high', 'none']);
});

describe('a parameter in the table', () => {
  const runs = ['0.1', 'auto', '1e-3', undefined].map((lr, at) =>
    demoRun({ id: `r${at}`, number: at, parameters: lr === undefined ? {} : { lr } })
  );
  const shown = (): readonly string[] =>
    screen
      .getAllByRole('row')
      .flatMap(row => row.getAttribute('data-run') ?? [])
      .filter(Boolean);
  const head = (): HTMLElement => screen.getByRole('columnheader', { name: /^lr/ });

  it('orders it by its head, with the keyboard too', async () => {
    const world = { runs, views: [saved('a', 'pcam', { columns: ['param:lr'] })] };
    const { user } = show(world, ['pcam', 'a']);
    await waitFor(() => expect(head()).toBeTruthy());
    expect(head().getAttribute('aria-sort')).toBeNull();
    await user.click(within(head()).getByRole('button'));
    await waitFor(() => expect(shown()).toEqual(['r0', 'r2', 'r1', 'r3']));
    expect(head().getAttribute('aria-sort')).toBe('descending');
    within(head()).getByRole('button').focus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(shown()).toEqual(['r2', 'r0', 'r1', 'r3']));
    expect(head().getAttribute('aria-sort')).toBe('ascending');
  });

  it('chooses its runs by what is typed', async () => {
    const { user } = show({ runs }, ['pcam', null]);
    const field = await screen.findByRole('searchbox', { name: 'Search runs' });
    await user.type(field, 'param:lr<0.01{Enter}');
    await waitFor(() => expect(shown()).toEqual(['r2']));
    await user.click(screen.getByRole('button', { name: /param: lr<0.01/ }));
    await waitFor(() => expect(shown()).toHaveLength(4));
    await user.type(field, 'param:lr=auto{Enter}');
    await waitFor(() => expect(shown()).toEqual(['r1']));
  });
});

describe('a scatter', () => {
  it('has a point for each run with both values, and other axes on demand', async () => {
    const runs = [1, 2, 3].map(number =>
      demoRun({
        id: `r${number}`,
        number,
        parameters: number < 3 ? { lr: String(number / 10) } : {},
        primary_metric: { name: 'loss', last: number, best: number, goal: null } as never,
        values: { 'metric:loss': number, ...(number < 3 ? { 'param:lr': number / 10 } : {}) },
        metrics: [{ name: 'loss', kind: 'scalar', count: 1 } as never]
      })
    );
    const { host, user } = show({ runs }, ['pcam', null]);
    await user.click(await screen.findByRole('button', { name: 'Chart' }));
    await user.click(screen.getByRole('menuitem', { name: 'Scatter' }));
    const chart = await screen.findByRole('figure', { name: 'loss against lr' });
    const marks = within(chart).getByRole('group', { name: /2 points, 1 without a value/ });
    expect(marks).toBeTruthy();
    await user.selectOptions(within(chart).getByLabelText('x'), 'metric:loss');
    const other = await screen.findByRole('figure', { name: 'loss against loss' });
    expect(within(other).getByRole('group', { name: /3 points/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Remove the chart loss against loss' }));
    expect(screen.queryByRole('figure', { name: /against/ })).toBeNull();
    expect(host.notify).not.toHaveBeenCalled();
  });
});
