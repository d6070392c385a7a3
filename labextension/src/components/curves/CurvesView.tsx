import React, { useCallback, useMemo, useRef, useState } from 'react';
import type { IChildren } from '../../model/children';
import { formatCount } from '../../model/format';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { isEnded } from '../../model/state';
import type { IRunDetail, RunStatus } from '../../model/types';
import { usePalette } from '../chart/palette';
import type { ChartPlace } from '../chart/place';
import { useChartPlace } from '../chart/useChartPlace';
import { ZoomChip } from '../chart/ZoomChip';
import { useAskedAgain } from '../data/useAskedAgain';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { ChosenRuns } from './ChosenRuns';
import { ColourMeaning } from './ColourMeaning';
import { choices } from './colouring';
import { CurveChart } from './CurveChart';
import { CurvesBar } from './CurvesBar';
import type { DragMode } from './CurvesPlot';
import { Focus } from './focus';
import { useCurves } from './useCurves';
import { useRunColours } from './useRunColours';

export interface ICurvesViewProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
  readonly host: IViewHost;
  /** Only children in one of these states; absent: all. */
  readonly statuses?: readonly RunStatus[];
  /** What the page's link says about the charts. */
  readonly at: ChartPlace;
  readonly onAt: (change: ChartPlace) => void;
  readonly onOpen: (id: string) => void;
}

const HEIGHT_PX = 180;
/** From so many metrics on a field to find one is shown. */
const FIND_FROM = 6;

const isLive = ({ runs }: IChildren): boolean => runs.some(run => !isEnded(run.status));

/** Children in some of the states only; their lists keep one value a run. */
function withStatus(children: IChildren, statuses?: readonly RunStatus[]): IChildren {
  if (!statuses) {
    return children;
  }
  const kept = children.runs.flatMap((run, i) => (statuses.includes(run.status) ? [i] : []));
  const of = <T,>(values: readonly T[]): readonly T[] => kept.map(i => values[i] as T);
  return {
    ...children,
    runs: of(children.runs),
    best: of(children.best),
    settings: Object.fromEntries(
      Object.entries(children.settings).map(([name, values]) => [name, of(values)])
    )
  };
}

/** The metrics whose name contains a text, the primary one first. */
function metricsOf({ metrics, primary }: IChildren, filter: string): readonly string[] {
  const low = filter.toLowerCase();
  const found = metrics.filter(name => name.toLowerCase().includes(low));
  return [...found.filter(name => name === primary), ...found.filter(name => name !== primary)];
}

/** The curves of all children of a run: a chart a metric, a line a child. */
export function CurvesView(props: ICurvesViewProps): React.JSX.Element {
  const { source, run, host, statuses, at, onAt, onOpen } = props;
  const root = useRef<HTMLDivElement>(null);
  const palette = usePalette(root);
  const running = !isEnded(run.status);
  const asked = useAskedAgain(
    () => source.query('children', { run: run.id }),
    `${run.id} ${run.child_count} ${running}`,
    found => running || isLive(found),
    root
  );
  const { settings, change, zoom, setZoom } = useChartPlace(run.experiment_id, at, onAt);
  const axis =
    settings.axis === 'time' || settings.axis === 'relative' ? settings.axis : ('step' as const);
  const range = zoom ? { x_min: zoom.min, x_max: zoom.max } : {};
  const live = running || (asked.value !== null && isLive(asked.value));
  const curves = useCurves(source, run.id, { axis, ...range }, live, root);
  const [focus] = useState(() => new Focus());
  const [drag, setDrag] = useState<DragMode>('choose');
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const said = useRef<HTMLParagraphElement>(null);
  const children = useMemo(
    () => asked.value && withStatus(asked.value, statuses),
    [asked.value, statuses]
  );
  const { colouring, named, runs } = useRunColours(children, at.colour, root, palette);
  const places = useMemo(() => new Map(runs.map((one, i) => [one.id, i])), [runs]);
  const onChoose = useCallback(
    (ids: readonly string[] | null) => {
      focus.set(null);
      setChosen(ids && ids.length > 0 ? new Set(ids) : null);
    },
    [focus]
  );
  const onSay = useCallback((text: string) => {
    if (said.current) {
      said.current.textContent = text;
    }
  }, []);
  const names = useMemo(() => (children ? metricsOf(children, filter) : []), [children, filter]);
  const stillChosen = named.filter(one => chosen?.has(one.id)).map(one => one.id);
  const latest = useRef({ onOpen, setZoom });
  latest.current = { onOpen, setZoom };
  const open = useCallback((id: string) => latest.current.onOpen(id), []);
  const zoomTo = useCallback<typeof setZoom>(to => latest.current.setZoom(to), []);
  return (
    <div ref={root} className="jp-ml-chartgrid jp-ml-curves">
      {asked.error && !children && (
        <EmptyState title={trans.__('The children could not be read.')} text={asked.error.message}>
          <Button onClick={asked.again}>{trans.__('Try again')}</Button>
        </EmptyState>
      )}
      {!children && !asked.error && <SkeletonRows />}
      {children && colouring && (
        <>
          <CurvesBar
            {...{ settings, drag }}
            onSettings={change}
            choices={choices(children)}
            by={colouring.by}
            onBy={colour => onAt({ colour })}
            onDrag={setDrag}
            filter={children.metrics.length >= FIND_FROM ? filter : null}
            onFilter={setFilter}
          />
          <ColourMeaning meaning={colouring.meaning} runs={named} focus={focus} onOpen={onOpen} />
          {zoom && <ZoomChip zoom={zoom} axis={axis} onReset={() => setZoom(null)} />}
          {stillChosen.length > 0 && (
            <ChosenRuns
              chosen={stillChosen}
              total={children.runs.length}
              onClear={() => onChoose(null)}
              onOpen={onOpen}
              onCompare={host.compareRuns}
            />
          )}
          {asked.value && asked.value.total > asked.value.runs.length && (
            <p className="jp-ml-small jp-ml-dim">
              {trans.__(
                'The first %1 of %2 children.',
                formatCount(asked.value.runs.length),
                formatCount(asked.value.total)
              )}
            </p>
          )}
          {curves.error && (
            <Banner
              icon="warning"
              action={<Button onClick={curves.again}>{trans.__('Try again')}</Button>}
            >
              {trans.__('The curves could not be read: %1', curves.error.message)}
            </Banner>
          )}
          {names.length === 0 && (
            <EmptyState
              title={
                filter === ''
                  ? trans.__('No child has logged a number yet.')
                  : trans.__('No metric matches.')
              }
            />
          )}
          <div className="jp-ml-charts">
            {names.map(name => (
              <CurveChart
                key={name}
                {...{ name, runs, places, axis, zoom, palette, focus, drag, onChoose, onSay }}
                found={curves.found.get(name) ?? null}
                chosen={stillChosen.length > 0 ? chosen : null}
                logY={settings.logY}
                ignoreOutliers={settings.ignoreOutliers}
                height={HEIGHT_PX}
                want={curves.want}
                onOpen={open}
                onZoom={zoomTo}
              />
            ))}
          </div>
          <p ref={said} className="jp-ml-vh" role="status" />
        </>
      )}
    </div>
  );
}
