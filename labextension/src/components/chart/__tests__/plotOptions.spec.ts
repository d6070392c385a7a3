import type uPlot from 'uplot';
import { describe, expect, it } from 'vitest';
import type { ILine } from '../lines';
import { plotOptions, type IPlotView } from '../plotOptions';

const line = (values: readonly number[]): ILine => ({
  x: values.map((_, i) => i),
  y: values,
  steps: values.map((_, i) => i),
  marks: []
});

const palette = {
  ...{ ink: '#000', text: '#000', grid: '#000', axis: '#000', surface: '#fff', error: '#f00' },
  ...{ series: ['#00f'], rawAlpha: 0.3, font: '10px sans-serif' }
};
const setup = {
  ...{ width: 288, height: 140, axis: 'step' as const, logY: false, palette, colour: '#00f' },
  ...{ smoothed: false, others: [], syncKey: 'all' }
};
const nothing = (): void => undefined;

/** The y range of a view, while uPlot's x scale is still that of its first data. */
function yRange(view: IPlotView, former: { min: number; max: number }): readonly number[] {
  const events = { onCursor: nothing, onZoomX: nothing, onZoomY: nothing, onReset: nothing };
  const { range } = plotOptions(setup, view, events).scales?.y ?? {};
  const plot = { scales: { x: former } } as unknown as uPlot;
  return typeof range === 'function' ? (range(plot, 0, 0, 'y') as number[]) : [];
}

describe('the y axis', () => {
  const view: IPlotView = {
    ...{ line: line([0.1, 0.4, 0.7]), others: [], zoom: null, zoomY: null },
    ignoreOutliers: false
  };

  it('reaches over all points although the plot held one of them until now', () => {
    const [low = NaN, high = NaN] = yRange(view, { min: -0.5, max: 0.5 });
    expect(low).toBeLessThanOrEqual(0.1);
    expect(high).toBeGreaterThanOrEqual(0.7);
  });

  it('reaches over what is zoomed to', () => {
    const [low = NaN, high = NaN] = yRange(
      { ...view, zoom: { min: 1, max: 2 } },
      { min: 0, max: 2 }
    );
    expect(low).toBeGreaterThan(0.1);
    expect(high).toBeGreaterThanOrEqual(0.7);
  });
});
