import React, { useEffect, useLayoutEffect, useRef } from 'react';
import type { IRange } from '../chart/lines';
import type { IPalette } from '../chart/palette';
import type { ICurvesView } from '../../model/children';
import { CurvesPlot, type DragMode, type IShown } from './CurvesPlot';
import type { Focus } from './focus';
import type { IHit } from './project';

export interface ICurvesCanvasProps {
  readonly shown: IShown;
  /** Ids of the runs, in the view's order. */
  readonly ids: readonly string[];
  readonly axis: ICurvesView['axis'];
  readonly logY: boolean;
  readonly height: number;
  readonly palette: IPalette;
  readonly focus: Focus;
  readonly drag: DragMode;
  /** Told what is pointed at, and where the pointer is, px. */
  readonly onPoint: (hit: IHit | null, left: number, top: number) => void;
  readonly onOpen: (id: string) => void;
  readonly onChoose: (ids: readonly string[]) => void;
  readonly onZoom: (range: IRange) => void;
  readonly onReset: () => void;
}

const canDraw = (): boolean => document.createElement('canvas').getContext('2d') !== null;
const WIDTH_PX = 288;

/** The canvas of a chart. A new one is made when its look changes; curves, colours and size only redraw it. */
export function CurvesCanvas(props: ICurvesCanvasProps): React.JSX.Element {
  const { shown, axis, logY, height, palette, focus } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<CurvesPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  useLayoutEffect(() => {
    const element = place.current;
    if (!element || !canDraw()) {
      return;
    }
    const idOf = (curve: number): string =>
      latest.current.ids[latest.current.shown.curves.runs[curve] ?? -1] ?? '';
    const setup = { axis, logY, palette, height, width: element.clientWidth || WIDTH_PX };
    const made = new CurvesPlot(element, setup, latest.current.shown, {
      onPoint: (hit, left, top) => latest.current.onPoint(hit, left, top),
      onOpen: curve => latest.current.onOpen(idOf(curve)),
      onChoose: curves => latest.current.onChoose([...curves].map(idOf)),
      onZoom: range => latest.current.onZoom(range),
      onReset: () => latest.current.onReset(),
      drag: () => latest.current.drag
    });
    plot.current = made;
    const sizes =
      typeof ResizeObserver === 'undefined'
        ? null
        : new ResizeObserver(() => element.clientWidth > 0 && made.setWidth(element.clientWidth));
    sizes?.observe(element);
    return () => {
      sizes?.disconnect();
      plot.current = null;
      made.destroy();
    };
  }, [axis, logY, height, palette]);
  useEffect(() => plot.current?.show(shown), [shown]);
  useEffect(
    () =>
      focus.listen(focused => {
        const { ids, shown: now } = latest.current;
        const run = focused ? ids.indexOf(focused.run) : -1;
        const curve = run < 0 ? -1 : now.curves.runs.indexOf(run);
        const here = focused?.metric === now.curves.name;
        plot.current?.focus(
          curve < 0 ? null : { curve, point: here ? (focused?.point ?? -1) : -1 }
        );
      }),
    [focus]
  );
  return (
    <div
      ref={place}
      className="jp-ml-plot jp-ml-curves-plot"
      style={{ height }}
      aria-hidden="true"
    />
  );
}
