import type uPlot from 'uplot';
import { isolatedPoints, type ILine, type IRange, type XAxis } from './lines';
import { drawMarks } from './marks';
import type { IPalette } from './palette';
import { finishDrag, plotCursor } from './plotCursor';
import { axisLabel, extent, logSplits, padded, paddedLog, xLabel, xSteps } from './ranges';

/** What the plot reads afresh at each drawing, so that new data needs no new plot. */
export interface IPlotView {
  line: ILine;
  zoom: IRange | null;
  zoomY: IRange | null;
  ignoreOutliers: boolean;
}

export interface IPlotSetup {
  readonly width: number;
  readonly height: number;
  readonly axis: XAxis;
  readonly logY: boolean;
  readonly palette: IPalette;
  readonly colour: string;
  /** A smoothed line is drawn over the raw one, which then is faint. */
  readonly smoothed: boolean;
  /** Charts with the same key share one cursor. */
  readonly syncKey: string;
}

export interface IPlotEvents {
  readonly onCursor: (index: number | null) => void;
  readonly onZoomX: (range: IRange) => void;
  readonly onZoomY: (range: IRange) => void;
  readonly onReset: () => void;
}

/** Share of the last step up to which a first step counts as near zero. */
const NEAR_ZERO = 0.05;
const Y_AXIS_PX = 38;
const X_AXIS_PX = 20;

/** An axis whose first point lies just behind zero begins at zero. */
function fromZero({ min, max }: IRange): IRange {
  return { min: min > 0 && min < max * NEAR_ZERO ? 0 : min, max };
}

function xRange(view: IPlotView): uPlot.Range.MinMax {
  const { x } = view.line;
  const range = view.zoom ?? fromZero({ min: x[0] ?? 0, max: x[x.length - 1] ?? 1 });
  return range.min === range.max ? [range.min - 0.5, range.max + 0.5] : [range.min, range.max];
}

function yRange(plot: uPlot, view: IPlotView, logY: boolean): uPlot.Range.MinMax {
  if (view.zoomY) {
    return [view.zoomY.min, view.zoomY.max];
  }
  const [from, to] = plot.series[0]?.idxs ?? [0, view.line.y.length - 1];
  const found = extent(view.line.y, from, to, view.ignoreOutliers);
  const range = found && (logY ? paddedLog(found) : padded(found));
  return range ? [range.min, range.max] : logY ? [0.1, 10] : [0, 1];
}

function axes({ axis, palette, logY }: IPlotSetup): uPlot.Axis[] {
  const shared = { stroke: palette.text, font: palette.font, labelFont: palette.font };
  const line = { stroke: palette.grid, width: 1 };
  return [
    {
      ...shared,
      size: X_AXIS_PX,
      gap: 4,
      space: 48,
      incrs: xSteps(axis),
      grid: { show: false },
      ticks: { show: false },
      border: { show: true, stroke: palette.axis, width: 1 },
      values: (_plot, splits, _axis, _space, step) => splits.map(v => xLabel(axis, v, step))
    },
    {
      ...shared,
      size: Y_AXIS_PX,
      gap: 4,
      space: 24,
      grid: line,
      ticks: { show: false },
      ...(logY
        ? {
            splits: (_plot: uPlot, _axis: number, min: number, max: number) => logSplits(min, max),
            filter: (_plot: uPlot, splits: number[]) => splits
          }
        : {}),
      values: (_plot, splits, _axis, _space, step) =>
        splits.map(v => axisLabel(v, logY ? v / 100 : step))
    }
  ];
}

function curves(setup: IPlotSetup, view: IPlotView): uPlot.Series[] {
  const { palette, colour } = setup;
  const isolated = (): number[] | null => {
    const { y } = view.line;
    return y.length > 0 ? isolatedPoints(y, 0, y.length - 1) : null;
  };
  return [
    {},
    {
      stroke: colour,
      width: setup.smoothed ? 1 : 1.5,
      alpha: setup.smoothed ? palette.rawAlpha : 1,
      pxAlign: 0,
      points: { show: true, size: 5, fill: colour, stroke: colour, filter: isolated }
    },
    { stroke: colour, width: 1.5, pxAlign: 0, points: { show: false } }
  ];
}

/** Options of one small chart: raw line, smoothed line, marks, a cursor shared with the others, drag to zoom. */
export function plotOptions(
  setup: IPlotSetup,
  view: IPlotView,
  events: IPlotEvents
): uPlot.Options {
  return {
    width: setup.width,
    height: setup.height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: plotCursor(setup, events),
    scales: {
      x: { time: false, range: () => xRange(view) },
      // uPlot's scale kinds are an ambient const enum, which no module can import: 1 linear, 3 logarithmic.
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
      y: { distr: setup.logY ? 3 : 1, range: plot => yRange(plot, view, setup.logY) }
    },
    axes: axes(setup),
    series: curves(setup, view),
    hooks: {
      draw: [plot => drawMarks(plot, view.line.marks, setup.palette.error)],
      setCursor: [plot => events.onCursor(plot.cursor.idx ?? null)],
      setSelect: [plot => finishDrag(plot, events)]
    }
  };
}
