/** Strokes of very many curves on a canvas. */
import type { IHit, IProjected } from './project';

/** From so many lines on they are drawn fainter, so that where many lie is darker. */
const SEVERAL = 20;
const MANY = 100;
/** Opacity of what is not chosen. */
const FAINT = 0.07;
const DASH = [6, 4];
const FOCUS_PX = 2;
const HALO_PX = 5;
const DOT_PX = 4;

/** Opacity of one among so many lines. */
export const lineAlpha = (count: number): number =>
  count <= SEVERAL ? 1 : count <= MANY ? 0.75 : 0.45;

/** One curve as a path; what has no place is a gap, a point between two gaps is a short stroke. */
export function trace(
  context: CanvasRenderingContext2D,
  { starts, px, py }: IProjected,
  curve: number
): void {
  const end = starts[curve + 1] ?? 0;
  let pen = false;
  for (let i = starts[curve] ?? 0; i < end; i += 1) {
    const y = py[i] ?? NaN;
    if (Number.isNaN(y)) {
      pen = false;
    } else if (pen) {
      context.lineTo(px[i] ?? 0, y);
    } else {
      context.moveTo(px[i] ?? 0, y);
      pen = true;
      if (i + 1 >= end || Number.isNaN(py[i + 1])) {
        context.lineTo((px[i] ?? 0) + 1, y);
      }
    }
  }
}

/** How each curve looks, in their order. */
export interface ILook {
  readonly colours: readonly string[];
  readonly dashed: readonly boolean[];
  /** Whether each is chosen; null: nothing is. */
  readonly chosen: readonly boolean[] | null;
}

/** All curves; those that are not chosen first, and faint. */
export function paintCurves(
  context: CanvasRenderingContext2D,
  points: IProjected,
  { colours, dashed, chosen }: ILook
): void {
  const count = chosen ? chosen.filter(Boolean).length : colours.length;
  context.lineWidth = count <= SEVERAL ? 1.5 : 1;
  const draw = (curve: number): void => {
    context.strokeStyle = colours[curve] ?? '';
    context.setLineDash(dashed[curve] ? DASH : []);
    context.beginPath();
    trace(context, points, curve);
    context.stroke();
  };
  if (chosen) {
    context.globalAlpha = FAINT;
    chosen.forEach((on, curve) => !on && draw(curve));
  }
  context.globalAlpha = lineAlpha(count);
  for (let curve = 0; curve < colours.length; curve += 1) {
    if (chosen?.[curve] !== false) {
      draw(curve);
    }
  }
  context.globalAlpha = 1;
}

/** One curve set off from those below it, with a dot on one of its points. */
export function paintOne(
  context: CanvasRenderingContext2D,
  points: IProjected,
  { curve, point }: IHit,
  colour: string,
  surface: string
): void {
  context.lineJoin = 'round';
  for (const [width, stroke] of [
    [HALO_PX, surface],
    [FOCUS_PX, colour]
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = stroke;
    context.beginPath();
    trace(context, points, curve);
    context.stroke();
  }
  const [x, y] = [points.px[point] ?? NaN, points.py[point] ?? NaN];
  if (point >= 0 && !Number.isNaN(y)) {
    context.beginPath();
    context.arc(x, y, DOT_PX, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.strokeStyle = surface;
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
  }
}
