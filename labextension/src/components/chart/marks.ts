import type uPlot from 'uplot';
import type { IMark, MarkKind } from './lines';

const SIZE_PX = 4;

function draw(
  ctx: CanvasRenderingContext2D,
  kind: MarkKind,
  x: number,
  y: number,
  r: number
): void {
  ctx.beginPath();
  if (kind === 'nan') {
    ctx.moveTo(x - r, y - r);
    ctx.lineTo(x + r, y + r);
    ctx.moveTo(x + r, y - r);
    ctx.lineTo(x - r, y + r);
    ctx.stroke();
    return;
  }
  const up = kind === '+inf' ? 1 : -1;
  ctx.moveTo(x - r, y + r * up);
  ctx.lineTo(x + r, y + r * up);
  ctx.lineTo(x, y - r * up);
  ctx.closePath();
  ctx.fill();
}

/**
 * Draws what has no place on the y axis: ▲ at the upper edge for +∞, ▼ at the lower edge for −∞, × on the axis for
 * NaN. One mark a pixel column and kind, however many points there are.
 */
export function drawMarks(plot: uPlot, marks: readonly IMark[], colour: string): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio || 1;
  const r = SIZE_PX * ratio;
  const done = new Set<string>();
  const bottom = bbox.top + bbox.height;
  const places: Readonly<Record<MarkKind, number>> = {
    '+inf': bbox.top + r,
    '-inf': bbox.top + bbox.height - r,
    nan: bottom
  };
  ctx.save();
  ctx.fillStyle = colour;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * ratio;
  for (const { x, kind } of marks) {
    const left = Math.round(plot.valToPos(x, 'x', true));
    const inside = left >= bbox.left && left <= bbox.left + bbox.width;
    const column = `${kind}${Math.round(left / r)}`;
    if (inside && !done.has(column)) {
      done.add(column);
      draw(ctx, kind, left, places[kind], r);
    }
  }
  ctx.restore();
}
