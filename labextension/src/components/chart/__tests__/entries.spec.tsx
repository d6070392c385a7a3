import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import type { IEntrySeries, IMetricSummary } from '../../../model/types';
import { demoRun } from '../../../sources/demo';
import { FakeRunSource } from '../../../sources/fake';
import { Entries } from '../entries/Entries';
import { rowOrder } from '../entries/SortedTable';
import { accuracyCurves, area, bins, predictionBins } from '../entries/standard';

afterEach(cleanup);

const entry = (value: unknown, step: number | null = null) => ({ step, time_ms: 1, value });

async function show(name: string, kind: IEntrySeries['kind'], ...values: unknown[]): Promise<void> {
  const one: IEntrySeries = {
    name,
    kind,
    count: values.length,
    entries: values.map((value, i) => entry(value, i * 10))
  };
  const source = new FakeRunSource({ runs: [demoRun({ id: 'r' })], metrics: { r: [one] } });
  const metrics = [{ name, kind }] as unknown as readonly IMetricSummary[];
  render(<Entries source={source} runId="r" metrics={metrics} filter="" />);
  await screen.findByRole('region', { name });
}

const HISTOGRAM = { bin_edges: [-2, -1, 0, 1], bin_counts: [3, 10, 2] };
const PREDICTIONS = {
  bin_edges: [0, 1, 2, 3],
  bin_counts: [5, 0, 7],
  bin_averages: [0.4, 0, 2.9],
  bin_errors: [0.1, 0, 0.3]
};
const PERFECT = [
  [5, 5, 0, 0],
  [5, 0, 5, 0],
  [0, 0, 5, 5]
];

describe('standard charts', () => {
  it('draws residuals as bars, with their numbers as a table', async () => {
    await show('errors', 'residuals', { schema_type: 'residuals', data: HISTOGRAM });
    const chart = screen.getByRole('img', { name: 'Residuals of 15 predictions, from −2 to 1' });
    expect(chart.querySelectorAll('rect').length).toBe(3);
    expect(screen.getByText('As a table')).toBeTruthy();
  });

  it('draws predictions with their errors and leaves empty bins out', async () => {
    await show('fit', 'predictions', { data: PREDICTIONS });
    const chart = screen.getByRole('img', { name: /^Average prediction/ });
    expect(chart.querySelectorAll('circle').length).toBe(2);
  });

  it('draws an accuracy table as curves of each class', async () => {
    const data = { probability_tables: [PERFECT, PERFECT], class_labels: ['cat', 'dog'] };
    await show('acc', 'accuracy_table', { data });
    expect(screen.getByRole('img', { name: /^ROC: cat, AUC 1/ })).toBeTruthy();
    expect(screen.getByRole('img', { name: 'Precision against recall of 2 classes' })).toBeTruthy();
    expect(
      within(screen.getByRole('list', { name: 'Classes' })).getAllByRole('listitem').length
    ).toBe(2);
  });

  it('shows what is of no such form as it is', async () => {
    await show('odd', 'accuracy_table', { data: { probability_tables: [[['x']]] } });
    expect(screen.getByText(/probability_tables/)).toBeTruthy();
  });
});

describe('images', () => {
  it('come one at a time with a slider over their steps, the newest first', async () => {
    await show('sample', 'image', { path: 'a.png' }, { path: 'b.png' }, { path: 'c.png' });
    expect(screen.getByRole('img').getAttribute('alt')).toBe('c.png');
    const slider = screen.getByRole('slider', { name: 'Step of sample' });
    fireEvent.change(slider, { target: { value: '1' } });
    expect(screen.getByRole('img').getAttribute('alt')).toBe('b.png');
    expect(slider.getAttribute('aria-valuetext')).toBe('step 10');
  });

  it('have no slider when there is one', async () => {
    await show('sample', 'image', { path: 'a.png' });
    expect(screen.queryByRole('slider')).toBeNull();
  });
});

describe('tables', () => {
  it('sort by a column that is pressed', async () => {
    await show('scores', 'table', { name: ['b', 'a', 'c'], auc: [0.5, null, 0.9] });
    const first = (): string | null | undefined =>
      screen.getAllByRole('row')[1]?.querySelector('td')?.textContent;
    expect(first()).toBe('b');
    fireEvent.click(screen.getByRole('button', { name: 'name' }));
    expect(first()).toBe('a');
    fireEvent.click(screen.getByRole('button', { name: 'auc' }));
    fireEvent.click(screen.getByRole('button', { name: /^auc/ }));
    expect(first()).toBe('c');
  });

  it('put empty cells last either way', () => {
    const columns = [['auc', [0.5, null, 0.9]]] as const;
    expect(rowOrder(columns, 3, 'auc')).toEqual([0, 2, 1]);
    expect(rowOrder(columns, 3, '-auc')).toEqual([2, 0, 1]);
    expect(rowOrder(columns, 3, 'nothing')).toEqual([0, 1, 2]);
  });
});

describe('what is drawn', () => {
  it('is refused when its lists do not fit together', () => {
    expect(bins({ bin_edges: [0, 1], bin_counts: [1, 2] })).toBeNull();
    expect(bins({ bin_edges: 'x', bin_counts: [1] })).toBeNull();
    expect(predictionBins({ ...PREDICTIONS, bin_averages: [1] })).toBeNull();
    expect(accuracyCurves({ probability_tables: [] })).toBeNull();
    expect(accuracyCurves(null)).toBeNull();
  });

  it('has the area below a perfect curve, and below a coin', () => {
    expect(area([{ x: 0, y: 1 }])).toBe(1);
    expect(area([])).toBe(0.5);
  });
});
