import React, { useRef, useState } from 'react';
import type { IRunSource } from '../../model/source';
import { isEnded } from '../../model/state';
import type { IRunSummary } from '../../model/types';
import { Chart } from '../chart/Chart';
import type { IRange } from '../chart/lines';
import { emptySeries, scalarOf, type IOverlay } from '../chart/overlay/lines';
import type { IPalette } from '../chart/palette';
import { useChartSettings } from '../chart/settings';
import { useCourses } from './useCourses';

const HEIGHT_PX = 180;
const PLACE = 'experiments';

interface IExperimentChartsProps {
  readonly source: IRunSource;
  /** Newest runs of the table; at least one. */
  readonly runs: readonly IRunSummary[];
  /** Which colour each has, from 0. */
  readonly colours: ReadonlyMap<string, number>;
  readonly names: readonly string[];
  readonly palette: IPalette | null;
  readonly insertCell?: (code: string) => void;
}

/** The charts a person has added: one metric each, over the newest runs of the table. */
export function ExperimentCharts(props: IExperimentChartsProps): React.JSX.Element {
  const { source, runs, colours, names, palette } = props;
  const [settings] = useChartSettings(PLACE);
  const [zoom, setZoom] = useState<IRange | null>(null);
  const syncKey = useRef(`ml-jupyter-experiment-${Math.random()}`).current;
  const courses = useCourses(
    source,
    runs.map(run => run.id),
    names
  );
  const [own, ...others] = runs;
  const overlays = others.map((run): IOverlay => ({
    id: run.id,
    name: run.display_name,
    number: run.number,
    colour: colours.get(run.id) ?? 0,
    hidden: false,
    live: !isEnded(run.status),
    series: courses.get(run.id) ?? []
  }));
  return (
    <>
      {own &&
        names.map(name => (
          <Chart
            key={name}
            source={source}
            runId={own.id}
            name={`${own.display_name} ${own.number}`}
            series={scalarOf(courses.get(own.id) ?? [], name) ?? emptySeries(name)}
            settings={settings}
            palette={palette}
            colour={colours.get(own.id) ?? 0}
            height={HEIGHT_PX}
            syncKey={syncKey}
            live={runs.some(run => !isEnded(run.status))}
            overlays={overlays}
            alike
            insertCell={props.insertCell}
            zoom={zoom}
            onZoom={setZoom}
          />
        ))}
    </>
  );
}
