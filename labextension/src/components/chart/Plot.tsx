import React, { useEffect, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { ILine, IRange, XAxis } from './lines';
import { joined, type IOtherLine } from './overlay/lines';
import type { IPalette } from './palette';
import { plotOptions, type IPlotView } from './plotOptions';

export interface IPlotProps {
  readonly line: ILine;
  /** The line's values smoothed; null draws the raw line alone. */
  readonly smoothed: ILine['y'] | null;
  /** Lines of other runs. */
  readonly others: readonly IOtherLine[];
  /** Which line stands out: 0 the own one, from 1 on the others; -1 none. */
  readonly focus: number;
  readonly axis: XAxis;
  readonly logY: boolean;
  readonly ignoreOutliers: boolean;
  readonly zoom: IRange | null;
  readonly zoomY: IRange | null;
  readonly height: number;
  readonly palette: IPalette;
  readonly colour: string;
  readonly syncKey: string;
  /** Place of the cursor on the axes; called at each move of the pointer, so it must be cheap. */
  readonly onCursor: (x: number | null, height: number | null) => void;
  readonly onZoomX: (range: IRange) => void;
  readonly onZoomY: (range: IRange) => void;
  readonly onReset: () => void;
}

const toData = ({ line, smoothed, others }: IPlotProps): uPlot.AlignedData =>
  joined(line, smoothed, others);

/** Opacity of lines while another one stands out. */
const DIMMED = 0.25;
/** Series of uPlot that belong to one line: raw and smoothed. */
const PER_LINE = 2;

/** Dims all lines but one; -1 dims none. */
function standOut(plot: uPlot, at: number, { smoothed, others, palette }: IPlotProps): void {
  [smoothed, ...others.map(other => other.smoothed)].forEach((smooth, i) => {
    const dim = at >= 0 && at !== i ? DIMMED : 1;
    const [raw, over] = [plot.series[1 + i * PER_LINE], plot.series[2 + i * PER_LINE]];
    if (raw && over) {
      raw.alpha = (smooth ? palette.rawAlpha : 1) * dim;
      over.alpha = dim;
    }
  });
  plot.redraw(false);
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
  const looks = props.others
    .map(({ id, colour: ink, dashed, smoothed }) => `${id}${ink}${dashed}${smoothed !== null}`)
    .join();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const view = useRef<IPlotView>({
    line: props.line,
    others: props.others,
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
      width: element.clientWidth || 288,
      others: latest.current.others
    };
    const made = new uPlot(
      plotOptions(setup, view.current, {
        onCursor: (x, height) => latest.current.onCursor(x, height),
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
  }, [axis, logY, height, palette, colour, syncKey, rough, looks]);

  const { line, smoothed, others, zoom, zoomY, ignoreOutliers, focus } = props;
  useEffect(() => {
    Object.assign(view.current, { line, others, zoom, zoomY, ignoreOutliers } satisfies IPlotView);
    plot.current?.setData(toData(latest.current), true);
  }, [line, smoothed, others, zoom, zoomY, ignoreOutliers]);
  useEffect(() => {
    if (plot.current && others.length > 0) {
      standOut(plot.current, focus, latest.current);
    }
  }, [focus, others.length]);

  return <div ref={place} className="jp-ml-plot" style={{ height }} aria-hidden="true" />;
}
