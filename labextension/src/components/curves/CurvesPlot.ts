/**
 * The canvas of one chart with very many curves. uPlot has the axes and the drag; the curves are strokes on its canvas,
 * because uPlot would need one series for each. The run that stands out lies on a second canvas above.
 */
import uPlot from 'uplot';
import type { IRange } from '../chart/lines';
import type { IPalette } from '../chart/palette';
import { DRAG_PX, dragged, NO_DOT } from '../chart/plotCursor';
import { axes } from '../chart/plotOptions';
import type { ICurvesView } from '../../model/children';
import { paintCurves, paintOne, type ILook } from './paint';
import { project, Strokes, type IArea, type IHit, type IProjected } from './project';
import type { ICurves } from './unpack';

/** What a drag does without Shift; with it, the other. */
export type DragMode = 'choose' | 'zoom';

export interface IShown {
  readonly curves: ICurves;
  readonly look: ILook;
  readonly x: IRange;
  readonly y: IRange;
}

export interface ICurvesPlotSetup {
  readonly width: number;
  readonly height: number;
  readonly axis: ICurvesView['axis'];
  readonly logY: boolean;
  readonly palette: IPalette;
}

export interface ICurvesPlotEvents {
  /** Told the curve under the pointer, and where the pointer is in the plot, px. */
  readonly onPoint: (hit: IHit | null, left: number, top: number) => void;
  readonly onOpen: (curve: number) => void;
  /** Told the curves that a dragged box touches. */
  readonly onChoose: (curves: ReadonlySet<number>) => void;
  readonly onZoom: (range: IRange) => void;
  readonly onReset: () => void;
  readonly drag: () => DragMode;
}

/** How near the pointer must be to a curve, px. */
const REACH_PX = 12;

/** Half of the last label of the x axis may stand beyond the plot. */
const RIGHT_PX = 14;

export class CurvesPlot {
  private readonly plot: uPlot;
  private readonly above = document.createElement('canvas');
  private zooming = false;
  private down: readonly [number, number] = [0, 0];
  /** Where the points lie, for one size and one range. */
  private placed: { readonly key: string; readonly points: IProjected } | null = null;
  private strokes: Strokes | null = null;
  private focused: IHit | null = null;

  constructor(
    place: HTMLElement,
    private readonly setup: ICurvesPlotSetup,
    private shown: IShown,
    private readonly events: ICurvesPlotEvents
  ) {
    this.plot = new uPlot(this.options(), this.data(), place);
    const { over } = this.plot;
    this.above.className = 'jp-ml-curves-above';
    over.append(this.above);
    over.addEventListener('pointermove', this.point);
    over.addEventListener('pointerleave', () => events.onPoint(null, 0, 0));
    over.addEventListener('click', this.click);
  }

  show(shown: IShown): void {
    this.shown = shown;
    this.placed = null;
    this.focused = null;
    this.plot.setData(this.data(), true);
  }

  /** Lets one curve stand out, with a dot on one of its points; null: none. */
  focus(hit: IHit | null): void {
    this.focused = hit;
    this.drawAbove();
  }

  setWidth(width: number): void {
    if (width !== this.plot.width) {
      this.plot.setSize({ width, height: this.setup.height });
    }
  }

  destroy(): void {
    this.plot.destroy();
  }

  private data(): uPlot.AlignedData {
    return [
      [this.shown.x.min, this.shown.x.max],
      [null, null]
    ];
  }

  private options(): uPlot.Options {
    const { logY } = this.setup;
    return {
      width: this.setup.width,
      height: this.setup.height,
      padding: [8, RIGHT_PX, 0, 0],
      legend: { show: false },
      cursor: this.cursor(),
      scales: {
        x: { time: false, range: () => [this.shown.x.min, this.shown.x.max] },
        // uPlot's scale kinds are an ambient const enum, which no module can import: 1 linear, 3 logarithmic.
        // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
        y: { distr: logY ? 3 : 1, range: () => [this.shown.y.min, this.shown.y.max] }
      },
      axes: axes(this.setup),
      series: [{}, { points: { show: false } }],
      hooks: {
        draw: [plot => this.draw(plot)],
        setSelect: [plot => this.select(plot)]
      }
    };
  }

  private cursor(): uPlot.Cursor {
    return {
      x: false,
      y: false,
      points: { show: () => NO_DOT },
      drag: { x: true, y: true, setScale: false, dist: DRAG_PX },
      bind: {
        mousedown: (plot, _target, handler) => (event: MouseEvent) => {
          this.zooming = event.shiftKey !== (this.events.drag() === 'zoom');
          this.down = [event.clientX, event.clientY];
          if (plot.cursor.drag) {
            plot.cursor.drag.y = !this.zooming;
          }
          handler(event);
          return null;
        },
        dblclick: () => () => {
          this.events.onReset();
          return null;
        }
      }
    };
  }

  private area(): IArea {
    const { over } = this.plot;
    const { x, y } = this.shown;
    return { width: over.clientWidth, height: over.clientHeight, x, y, logY: this.setup.logY };
  }

  private points(area = this.area()): IProjected {
    const key = JSON.stringify(area);
    if (this.placed?.key !== key) {
      this.placed = { key, points: project(this.shown.curves, area) };
      this.strokes = null;
    }
    return this.placed.points;
  }

  private found(): Strokes {
    const area = this.area();
    const points = this.points(area);
    this.strokes ??= new Strokes(points, area.width);
    return this.strokes;
  }

  private draw({ ctx, bbox }: uPlot): void {
    const ratio = devicePixelRatio || 1;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.translate(bbox.left, bbox.top);
    ctx.scale(ratio, ratio);
    paintCurves(ctx, this.points(), this.shown.look);
    ctx.restore();
    this.drawAbove();
  }

  private drawAbove(): void {
    const { above, focused } = this;
    const context = above.getContext('2d');
    if (!context) {
      return;
    }
    const ratio = devicePixelRatio || 1;
    const { width, height } = this.area();
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (above.width !== across || above.height !== down) {
      above.width = across;
      above.height = down;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    if (focused) {
      const colour = this.shown.look.colours[focused.curve] ?? this.setup.palette.ink;
      paintOne(context, this.points(), focused, colour, this.setup.palette.surface);
    }
  }

  private readonly point = (event: PointerEvent): void => {
    if (event.buttons !== 0) {
      return;
    }
    const hit = this.found().nearest(event.offsetX, event.offsetY, REACH_PX);
    this.plot.over.classList.toggle('jp-mod-hit', hit !== null);
    this.events.onPoint(hit, event.offsetX, event.offsetY);
  };

  private readonly click = (event: MouseEvent): void => {
    const moved = Math.hypot(event.clientX - this.down[0], event.clientY - this.down[1]);
    const hit =
      moved < DRAG_PX ? this.found().nearest(event.offsetX, event.offsetY, REACH_PX) : null;
    if (hit) {
      this.events.onOpen(hit.curve);
    }
  };

  private select(plot: uPlot): void {
    const { left, top, width, height } = plot.select;
    const range = this.zooming ? dragged(plot, 'x') : null;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (this.zooming) {
      if (range) {
        this.events.onZoom(range);
      }
    } else if (Math.max(width, height) >= DRAG_PX) {
      this.events.onChoose(this.found().within({ left, top, width, height }));
    }
  }
}
