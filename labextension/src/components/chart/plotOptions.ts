import type uPlot from 'uplot';
import { isolatedPoints, type ILine, type IRange, type XAxis } from './lines';
import { drawMarks } from './marks';
import { lowerBound, wholeRange, type IOtherLine } from './overlay/lines';
import type { IPalette } from './palette';
import { finishDrag, plotCursor } from './plotCursor';
import { axisLabel, extent, logSplits, padded, paddedLog, xLabel, xSteps } from './ranges';

/** What the plot reads afresh at each drawing, so that new data needs no new plot. */
export interface IPlotView {
  line: ILine;
  others: readonly IOtherLine[];
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
  /** Looks of the other runs' lines, in their order. */
  readonly others: readonly Pick<IOtherLine, 'colour' | 'dashed' | 'smoothed'>[];
  /** Charts with the same key share one cursor. */
  readonly syncKey: string;
}

export interface IPlotEvents {
  /** Told the place on the x axis, and the height on the y axis. */
  readonly onCursor: (x: number | null, height: number | null) => void;
  readonly onZoomX: (range: IRange) => void;
  readonly onZoomY: (range: IRange) => void;
  readonly onReset: () => void;
}

/** Share of the last step up to which a first step counts as near zero. */
const NEAR_ZERO = 0.05;
const Y_AXIS_PX = 38;
const X_AXIS_PX = 20;
/** Half a label that stands under the right end of the x axis. */
const END_LABEL_PX = 12;

/** An axis whose first point lies just behind zero begins at zero. */
export function fromZero({ min, max }: IRange): IRange {
  return { min: min > 0 && min < max * NEAR_ZERO ? 0 : min, max };
}

const linesOf = ({ line, others }: IPlotView): readonly ILine[] => [
  line,
  ...others.map(other => other.line)
];

/** Smallest and largest value of all lines between two places on the x axis. */
function valuesWithin(view: IPlotView, min: number, max: number): IRange | null {
  const found = linesOf(view).flatMap(({ x, y }) => {
    const from = lowerBound(x, min);
    const to = lowerBound(x, max + Number.EPSILON * Math.abs(max));
    return extent(y, from, (x[to] ?? Infinity) <= max ? to : to - 1, view.ignoreOutliers) ?? [];
  });
  return found.length === 0
    ? null
    : { min: Math.min(...found.map(r => r.min)), max: Math.max(...found.map(r => r.max)) };
}

function xRange(view: IPlotView): uPlot.Range.MinMax {
  const range = view.zoom ?? fromZero(wholeRange(linesOf(view)));
  return range.min === range.max ? [range.min - 0.5, range.max + 0.5] : [range.min, range.max];
}

/** Of the values that are seen. The plot's own x scale is still the former one while it takes new data. */
function yRange(view: IPlotView, logY: boolean): uPlot.Range.MinMax {
  if (view.zoomY) {
    return [view.zoomY.min, view.zoomY.max];
  }
  const [min, max] = xRange(view);
  const found = valuesWithin(view, min ?? -Infinity, max ?? Infinity);
  const range = found && (logY ? paddedLog(found) : padded(found));
  return range ? [range.min, range.max] : logY ? [0.1, 10] : [0, 1];
}

/** The two axes of a chart, with labels in the words of the x axis. */
export function axes({
  axis,
  palette,
  logY
}: Pick<IPlotSetup, 'axis' | 'palette' | 'logY'>): uPlot.Axis[] {
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
  // Nothing, not null, for none: for null uPlot draws every point.
  const isolated = (): number[] => {
    const { y } = view.line;
    return view.others.length === 0 ? isolatedPoints(y, 0, y.length - 1) : [];
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
    { stroke: colour, width: 1.5, pxAlign: 0, points: { show: false } },
    ...setup.others.flatMap(other => otherCurves(other, palette))
  ];
}

/** Raw and smoothed line of another run. */
function otherCurves(
  { colour, dashed, smoothed }: IPlotSetup['others'][number],
  palette: IPalette
): uPlot.Series[] {
  const look = {
    stroke: colour,
    pxAlign: 0,
    points: { show: false },
    ...(dashed ? { dash: [6, 4] } : {})
  };
  return [
    { ...look, width: smoothed ? 1 : 1.5, alpha: smoothed ? palette.rawAlpha : 1 },
    { ...look, width: 1.5 }
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
    padding: [8, END_LABEL_PX, 0, 0],
    legend: { show: false },
    cursor: plotCursor(setup, events),
    scales: {
      x: { time: false, range: () => xRange(view) },
      // uPlot's scale kinds are an ambient const enum, which no module can import: 1 linear, 3 logarithmic.
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
      y: { distr: setup.logY ? 3 : 1, range: () => yRange(view, setup.logY) }
    },
    axes: axes(setup),
    series: curves(setup, view),
    hooks: {
      draw: [
        plot => linesOf(view).forEach(({ marks }) => drawMarks(plot, marks, setup.palette.error))
      ],
      setCursor: [
        plot => {
          const { idx, top = -1 } = plot.cursor;
          events.onCursor(
            typeof idx === 'number' ? (plot.data[0][idx] ?? null) : null,
            top < 0 ? null : plot.posToVal(top, 'y')
          );
        }
      ],
      setSelect: [plot => finishDrag(plot, events)]
    }
  };
}
