import React, { useCallback, useMemo, useRef, useState } from 'react';
import { formatCount, formatMetric, plural } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IScalarSeries } from '../../model/types';
import { MiddleText } from '../ui/MiddleText';
import { ChartMenu } from './ChartMenu';
import { ChartTable } from './ChartTable';
import { positiveOnly, type ILine, type IRange } from './lines';
import type { IPalette } from './palette';
import { Plot } from './Plot';
import { xLabel } from './ranges';
import type { IChartSettings } from './settings';
import { isRough, smooth } from './smoothing';
import { summarize } from './summary';
import { useVisible } from './useVisible';
import { useZoomed } from './useZoomed';

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
  readonly zoom: IRange | null;
  readonly onZoom: (range: IRange | null) => void;
}

function noteOf(line: ILine, firstNan: number | null | undefined, hidden: number): string {
  const step = firstNan ?? line.marks.find(mark => mark.kind === 'nan')?.step;
  const notes = [
    step !== undefined ? trans.__('First NaN at step %1', formatCount(step)) : '',
    hidden > 0 ? `${plural(hidden, 'value')} ≤ 0 not shown` : ''
  ];
  return notes.filter(Boolean).join(' · ');
}

/** What stands in the head while the pointer is in a chart: place and value, written without a render. */
function useCursorText(
  line: ILine,
  settings: IChartSettings
): {
  value: React.RefObject<HTMLElement>;
  place: React.RefObject<HTMLElement>;
  onCursor: (index: number | null) => void;
} {
  const value = useRef<HTMLElement>(null);
  const place = useRef<HTMLElement>(null);
  const { axis } = settings;
  const onCursor = useCallback(
    (index: number | null) => {
      const y = index === null ? null : (line.y[index] ?? null);
      const x = index === null ? undefined : line.x[index];
      const shown = x !== undefined && y !== null;
      if (value.current && place.current) {
        value.current.textContent = shown ? formatMetric(y) : '';
        place.current.textContent = shown
          ? axis === 'step'
            ? `step ${formatCount(x)}`
            : xLabel(axis, x, 1000)
          : '';
      }
    },
    [line, axis]
  );
  return { value, place, onCursor };
}

/** One metric: its name, its last value, its course. */
export function Chart(props: IChartProps): React.JSX.Element {
  const { series, settings, palette, zoom, onZoom, live, height } = props;
  const figure = useRef<HTMLElement>(null);
  const visible = useVisible(figure);
  const [zoomY, setZoomY] = useState<IRange | null>(null);
  const [table, setTable] = useState(false);
  const whole = useZoomed(props.source, props.runId, series, settings.axis, zoom);
  const { y, hidden } = useMemo(
    () => (settings.logY ? positiveOnly(whole.y) : { y: whole.y, hidden: 0 }),
    [whole, settings.logY]
  );
  const line = useMemo(() => ({ ...whole, y }), [whole, y]);
  const smoothed = useMemo(
    () => (settings.smoothing > 0 && isRough(y) ? smooth(y, settings.smoothing) : null),
    [y, settings.smoothing]
  );
  const cursor = useCursorText(line, settings);
  const summary = useMemo(
    () => summarize(series.name, whole, series.count),
    [series.name, series.count, whole]
  );
  const reset = (): void => {
    setZoomY(null);
    onZoom(null);
  };
  const zoomed = zoom !== null || zoomY !== null;
  const note = noteOf(whole, props.firstNanStep, hidden);
  return (
    <figure ref={figure} className="jp-ml-chart" aria-label={summary}>
      <figcaption className="jp-ml-chart-head">
        <MiddleText text={series.name} />
        {note && (
          <span className="jp-ml-chart-note jp-ml-cut" title={note}>
            {note}
          </span>
        )}
        <ChartMenu series={series} zoomed={zoomed} onReset={reset} onTable={() => setTable(true)} />
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
          {...{ line, smoothed, palette, zoom, zoomY, height, syncKey: props.syncKey }}
          axis={settings.axis}
          logY={settings.logY}
          ignoreOutliers={settings.ignoreOutliers}
          colour={palette.series[props.colour % palette.series.length] ?? palette.ink}
          onCursor={cursor.onCursor}
          onZoomX={onZoom}
          onZoomY={setZoomY}
          onReset={reset}
        />
      ) : (
        <div style={{ height }} />
      )}
      {live && zoom && (
        <button type="button" className="jp-ml-chart-live" onClick={reset}>
          {trans.__('live →')}
        </button>
      )}
      {table && <ChartTable name={series.name} line={whole} onClose={() => setTable(false)} />}
    </figure>
  );
}
