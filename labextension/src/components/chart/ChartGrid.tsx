import React, { useId, useRef, useState } from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { isEnded } from '../../model/state';
import type { IRunSource } from '../../model/source';
import type { IMetricSummary, IScalarSeries, MetricSeries } from '../../model/types';
import { useStream } from '../data/useStream';
import { useLate } from '../ui/Skeleton';
import { Chart } from './Chart';
import { ChartControls } from './ChartControls';
import { Entries } from './entries/Entries';
import { grouped } from './groups';
import { MetricGroup } from './MetricGroup';
import { axisMetric } from './lines';
import { NoMetrics } from './NoMetrics';
import { Legend } from './overlay/Legend';
import { emptySeries, overlayName, scalarOf, type IOverlay } from './overlay/lines';
import { OverlayButton } from './overlay/OverlayButton';
import { useOverlays } from './overlay/useOverlays';
import { usePalette } from './palette';
import type { ChartPlace } from './place';
import { DEFAULT_SETTINGS } from './settings';
import { SingleValues } from './SingleValues';
import { useChartPlace } from './useChartPlace';
import { useMetrics } from './useMetrics';
import { ZoomChip } from './ZoomChip';

export interface IChartGridProps {
  readonly source: IRunSource;
  readonly runId: string;
  /** At most so many charts; absent: all. */
  readonly limit?: number;
  /** Lower charts without controls, for a notebook's output. */
  readonly compact?: boolean;
  /** Only metrics whose name contains this text, whatever its case. */
  readonly filter?: string;
  /** In front of the controls. */
  readonly before?: React.ReactNode;
  /** What the page's link says about charts; read when they are opened. */
  readonly at?: ChartPlace;
  readonly onAt?: (change: ChartPlace) => void;
  /** Shows the curves of all children of the run; absent: there is no such view. */
  readonly onChildren?: () => void;
  /** Puts code into a new cell; absent: there is no notebook. */
  readonly insertCell?: (code: string) => void;
  /** All there is: curves in groups, metrics that are no curves (text, tables, images …) below them. */
  readonly entries?: boolean;
}

const HEIGHT_PX = 140;
const COMPACT_HEIGHT_PX = 108;

const isScalar = (series: MetricSeries): series is IScalarSeries => series.kind === 'scalar';

/** The run's series, and an empty one for each metric that only the runs laid over it have. */
function withOthers(
  own: readonly MetricSeries[],
  overlays: readonly IOverlay[]
): readonly MetricSeries[] {
  const known = new Set(own.map(one => one.name));
  const names = overlays.flatMap(({ series }) =>
    series
      .filter(isScalar)
      .filter(one => one.count > 1 && !known.has(one.name))
      .map(one => one.name)
  );
  return [...own, ...[...new Set(names)].map(emptySeries)];
}

/** The primary metric first, the others as they appeared. */
function ordered(
  series: readonly MetricSeries[],
  primary: string | undefined,
  filter: string
): IScalarSeries[] {
  const wanted = filter.toLowerCase();
  const found = series.filter(isScalar).filter(one => one.name.toLowerCase().includes(wanted));
  return [...found.filter(s => s.name === primary), ...found.filter(s => s.name !== primary)];
}

function Skeletons({ count, height }: { count: number; height: number }): React.JSX.Element {
  const late = useLate();
  return (
    <div className="jp-ml-charts" role="group" aria-busy="true" aria-label={trans.__('Loading')}>
      {Array.from({ length: count }, (_, i) => (
        <div
          key={i}
          className={late ? 'jp-ml-chart-skel' : undefined}
          style={{ height: height + 20 }}
        />
      ))}
    </div>
  );
}

/** Small multiples of a run's scalar metrics, live, with one cursor and one zoom for all. */
export function ChartGrid(props: IChartGridProps): React.JSX.Element {
  const { source, runId, limit, compact = false, filter = '' } = props;
  const root = useRef<HTMLDivElement>(null);
  const palette = usePalette(root);
  const { series, ready, error } = useMetrics(source, runId);
  const run = useStream(source, 'run', { run: runId }).value;
  const { settings, change, zoom, setZoom } = useChartPlace(
    compact ? undefined : run?.experiment_id,
    props.at,
    props.onAt
  );
  const syncKey = useId();
  const height = compact ? COMPACT_HEIGHT_PX : HEIGHT_PX;
  const used = compact ? DEFAULT_SETTINGS : settings;

  const over = useOverlays(source, runId, props.at?.runs, runs => props.onAt?.({ runs }));
  const [focus, setFocus] = useState<string | null>(null);
  const scalars = ordered(withOthers(series, over.overlays), run?.primary_metric?.name, filter);
  const own = series.filter(isScalar).filter(one => one.count > 1);
  const metric = axisMetric(used.axis);
  const along = metric === null ? null : scalarOf(series, metric);
  const curves = scalars.filter(one => one.count !== 1);
  const shown = curves.slice(0, limit);
  const groups = props.entries ? grouped(shown) : [{ name: '', members: shown }];
  const nan = new Map(run?.metrics.map((m: IMetricSummary) => [m.name, m.first_nan_step]));
  const live = run !== null && !isEnded(run.status);
  return (
    <div ref={root} className={compact ? 'jp-ml-chartgrid jp-ml-compact' : 'jp-ml-chartgrid'}>
      {!compact &&
        !(ready && series.length === 0 && !run?.child_count && over.overlays.length === 0) && (
          <ChartControls
            settings={settings}
            onChange={change}
            metrics={own.map(one => one.name)}
            before={props.before}
          >
            {ready && curves.length > shown.length && (
              <span className="jp-ml-small jp-ml-dim jp-ml-num">
                {trans.__(
                  '%1 of %2 metrics',
                  formatCount(shown.length),
                  formatCount(scalars.length)
                )}
              </span>
            )}
            {run && props.onAt && (
              <OverlayButton
                {...{ source, run }}
                chosen={over.overlays.map(one => one.id)}
                onAdd={over.add}
                onChildren={props.onChildren}
              />
            )}
          </ChartControls>
        )}
      {zoom && !compact && (
        <ZoomChip zoom={zoom} axis={settings.axis} onReset={() => setZoom(null)} />
      )}
      {run && over.overlays.length > 0 && (
        <Legend
          own={{ name: run.display_name, number: run.number }}
          overlays={over.overlays}
          onToggle={over.toggle}
          onRemove={over.remove}
          onFocus={setFocus}
        />
      )}
      {error && (
        <p className="jp-ml-chart-error">
          {trans.__('The metrics could not be read: %1', error.message)}
        </p>
      )}
      {!ready && !error && <Skeletons count={Math.min(limit ?? 6, 6)} height={height} />}
      {ready && scalars.length === 0 && (
        <NoMetrics
          filter={filter}
          others={run?.metrics.length ?? 0}
          ended={run !== null && !live}
        />
      )}
      {groups.map(group => (
        <MetricGroup key={group.name} name={group.name} count={group.members.length}>
          {group.members.map(one => (
            <Chart
              key={one.name}
              {...{ source, runId, palette, height, syncKey, live, zoom, focus }}
              overlays={over.overlays}
              along={along}
              name={run ? overlayName({ name: run.display_name, number: run.number }) : undefined}
              insertCell={props.insertCell}
              series={one}
              settings={used}
              colour={0}
              firstNanStep={nan.get(one.name)}
              onZoom={setZoom}
            />
          ))}
        </MetricGroup>
      ))}
      <SingleValues series={scalars.filter(one => one.count === 1)} />
      {props.entries && <Entries {...{ source, runId, filter }} metrics={run?.metrics ?? []} />}
    </div>
  );
}
