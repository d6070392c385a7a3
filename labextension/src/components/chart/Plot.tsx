import React, { useEffect, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { ILine, IRange, XAxis } from './lines';
import type { IPalette } from './palette';
import { plotOptions, type IPlotView } from './plotOptions';

export interface IPlotProps {
  readonly line: ILine;
  /** The line's values smoothed; null draws the raw line alone. */
  readonly smoothed: ILine['y'] | null;
  readonly axis: XAxis;
  readonly logY: boolean;
  readonly ignoreOutliers: boolean;
  readonly zoom: IRange | null;
  readonly zoomY: IRange | null;
  readonly height: number;
  readonly palette: IPalette;
  readonly colour: string;
  readonly syncKey: string;
  /** Position in the line under the cursor; called at each move of the pointer, so it must be cheap. */
  readonly onCursor: (index: number | null) => void;
  readonly onZoomX: (range: IRange) => void;
  readonly onZoomY: (range: IRange) => void;
  readonly onReset: () => void;
}

function toData({ line, smoothed }: IPlotProps): uPlot.AlignedData {
  const x = line.x as number[];
  const raw = line.y as (number | null)[];
  const none = new Array<null>(x.length).fill(null);
  return [x, raw, smoothed ? (smoothed as (number | null)[]) : none];
}

/** Keeps the plot as wide as its place. */
function followWidth(place: HTMLElement, plot: uPlot, height: number): () => void {
  if (typeof ResizeObserver === 'undefined') {
    return () => undefined;
  }
  const observer = new ResizeObserver(() => {
    const width = place.clientWidth;
    if (width > 0 && width !== plot.width) {
      plot.setSize({ width, height });
    }
  });
  observer.observe(place);
  return () => observer.disconnect();
}

const canDraw = (): boolean => document.createElement('canvas').getContext('2d') !== null;

/** The canvas of a chart. A new plot is made when its look changes; data, zoom and size only redraw it. */
export function Plot(props: IPlotProps): React.JSX.Element {
  const { axis, logY, height, palette, colour, syncKey } = props;
  const rough = props.smoothed !== null;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const view = useRef<IPlotView>({
    line: props.line,
    zoom: props.zoom,
    zoomY: props.zoomY,
    ignoreOutliers: props.ignoreOutliers
  });

  useLayoutEffect(() => {
    const element = place.current;
    if (!element || !canDraw()) {
      return;
    }
    const setup = {
      ...{ axis, logY, palette, colour, syncKey, height, smoothed: rough },
      width: element.clientWidth || 288
    };
    const made = new uPlot(
      plotOptions(setup, view.current, {
        onCursor: index => latest.current.onCursor(index),
        onZoomX: range => latest.current.onZoomX(range),
        onZoomY: range => latest.current.onZoomY(range),
        onReset: () => latest.current.onReset()
      }),
      toData(latest.current),
      element
    );
    plot.current = made;
    const stop = followWidth(element, made, height);
    return () => {
      stop();
      plot.current = null;
      made.destroy();
    };
  }, [axis, logY, height, palette, colour, syncKey, rough]);

  const { line, smoothed, zoom, zoomY, ignoreOutliers } = props;
  useEffect(() => {
    Object.assign(view.current, { line, zoom, zoomY, ignoreOutliers } satisfies IPlotView);
    plot.current?.setData(toData(latest.current), true);
  }, [line, smoothed, zoom, zoomY, ignoreOutliers]);

  return <div ref={place} className="jp-ml-plot" style={{ height }} aria-hidden="true" />;
}
