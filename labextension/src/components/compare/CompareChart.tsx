import React, { useId, useMemo, useRef, useState } from 'react';
import type { ComparedSeries, IComparedRun } from '../../model/compare';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { Chart } from '../chart/Chart';
import { ChartControls } from '../chart/ChartControls';
import type { IRange } from '../chart/lines';
import { emptySeries, isLive, overlayName, scalarOf, type IOverlay } from '../chart/overlay/lines';
import { usePalette } from '../chart/palette';
import { useChartSettings, type IChartSettings } from '../chart/settings';
import { OWN } from '../chart/overlay/Legend';
import { EmptyState } from '../ui/EmptyState';

interface IChartOfManyProps {
  readonly source: IRunSource;
  readonly metric: string;
  /** Runs to draw, in their order. */
  readonly runs: readonly IComparedRun[];
  readonly colourOf: (id: string) => number;
  readonly series: ComparedSeries;
  readonly settings: IChartSettings;
  readonly zoom: IRange | null;
  readonly onZoom: (zoom: IRange | null) => void;
  readonly focus: string | null;
  readonly height: number;
  readonly syncKey: string;
  readonly insertCell?: (code: string) => void;
}

/** The curves of one metric of all runs, in the runs' own colours. */
export function ChartOfMany(props: IChartOfManyProps): React.JSX.Element {
  const { source, metric, runs, colourOf, series, focus } = props;
  const place = useRef<HTMLDivElement>(null);
  const palette = usePalette(place);
  const drawn = useMemo(
    () => runs.filter(run => scalarOf(series[run.id] ?? [], metric) !== null),
    [runs, series, metric]
  );
  const [first] = drawn;
  const overlays = useMemo(
    () =>
      drawn.slice(1).map((run): IOverlay => ({
        id: run.id,
        name: overlayName({ name: run.display_name, number: run.number }),
        number: run.number,
        colour: colourOf(run.id),
        hidden: false,
        live: isLive(run),
        series: series[run.id] ?? []
      })),
    [drawn, series, colourOf]
  );
  const own = first ? scalarOf(series[first.id] ?? [], metric) : null;
  return (
    <div ref={place} className="jp-ml-compare-curves">
      {first && own ? (
        <Chart
          key={`${metric} ${first.id}`}
          {...{ source, palette, overlays }}
          runId={first.id}
          alike
          name={overlayName({ name: first.display_name, number: first.number })}
          series={own}
          settings={props.settings}
          colour={colourOf(first.id)}
          height={props.height}
          syncKey={props.syncKey}
          live={drawn.some(isLive)}
          focus={focus === first.id ? OWN : focus}
          zoom={props.zoom}
          onZoom={props.onZoom}
          insertCell={props.insertCell}
        />
      ) : (
        <EmptyState
          title={trans.__('No run that is shown has logged %1.', emptySeries(metric).name)}
        />
      )}
    </div>
  );
}

type IManyProps = Omit<IChartOfManyProps, 'metric' | 'settings' | 'zoom' | 'onZoom' | 'syncKey'> & {
  readonly metrics: readonly string[];
  /** Kept in this browser under this name. */
  readonly name: string;
  /** Which colour is which run, above the charts. */
  readonly legend?: React.ReactNode;
  /** In front of the controls. */
  readonly children?: React.ReactNode;
};

/** Charts of some metrics with their controls; zoom and cursor are shared. */
export function ChartsOfMany(props: IManyProps): React.JSX.Element {
  const { metrics, name, legend, children, ...rest } = props;
  const [settings, change] = useChartSettings(name);
  const [zoom, setZoom] = useState<IRange | null>(null);
  const syncKey = useId();
  return (
    <div className={`jp-ml-compare-charts${metrics.length === 1 ? ' jp-mod-one' : ''}`}>
      <div className="jp-ml-compare-controls">
        {children}
        <ChartControls settings={settings} onChange={change} />
      </div>
      {legend}
      <div className={metrics.length > 1 ? 'jp-ml-charts' : undefined}>
        {metrics.map(metric => (
          <ChartOfMany
            key={metric}
            {...rest}
            {...{ metric, settings, zoom, syncKey }}
            onZoom={setZoom}
          />
        ))}
      </div>
    </div>
  );
}
