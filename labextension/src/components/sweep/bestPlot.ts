/** Where the marks and the lines of the chart of best values lie. All pure. */
import { isEnded } from '../../model/state';
import type { IStep, ITrial } from '../../model/trials';
import { axisLabel, padded } from '../chart/ranges';
import { roundTicks } from '../plots/scale';

/** How a trial is drawn: a disc, a ring while it is under way, a cross when it did not come to its end. */
export type MarkShape = 'disc' | 'ring' | 'cross';

export interface IPlacedStep extends IStep {
  readonly x: number;
  readonly y: number;
  readonly shape: MarkShape;
}

export interface IBestPlot {
  readonly marks: readonly IPlacedStep[];
  /** Path of the running best, as steps. */
  readonly line: string;
  readonly xTicks: readonly { readonly at: number; readonly label: string }[];
  readonly yTicks: readonly { readonly at: number; readonly label: string }[];
  readonly frame: IPlotFrame;
}

export interface IPlotFrame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const RADIUS = 3;
const AXIS_LEFT_PX = 48;
const AXIS_BOTTOM_PX = 20;
const EDGE_PX = 10;
const X_LABEL_PX = 64;

function shapeOf(trial: ITrial): MarkShape {
  if (trial.status === 'Failed' || trial.status === 'Canceled') {
    return 'cross';
  }
  return isEnded(trial.status) ? 'disc' : 'ring';
}

/** A mark of a shape around a place. */
export function markPath({ x, y, shape }: Pick<IPlacedStep, 'x' | 'y' | 'shape'>): string {
  const r = RADIUS;
  return shape === 'cross'
    ? `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`
    : `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
}

function ticks(
  min: number,
  max: number,
  count: number,
  place: (value: number) => number
): { at: number; label: string }[] {
  const values = roundTicks(min, max, count).filter(v => v >= min && v <= max);
  const step = (values[1] ?? max) - (values[0] ?? min);
  return values.map(value => ({ at: place(value), label: axisLabel(value, step) }));
}

/**
 * The plot of a sweep's steps in a box of so many px.
 *
 * @param last - the number of the last trial that there will be
 */
export function bestPlot(
  steps: readonly IStep[],
  last: number,
  width: number,
  height: number
): IBestPlot {
  const frame = {
    left: AXIS_LEFT_PX,
    right: Math.max(AXIS_LEFT_PX + 1, width - EDGE_PX),
    top: EDGE_PX,
    bottom: height - AXIS_BOTTOM_PX
  };
  const low = steps.reduce((min, step) => Math.min(min, step.value), Infinity);
  const high = steps.reduce((max, step) => Math.max(max, step.value), -Infinity);
  const range = steps.length === 0 ? { min: 0, max: 1 } : padded({ min: low, max: high });
  const span = Math.max(1, last);
  const px = (trial: number): number =>
    round(frame.left + RADIUS + ((frame.right - frame.left - RADIUS) * trial) / span);
  const py = (value: number): number =>
    round(
      frame.bottom - ((frame.bottom - frame.top) * (value - range.min)) / (range.max - range.min)
    );
  const marks = steps.map(step => ({
    ...step,
    x: px(step.trial.trial),
    y: py(step.value),
    shape: shapeOf(step.trial)
  }));
  const line = marks.map(({ x, best }, i) => (i === 0 ? `M${x} ${py(best)}` : `H${x}V${py(best)}`));
  return {
    marks,
    line: line.join(''),
    frame,
    xTicks: ticks(0, span, Math.max(2, Math.floor(width / X_LABEL_PX)), px).filter(
      tick => !tick.label.includes('.')
    ),
    yTicks: ticks(range.min, range.max, 4, py)
  };
}

const round = (px: number): number => Math.round(px * 10) / 10;

/** The mark nearest to a place, at most so many px away; null: none. */
export function nearestMark(
  marks: readonly IPlacedStep[],
  x: number,
  y: number,
  within = 24
): IPlacedStep | null {
  let found: IPlacedStep | null = null;
  let distance = within * within;
  for (const mark of marks) {
    const away = (mark.x - x) ** 2 + (mark.y - y) ** 2;
    if (away < distance) {
      [found, distance] = [mark, away];
    }
  }
  return found;
}
