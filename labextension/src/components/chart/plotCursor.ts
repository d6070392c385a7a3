import type uPlot from 'uplot';
import type { IRange } from './lines';
import type { IPlotEvents, IPlotSetup } from './plotOptions';

/** Distance from which a drag is a drag and not a click, in px. */
export const DRAG_PX = 4;
const DOT_PX = 7;
/** Position of the raw line among the series; the smoothed one follows it. */
const RAW = 1;
/** What uPlot takes for no dot, though its types do not say so. */
export const NO_DOT = null as unknown as HTMLElement;

/** The selection that was just dragged, in the values of one scale; null for a click. */
export function dragged(plot: uPlot, scale: 'x' | 'y'): IRange | null {
  const { left, top, width, height } = plot.select;
  const [start, size] = scale === 'x' ? [left, width] : [top, height];
  if (size < DRAG_PX) {
    return null;
  }
  const a = plot.posToVal(start, scale);
  const b = plot.posToVal(start + size, scale);
  return { min: Math.min(a, b), max: Math.max(a, b) };
}

/** The dot on the raw line under the cursor: that is the value which the head says. */
function cursorDot(): HTMLElement {
  const dot = document.createElement('div');
  dot.style.cssText = `width:${DOT_PX}px;height:${DOT_PX}px;margin:${-DOT_PX / 2}px 0 0 ${-DOT_PX / 2}px;border-width:1.5px`;
  return dot;
}

/** The cursor: shared by all charts of a key, drag to zoom x, with Shift y, double click to reset. */
export function plotCursor(setup: IPlotSetup, events: IPlotEvents): uPlot.Cursor {
  return {
    y: false,
    points: {
      // uPlot moves and colours a dot for each line that has one, seen or not.
      show: (_plot, series) => (series === RAW ? cursorDot() : NO_DOT),
      stroke: setup.palette.surface,
      fill: setup.colour
    },
    drag: { x: true, y: false, setScale: false, dist: DRAG_PX },
    sync: {
      key: setup.syncKey,
      scales: ['x', null],
      setSeries: false,
      filters: { pub: type => type === 'mousemove' || type === 'mouseleave' }
    },
    bind: {
      mousedown: (plot, _target, handler) => (event: MouseEvent) => {
        if (plot.cursor.drag) {
          plot.cursor.drag.x = !event.shiftKey;
          plot.cursor.drag.y = event.shiftKey;
        }
        handler(event);
        return null;
      },
      dblclick: () => () => {
        events.onReset();
        return null;
      }
    }
  };
}

/** Tells what range was dragged and takes the selection away. */
export function finishDrag(plot: uPlot, events: IPlotEvents): void {
  const vertical = plot.cursor.drag?.y === true;
  const range = dragged(plot, vertical ? 'y' : 'x');
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (range) {
    (vertical ? events.onZoomY : events.onZoomX)(range);
  }
}
