import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonNumber, MetricSeries } from '../../../model/types';
import { demoRun } from '../../../sources/demo';
import { FakeRunSource } from '../../../sources/fake';
import { ChartGrid } from '../ChartGrid';
import { toCsv } from '../exports';
import { parseSettings, DEFAULT_SETTINGS } from '../settings';

function scalar(name: string, values: readonly JsonNumber[]): MetricSeries {
  return {
    name,
    kind: 'scalar',
    count: values.length,
    steps: values.map((_, i) => i * 10),
    times_ms: values.map((_, i) => i * 1000),
    values,
    downsampled: false
  };
}

function world(metrics: readonly MetricSeries[], change = {}): FakeRunSource {
  const run = demoRun({ id: 'r', status: 'Running', ...change });
  return new FakeRunSource({ runs: [run], metrics: { r: metrics } });
}

beforeEach(() => localStorage.clear());

describe('ChartGrid', () => {
  it('draws one figure a curve, with a sentence about it', async () => {
    render(<ChartGrid source={world([scalar('loss', [3, 2, 1])])} runId="r" />);
    const figure = await screen.findByRole('figure');
    expect(figure.getAttribute('aria-label')).toContain('loss, 3 points, last 1');
    expect(within(figure).getByText('1')).toBeTruthy();
  });

  it('shows a metric that was logged once as a value', async () => {
    render(<ChartGrid source={world([scalar('rows', [1797])])} runId="r" />);
    const values = await screen.findByLabelText('Metrics with one value');
    expect(values.textContent).toContain('1,797');
    expect(screen.queryByRole('figure')).toBeNull();
  });

  it('says at which step the first NaN came', async () => {
    render(<ChartGrid source={world([scalar('loss', [1, 'NaN', 2])])} runId="r" />);
    expect(await screen.findByText('First NaN at step 10')).toBeTruthy();
  });

  it('takes the first NaN from the run, which knows points that are not drawn', async () => {
    const metric = { ...demoMetric('loss'), first_nan_step: 1204 };
    render(<ChartGrid source={world([scalar('loss', [1, 2])], { metrics: [metric] })} runId="r" />);
    expect(await screen.findByText('First NaN at step 1,204')).toBeTruthy();
  });

  it('has the primary metric first and says how many are not shown', async () => {
    const all = ['a', 'b', 'c'].map(name => scalar(name, [1, 2]));
    const primary = { name: 'c', last: 2, best: 2, best_step: 1, count: 2, spark: [] };
    render(<ChartGrid source={world(all, { primary_metric: primary })} runId="r" limit={2} />);
    expect(await screen.findByText('2 of 3 metrics')).toBeTruthy();
    await waitFor(() =>
      expect(screen.getAllByRole('figure')[0]?.getAttribute('aria-label')).toMatch(/^c,/)
    );
  });

  it('grows with its metrics', async () => {
    const source = world([scalar('loss', [1, 2])]);
    render(<ChartGrid source={source} runId="r" />);
    await screen.findByRole('figure');
    source.appendMetric('r', 'loss', 20, 0.5);
    await screen.findByLabelText(/loss, 3 points, last 0.5/);
    source.appendMetric('r', 'acc', 0, 0.1);
    source.appendMetric('r', 'acc', 1, 0.2);
    await waitFor(() => expect(screen.getAllByRole('figure')).toHaveLength(2));
  });

  it('says what draws a chart while there is none', async () => {
    render(<ChartGrid source={world([])} runId="r" />);
    expect(await screen.findByText('No metrics yet.')).toBeTruthy();
  });

  it('keeps how charts are drawn for the experiment', async () => {
    const user = userEvent.setup();
    const source = world([scalar('loss', [1, 2])]);
    const first = render(<ChartGrid source={source} runId="r" />);
    await screen.findByRole('figure');
    await user.click(screen.getByLabelText('Log y'));
    await user.selectOptions(screen.getByLabelText('X axis'), 'Relative time');
    first.unmount();
    render(<ChartGrid source={source} runId="r" />);
    await waitFor(() =>
      expect(screen.getByLabelText<HTMLInputElement>('Log y').checked).toBe(true)
    );
    expect(screen.getByLabelText<HTMLSelectElement>('X axis').value).toBe('relative');
  });

  it('has no controls in a notebook', async () => {
    render(<ChartGrid source={world([scalar('loss', [1, 2])])} runId="r" compact />);
    await screen.findByRole('figure');
    expect(screen.queryByLabelText('Log y')).toBeNull();
  });

  it('shows the points as a table on demand', async () => {
    const user = userEvent.setup();
    render(<ChartGrid source={world([scalar('loss', [3, 'NaN', 1])])} runId="r" />);
    await user.click(await screen.findByRole('button', { name: 'More for loss' }));
    await user.click(screen.getByRole('menuitem', { name: 'Show as a table' }));
    const rows = within(screen.getByRole('dialog')).getAllByRole('row');
    expect(rows.map(row => row.textContent)).toEqual(['steploss', '201', '10NaN', '03']);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('shows other kinds plainly', async () => {
    const table: MetricSeries = {
      name: 'by class',
      kind: 'table',
      count: 1,
      entries: [{ step: null, time_ms: 0, value: { digit: [0, 1], recall: [0.5, 0.25] } }]
    };
    const matrix: MetricSeries = {
      name: 'confusion',
      kind: 'confusion_matrix',
      count: 1,
      entries: [
        {
          step: null,
          time_ms: 0,
          value: {
            class_labels: ['a', 'b'],
            matrix: [
              [8, 2],
              [1, 9]
            ]
          }
        }
      ]
    };
    const metrics = [table, matrix].map(one => ({ ...demoMetric(one.name), kind: one.kind }));
    render(<ChartGrid source={world([table, matrix], { metrics })} runId="r" entries />);
    expect((await screen.findByLabelText('by class')).textContent).toContain('0.25');
    const cells = within(screen.getByLabelText('confusion')).getAllByRole('cell');
    expect(cells.map(cell => cell.textContent)).toEqual(['', '8', '2', '1', '9']);
  });
});

const demoMetric = (name: string): ReturnType<typeof demoRun>['metrics'][number] => ({
  name,
  kind: 'scalar',
  count: 2,
  last: 1,
  min: 1,
  max: 2,
  first_nan_step: null,
  description: ''
});

describe('around charts', () => {
  it('writes points as CSV', () => {
    const csv = toCsv(scalar('loss', [3, 'NaN']) as never);
    expect(csv).toBe(
      'step,time,value\n0,1970-01-01T00:00:00.000Z,3\n10,1970-01-01T00:00:01.000Z,NaN\n'
    );
  });

  it('takes defaults for settings that are not right', () => {
    expect(parseSettings('x')).toEqual(DEFAULT_SETTINGS);
    expect(parseSettings({ axis: 'z', smoothing: 7, logY: true })).toEqual({
      ...DEFAULT_SETTINGS,
      logY: true
    });
  });
});
