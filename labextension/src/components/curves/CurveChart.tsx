import React, { memo, useEffect, useMemo, useRef } from 'react';
import type { ICurvesView } from '../../model/children';
import { formatCount, formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import type { IRange } from '../chart/lines';
import type { IPalette } from '../chart/palette';
import { xLabel } from '../chart/ranges';
import { useVisible } from '../chart/useVisible';
import { MiddleText } from '../ui/MiddleText';
import { CurvesCanvas } from './CurvesCanvas';
import type { DragMode } from './CurvesPlot';
import type { Focus } from './focus';
import type { IHit } from './project';
import { rangesOf } from './ranges';
import { ranked, summaryOf } from './rank';
import { tell, type PointText } from './tip';
import { unpack } from './unpack';
import type { IFound } from './useCurves';

/** A run as charts show it. */
export interface IShownRun {
  readonly id: string;
  readonly label: string;
  /** As a canvas takes it. */
  readonly colour: string;
  readonly dashed: boolean;
}

export interface ICurveChartProps {
  readonly name: string;
  /** Null: not yet known. */
  readonly found: IFound | null;
  readonly runs: readonly IShownRun[];
  /** Position of each run. */
  readonly places: ReadonlyMap<string, number>;
  readonly chosen: ReadonlySet<string> | null;
  readonly axis: ICurvesView['axis'];
  readonly logY: boolean;
  readonly ignoreOutliers: boolean;
  readonly zoom: IRange | null;
  readonly palette: IPalette | null;
  readonly height: number;
  readonly focus: Focus;
  readonly drag: DragMode;
  readonly want: (name: string) => () => void;
  readonly onOpen: (id: string) => void;
  readonly onChoose: (ids: readonly string[] | null) => void;
  readonly onZoom: (range: IRange | null) => void;
  /** Told what the keyboard has come to. */
  readonly onSay: (text: string) => void;
}

/** Labels of places are as fine as a thousandth of the axis. */
const FINE = 1000;

const placeText = (axis: ICurvesView['axis'], x: number): string =>
  axis === 'step' ? trans.__('step %1', formatCount(x)) : xLabel(axis, x, FINE);

/** One metric of all runs: its name, how many have it, their curves. */
export const CurveChart = memo(function CurveChart(props: ICurveChartProps): React.JSX.Element {
  const { name, found, runs, places, chosen, axis, logY, ignoreOutliers, zoom, focus, want } =
    props;
  const figure = useRef<HTMLElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const visible = useVisible(figure);
  useEffect(() => (visible ? want(name) : undefined), [visible, want, name]);
  const curves = useMemo(
    () => found && unpack(found.packed, at => places.get(found.ids[at] ?? '') ?? -1),
    [found, places]
  );
  const shown = useMemo(() => {
    if (!curves) {
      return null;
    }
    const of = curves.runs.map(at => runs[at]);
    const look = {
      colours: of.map(run => run?.colour ?? ''),
      dashed: of.map(run => run?.dashed ?? false),
      chosen: chosen && of.map(run => chosen.has(run?.id ?? ''))
    };
    return { curves, look, ...rangesOf(curves, zoom, { logY, ignoreOutliers }) };
  }, [curves, runs, chosen, zoom, logY, ignoreOutliers]);
  const ids = useMemo(() => runs.map(run => run.id), [runs]);
  const order = useMemo(() => (curves ? ranked(curves) : []), [curves]);

  const textOf = (hit: IHit): PointText => {
    const run = runs[curves?.runs[hit.curve] ?? -1];
    return [
      run?.label ?? '',
      formatMetric(curves?.y[hit.point] ?? null),
      placeText(axis, curves?.x[hit.point] ?? 0)
    ];
  };
  const idOf = (curve: number): string => ids[curves?.runs[curve] ?? -1] ?? '';
  const onPoint = (hit: IHit | null, left: number, top: number): void => {
    focus.set(hit && { run: idOf(hit.curve), metric: name, point: hit.point });
    tell(tip.current, hit && textOf(hit), left, top);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const now = focus.current && curves ? curves.runs.indexOf(ids.indexOf(focus.current.run)) : -1;
    const at = order.indexOf(now);
    if (event.key === 'Enter' && now >= 0) {
      props.onOpen(idOf(now));
    } else if (event.key === 'Escape' && (focus.current || chosen)) {
      if (focus.current) {
        focus.set(null);
      } else {
        props.onChoose(null);
      }
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && order.length > 0) {
      const down = event.key === 'ArrowDown';
      const next = at < 0 ? (down ? 0 : order.length - 1) : at + (down ? 1 : -1);
      const curve = order[Math.min(order.length - 1, Math.max(0, next))] ?? 0;
      const point = (curves?.starts[curve + 1] ?? 1) - 1;
      focus.set({ run: idOf(curve), metric: name, point });
      props.onSay([name, ...textOf({ curve, point })].join(', '));
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <figure
      ref={figure}
      className="jp-ml-chart jp-ml-curves-chart"
      role="group"
      tabIndex={0}
      aria-label={curves ? summaryOf(curves) : name}
      aria-keyshortcuts="ArrowDown ArrowUp Enter Escape"
      data-drawn={shown !== null && visible ? '' : undefined}
      onKeyDown={onKeyDown}
      onBlur={() => focus.set(null)}
    >
      <figcaption className="jp-ml-chart-head">
        <MiddleText text={name} />
        <span className="jp-ml-grow jp-ml-right jp-ml-dim jp-ml-small jp-ml-num">
          {curves && curves.runs.length !== runs.length
            ? trans._n('%2 run', '%2 runs', curves.runs.length, formatCount(curves.runs.length))
            : ''}
        </span>
      </figcaption>
      {shown && visible && props.palette ? (
        <CurvesCanvas
          {...{ shown, ids, axis, logY, focus, onPoint }}
          height={props.height}
          palette={props.palette}
          drag={props.drag}
          onOpen={props.onOpen}
          onChoose={ids => props.onChoose(ids)}
          onZoom={props.onZoom}
          onReset={() => props.onZoom(null)}
        />
      ) : (
        <div style={{ height: props.height }} />
      )}
      <div ref={tip} className="jp-ml-curves-tip" hidden aria-hidden="true">
        <span className="jp-ml-cut" />
        <b className="jp-ml-num" />
        <span className="jp-ml-dim jp-ml-num" />
      </div>
    </figure>
  );
});
