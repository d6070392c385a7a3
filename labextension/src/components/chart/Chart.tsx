import React, { useCallback, useMemo, useRef, useState } from 'react';
import { formatCount, formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IScalarSeries } from '../../model/types';
import { MiddleText } from '../ui/MiddleText';
import { ChartMenu } from './ChartMenu';
import { ChartTable } from './ChartTable';
import { axisMetric, positiveOnly, type ILine, type IRange } from './lines';
import { OWN } from './overlay/Legend';
import { nearestIndex, type IOtherLine, type IOverlay } from './overlay/lines';
import { nearestLines, Tip, tellTip } from './overlay/Tip';
import { useOtherLines } from './overlay/useOtherLines';
import type { IPalette } from './palette';
import { Plot } from './Plot';
import { xLabel } from './ranges';
import type { IChartSettings } from './settings';
import { isRough, smooth } from './smoothing';
import { summarize } from './summary';
import { useVisible } from './useVisible';
import { useZoomed } from './useZoomed';

const NO_OVERLAYS: readonly IOverlay[] = [];

export interface IChartProps {
  readonly source: IRunSource;
  readonly runId: string;
  readonly series: IScalarSeries;
  readonly settings: IChartSettings;
  readonly palette: IPalette | null;
  /** Which colour of the palette, from 0. */
  readonly colour: number;
  readonly height: number;
  readonly syncKey: string;
  readonly live: boolean;
  /** First step without a value, where the run knows it; otherwise it is looked for among the points drawn. */
  readonly firstNanStep?: number | null;
  /** The metric that runs along x, where one does. */
  readonly along?: IScalarSeries | null;
  /** Runs laid over this one. */
  readonly overlays?: readonly IOverlay[];
  /** The run whose line stands out; null: none. */
  readonly focus?: string | null;
  /** The runs stand beside one another: no value of one of them stands for all. */
  readonly alike?: boolean;
  /** What the run is called, beside others. */
  readonly name?: string;
  /** Puts code into a new cell; absent: there is no notebook. */
  readonly insertCell?: (code: string) => void;
  readonly zoom: IRange | null;
  readonly onZoom: (range: IRange | null) => void;
}

function noteOf(line: ILine, firstNan: number | null | undefined, hidden: number): string {
  const step = firstNan ?? line.marks.find(mark => mark.kind === 'nan')?.step;
  const notes = [
    step !== undefined ? trans.__('First NaN at step %1', formatCount(step)) : '',
    hidden > 0 ? trans._n('%1 value ≤ 0 not shown', '%1 values ≤ 0 not shown', hidden) : ''
  ];
  return notes.filter(Boolean).join(' · ');
}

/** What stands in the head while the pointer is in a chart: place and value, written without a render. */
function useCursorText(
  line: ILine,
  others: readonly IOtherLine[],
  own: { readonly name: string; readonly colour: string },
  settings: IChartSettings
): {
  value: React.RefObject<HTMLElement>;
  place: React.RefObject<HTMLElement>;
  tip: React.RefObject<HTMLDListElement>;
  /** Told whether the pointer itself is in this chart. */
  onPointed: (inside: boolean) => void;
  /** Told the place on both axes. */
  onCursor: (x: number | null, height: number | null) => void;
} {
  const value = useRef<HTMLElement>(null);
  const place = useRef<HTMLElement>(null);
  const tip = useRef<HTMLDListElement>(null);
  const pointed = useRef(false);
  const { axis, logY } = settings;
  const { name, colour } = own;
  const onCursor = useCallback(
    (x: number | null, height: number | null) => {
      // Of charts that only share the cursor the own value is enough.
      const all = [line, ...(pointed.current ? others : []).map(other => other.line)];
      const values = all.map(one => (x === null ? null : valueAt(one, x)));
      const shown = x !== null && (values.some(one => one !== null) || !pointed.current);
      if (value.current && place.current) {
        value.current.textContent = shown ? formatMetric(values[0] ?? null) : '';
        place.current.textContent = shown
          ? axis === 'step'
            ? trans.__('step %1', formatCount(x))
            : placeOn(axis, x)
          : '';
      }
      if (!shown || !pointed.current || others.length === 0) {
        tellTip(tip.current, null);
        return;
      }
      const lines = [{ name, colour }, ...others].map((one, i) => {
        const found = values[i] ?? null;
        return { name: one.name, colour: one.colour, value: found, text: formatMetric(found) };
      });
      tellTip(tip.current, nearestLines(lines, height, logY));
    },
    [line, others, name, colour, axis, logY]
  );
  const onPointed = useCallback((inside: boolean) => {
    pointed.current = inside;
  }, []);
  return { value, place, tip, onPointed, onCursor };
}

/** Where the cursor is on an axis that is not that of steps: "12 min", "epoch 3". */
function placeOn(axis: IChartSettings['axis'], x: number): string {
  const metric = axisMetric(axis);
  return metric === null ? xLabel(axis, x, 1000) : `${metric} ${formatMetric(x)}`;
}

/** The value of the point of a line nearest to a place on the x axis. */
function valueAt(line: ILine, x: number): number | null {
  const at = nearestIndex(line.x, x);
  return at < 0 ? null : (line.y[at] ?? null);
}

/** Position of the line that stands out among all of a chart; -1 when none does. */
function focusAt(focus: string | null, others: readonly IOtherLine[]): number {
  if (focus === null) {
    return -1;
  }
  return focus === OWN ? 0 : others.findIndex(other => other.id === focus) + 1 || -1;
}

/** One metric: its name, its last value, its course. */
export function Chart(props: IChartProps): React.JSX.Element {
  const { series, settings, palette, zoom, onZoom, live, height } = props;
  const figure = useRef<HTMLElement>(null);
  const visible = useVisible(figure);
  const [zoomY, setZoomY] = useState<IRange | null>(null);
  const [table, setTable] = useState(false);
  const whole = useZoomed(
    props.source,
    props.runId,
    series,
    settings.axis,
    zoom,
    props.along ?? null
  );
  const { y, hidden } = useMemo(
    () => (settings.logY ? positiveOnly(whole.y) : { y: whole.y, hidden: 0 }),
    [whole, settings.logY]
  );
  const line = useMemo(() => ({ ...whole, y }), [whole, y]);
  const smoothed = useMemo(
    () => (settings.smoothing > 0 && isRough(y) ? smooth(y, settings.smoothing) : null),
    [y, settings.smoothing]
  );
  const others = useOtherLines(
    props.source,
    props.overlays ?? NO_OVERLAYS,
    series.name,
    settings,
    zoom,
    palette
  );
  const summary = useMemo(
    () => summarize(series.name, whole, series.count),
    [series.name, series.count, whole]
  );
  const reset = (): void => {
    setZoomY(null);
    onZoom(null);
  };
  const ink = palette?.series[props.colour % palette.series.length] ?? palette?.ink ?? '';
  const cursor = useCursorText(line, others, { name: props.name ?? '', colour: ink }, settings);
  const zoomed = zoom !== null || zoomY !== null;
  const note = noteOf(whole, props.firstNanStep, hidden);
  return (
    <figure
      ref={figure}
      className="jp-ml-chart"
      aria-label={summary}
      onPointerEnter={() => cursor.onPointed(true)}
      onPointerLeave={() => cursor.onPointed(false)}
    >
      <figcaption className={props.alike ? 'jp-ml-chart-head jp-mod-alike' : 'jp-ml-chart-head'}>
        <MiddleText text={series.name} />
        {note && (
          <span className="jp-ml-chart-note jp-ml-cut" title={note}>
            {note}
          </span>
        )}
        <ChartMenu
          {...{ series, zoomed, figure }}
          runId={props.runId}
          insertCell={props.insertCell}
          onReset={reset}
          onTable={() => setTable(true)}
        />
        <span className="jp-ml-chart-at" aria-hidden="true">
          <span ref={cursor.place} className="jp-ml-small jp-ml-dim" />
          <span ref={cursor.value} />
        </span>
        <span className="jp-ml-chart-value">
          {formatMetric(series.values[series.values.length - 1])}
        </span>
      </figcaption>
      {visible && palette ? (
        <Plot
          {...{ line, smoothed, others, palette, zoom, zoomY, height, syncKey: props.syncKey }}
          focus={focusAt(props.focus ?? null, others)}
          axis={settings.axis}
          logY={settings.logY}
          ignoreOutliers={settings.ignoreOutliers}
          colour={ink}
          onCursor={cursor.onCursor}
          onZoomX={onZoom}
          onZoomY={setZoomY}
          onReset={reset}
        />
      ) : (
        <div style={{ height }} />
      )}
      {others.length > 0 && <Tip ref={cursor.tip} lines={others.length + 1} />}
      {live && zoom && (
        <button type="button" className="jp-ml-chart-live" onClick={reset}>
          {trans.__('live →')}
        </button>
      )}
      {table && <ChartTable name={series.name} line={whole} onClose={() => setTable(false)} />}
    </figure>
  );
}
