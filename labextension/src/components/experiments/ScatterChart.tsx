import React, { useMemo, useState } from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSummary } from '../../model/types';
import { GROUPS, groupWord, type Group as GroupName, type IColumn } from '../compare/columns';
import type { IPlotColumn, IPlotRow } from '../plots/columns';
import { Scatter } from '../plots/Scatter';
import { IconButton } from '../ui/Button';
import { columnName } from './columns';
import type { ColumnId, IScatterChart } from './view';

const HEIGHT_PX = 180;

interface IScatterChartProps {
  readonly chart: IScatterChart;
  /** The first runs of the table. */
  readonly runs: readonly IRunSummary[];
  /** How many the table has in all. */
  readonly total: number;
  readonly choices: readonly IColumn[];
  readonly colourOf: (run: string) => string | undefined;
  readonly onChange: (chart: IScatterChart | null) => void;
  readonly onOpen: (run: string) => void;
}

/** What the runs have under an id. */
export function columnOf(id: ColumnId, runs: readonly IRunSummary[]): IPlotColumn {
  const name = columnName(id);
  const values = runs.map(run =>
    id.startsWith('tag:') ? (run.tags[name] ?? null) : (run.values?.[id] ?? null)
  );
  return { id, label: name, values };
}

/** Metrics and parameters may have the same names. */
function Group({
  group,
  choices
}: {
  readonly group: GroupName;
  readonly choices: readonly IColumn[];
}) {
  const of = choices.filter(one => one.group === group);
  return of.length === 0 ? null : (
    <optgroup label={groupWord(group)}>
      {of.map(one => (
        <option key={one.id} value={one.id}>
          {one.label}
        </option>
      ))}
    </optgroup>
  );
}

function Axis(props: {
  readonly label: string;
  readonly value: ColumnId;
  readonly choices: readonly IColumn[];
  readonly onChange: (id: ColumnId) => void;
}): React.JSX.Element {
  return (
    <label className="jp-ml-dim jp-ml-row">
      {props.label}
      <select
        className="jp-ml-select"
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
      >
        {GROUPS.map(group => (
          <Group key={group} {...{ group }} choices={props.choices} />
        ))}
      </select>
    </label>
  );
}

function useRows(
  runs: readonly IRunSummary[],
  colourOf: (run: string) => string | undefined
): readonly IPlotRow[] {
  return useMemo(
    () =>
      runs.map(run => ({
        id: run.id,
        name: `${run.display_name} ${run.number}`,
        colour: colourOf(run.id) ?? 'var(--mlj-text-2)'
      })),
    [runs, colourOf]
  );
}

/** One value of each run against another, for the first runs of the table. */
export function ScatterChart(props: IScatterChartProps): React.JSX.Element {
  const { chart, runs, total, choices, onChange, onOpen } = props;
  const [focus, setFocus] = useState<string | null>(null);
  const rows = useRows(runs, props.colourOf);
  const x = useMemo(() => columnOf(chart.x, runs), [chart.x, runs]);
  const y = useMemo(() => columnOf(chart.y, runs), [chart.y, runs]);
  const label = trans.__('%1 against %2', y.label, x.label);
  return (
    <figure className="jp-ml-xp-scatter" aria-label={label}>
      <figcaption className="jp-ml-row">
        <Axis
          {...{ choices }}
          label={trans.__('y')}
          value={chart.y}
          onChange={id => onChange({ ...chart, y: id })}
        />
        <Axis
          {...{ choices }}
          label={trans.__('x')}
          value={chart.x}
          onChange={id => onChange({ ...chart, x: id })}
        />
        <span className="jp-ml-dim jp-ml-num jp-ml-cut jp-ml-grow">
          {total > runs.length && trans.__('First %1 of %2 runs', runs.length, formatCount(total))}
        </span>
        <IconButton
          icon="close"
          label={trans.__('Remove the chart %1', label)}
          onClick={() => onChange(null)}
        />
      </figcaption>
      <Scatter
        label={trans.__('Runs')}
        {...{ rows, x, y, focus, onOpen }}
        onFocus={setFocus}
        height={HEIGHT_PX}
      />
    </figure>
  );
}
