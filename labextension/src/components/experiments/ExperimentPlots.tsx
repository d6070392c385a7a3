import React from 'react';
import type { IRunSource } from '../../model/source';
import { trans } from '../../model/language';
import type { IExperimentColumns } from '../../model/types';
import type { ISidebarHost } from '../sidebar/host';
import { choices } from './choices';
import { ExperimentCharts } from './ExperimentCharts';
import { ScatterChart } from './ScatterChart';
import type { ICharted } from './useCharted';
import type { IExperimentView, IScatterChart } from './view';

interface IExperimentPlotsProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  readonly known: IExperimentColumns | null;
  readonly view: IExperimentView;
  readonly onChange: (change: Partial<IExperimentView>) => void;
  readonly charted: ICharted;
  readonly total: number;
}

/** The charts above the table; nothing where there is none. */
export function ExperimentPlots(props: IExperimentPlotsProps): React.JSX.Element | null {
  const { source, host, known, view, onChange, charted, total } = props;
  const { charts, scatters } = view;
  const { lines, points, painted, palette, colourOf } = charted;
  const put = (at: number, chart: IScatterChart | null): void =>
    onChange({ scatters: scatters.flatMap((one, i) => (i === at ? (chart ?? []) : one)) });
  if (lines.length + points.length === 0) {
    return null;
  }
  const named = scatters.flatMap(({ x, y }) => [x, y]);
  return (
    <div className="jp-ml-xp-charts" role="group" aria-label={trans.__('Charts')}>
      {lines.length > 0 && (
        <ExperimentCharts
          {...{ source, palette }}
          runs={lines}
          colours={painted}
          names={charts}
          insertCell={host.insertCell}
        />
      )}
      {scatters.map((chart, i) => (
        <ScatterChart
          key={i}
          {...{ chart, total, colourOf }}
          runs={points}
          choices={choices(known, named)}
          onChange={next => put(i, next)}
          onOpen={run => host.openRun(run)}
        />
      ))}
    </div>
  );
}
