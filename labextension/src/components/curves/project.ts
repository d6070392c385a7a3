/** Where points of curves lie on a plot, and which curve is near a place. All pure. */
import type { IRange } from '../chart/lines';
import type { ICurves } from './unpack';

/** Points in px of the plot's area; NaN for those without a place. */
export interface IProjected {
  readonly starts: Uint32Array;
  readonly px: Float32Array;
  readonly py: Float32Array;
}

export interface IArea {
  readonly width: number;
  readonly height: number;
  readonly x: IRange;
  readonly y: IRange;
  readonly logY: boolean;
}

export function project({ starts, x, y }: ICurves, area: IArea): IProjected {
  const bend = (n: number): number => (area.logY ? Math.log10(n) : n);
  const across = area.width / (area.x.max - area.x.min || 1);
  const low = bend(area.y.min);
  const up = area.height / (bend(area.y.max) - low || 1);
  const px = new Float32Array(x.length);
  const py = new Float32Array(x.length);
  for (let i = 0; i < x.length; i += 1) {
    const value = bend(y[i] ?? NaN);
    px[i] = ((x[i] ?? NaN) - area.x.min) * across;
    py[i] = Number.isFinite(value) ? area.height - (value - low) * up : NaN;
  }
  return { starts, px, py };
}

/** Width of the columns that strokes are sorted into, px. */
const COLUMN_PX = 8;

/** Square of the distance from a place to the stroke between two points. */
function distance2(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  const along =
    length2 > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length2)) : 0;
  return (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2;
}

/** Whether a stroke and a box have a place in common (Liang and Barsky, 1984). */
function crosses([ax, ay, bx, by]: readonly [number, number, number, number], box: IBox): boolean {
  let from = 0;
  let to = 1;
  const sides: readonly (readonly [number, number])[] = [
    [ax - bx, ax - box.left],
    [bx - ax, box.left + box.width - ax],
    [ay - by, ay - box.top],
    [by - ay, box.top + box.height - ay]
  ];
  for (const [step, room] of sides) {
    if (step === 0) {
      if (room < 0) {
        return false;
      }
    } else if (step < 0) {
      from = Math.max(from, room / step);
    } else {
      to = Math.min(to, room / step);
    }
  }
  return from <= to;
}

export interface IBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A point of a curve. */
export interface IHit {
  /** Position of the curve. */
  readonly curve: number;
  /** Position of the point among all. */
  readonly point: number;
}

/**
 * The strokes of all curves by columns of the plot, so that finding one looks at few of them. A point between two gaps
 * is a stroke to itself.
 */
export class Strokes {
  private readonly owner: Uint32Array;
  private readonly columns: number;
  /** Where each column's strokes begin in `items`; a stroke is named by its first point. */
  private readonly begin: Uint32Array;
  private readonly items: Uint32Array;

  constructor(
    private readonly points: IProjected,
    width: number
  ) {
    const { starts, px } = points;
    this.columns = Math.max(1, Math.ceil(width / COLUMN_PX));
    this.owner = new Uint32Array(px.length);
    for (let curve = 0; curve + 1 < starts.length; curve += 1) {
      this.owner.fill(curve, starts[curve], starts[curve + 1]);
    }
    this.begin = new Uint32Array(this.columns + 1);
    this.each((_, column) => {
      this.begin[column + 1] = (this.begin[column + 1] ?? 0) + 1;
    });
    for (let column = 0; column < this.columns; column += 1) {
      this.begin[column + 1] = (this.begin[column + 1] ?? 0) + (this.begin[column] ?? 0);
    }
    this.items = new Uint32Array(this.begin[this.columns] ?? 0);
    const next = this.begin.slice();
    this.each((point, column) => {
      const at = next[column] ?? 0;
      this.items[at] = point;
      next[column] = at + 1;
    });
  }

  /** The point of a curve next to a place; null when no stroke is within the radius. */
  nearest(x: number, y: number, radius: number): IHit | null {
    const { px, py } = this.points;
    let best = radius * radius;
    let found = -1;
    const last = this.column(x + radius);
    for (let column = this.column(x - radius); column <= last; column += 1) {
      const end = this.begin[column + 1] ?? 0;
      for (let i = this.begin[column] ?? 0; i < end; i += 1) {
        const a = this.items[i] ?? 0;
        const b = this.behind(a);
        const away = distance2(x, y, px[a] ?? 0, py[a] ?? 0, px[b] ?? 0, py[b] ?? 0);
        if (away < best) {
          best = away;
          found = Math.abs((px[a] ?? 0) - x) <= Math.abs((px[b] ?? 0) - x) ? a : b;
        }
      }
    }
    return found < 0 ? null : { curve: this.owner[found] ?? 0, point: found };
  }

  /** Positions of the curves that go through a box. */
  within(box: IBox): ReadonlySet<number> {
    const { px, py } = this.points;
    const found = new Set<number>();
    const last = this.column(box.left + box.width);
    for (let column = this.column(box.left); column <= last; column += 1) {
      const end = this.begin[column + 1] ?? 0;
      for (let i = this.begin[column] ?? 0; i < end; i += 1) {
        const a = this.items[i] ?? 0;
        const b = this.behind(a);
        if (crosses([px[a] ?? 0, py[a] ?? 0, px[b] ?? 0, py[b] ?? 0], box)) {
          found.add(this.owner[a] ?? 0);
        }
      }
    }
    return found;
  }

  private column(x: number): number {
    return Math.min(this.columns - 1, Math.max(0, Math.floor(x / COLUMN_PX)));
  }

  /** The other end of a stroke. */
  private behind(point: number): number {
    const next = point + 1;
    return next < this.owner.length &&
      this.owner[next] === this.owner[point] &&
      !Number.isNaN(this.points.py[next])
      ? next
      : point;
  }

  private each(visit: (point: number, column: number) => void): void {
    const { px, py } = this.points;
    const right = this.columns * COLUMN_PX;
    for (let a = 0; a < px.length; a += 1) {
      if (Number.isNaN(py[a])) {
        continue;
      }
      const b = this.behind(a);
      const [from, to] = [px[a] ?? 0, px[b] ?? 0];
      if (to < 0 || from > right) {
        continue;
      }
      const last = this.column(to);
      for (let column = this.column(from); column <= last; column += 1) {
        visit(a, column);
      }
    }
  }
}
