import React, { useMemo, useRef, useState } from 'react';
import type { IComparedRun } from '../../model/compare';
import { trans } from '../../model/language';
import { inRange } from '../plots/brush';
import { distinct, isNumeric, type IPlotRow } from '../plots/columns';
import { ParallelCoordinates } from '../plots/ParallelCoordinates';
import { canBeLog, scaleOf } from '../plots/scale';
import { Scatter } from '../plots/Scatter';
import { Button } from '../ui/Button';
import { Chip } from '../ui/Chip';
import { ColumnPicker } from './ColumnPicker';
import type { IColumn } from './columns';
import type { ICompareContent } from './content';
import type { ITable } from './table';

const MOST_AXES = 8;
/** More runs than this cannot be told apart by their own colours. */
const MOST_OWN_COLOURS = 20;
const OWN_COLOURS = 'own';

/** The usual axes: numbers and choices that differ, and the primary metric last. */
export function usualAxes(table: ITable): readonly string[] {
  const given = table.columns.filter(
    one =>
      (one.group === 'parameters' || one.group === 'tags') &&
      distinct(one.values) > 1 &&
      (isNumeric(one.values) || distinct(one.values) <= 12)
  );
  const metric = metricColumn(table);
  return [...given.slice(0, MOST_AXES - 1), ...(metric ? [metric] : [])].map(one => one.id);
}

/** The best values of the primary metric, or of the first metric there is. */
export function metricColumn(table: ITable): IColumn | null {
  const best = table.all.filter(one => one.id.endsWith(':best') && one.group === 'metrics');
  return best.find(one => one.metric === table.primary) ?? best[0] ?? null;
}

/** Which runs lie in the ranges on the axes, by position. */
export function inRanges(
  table: ITable,
  content: ICompareContent,
  count: number
): readonly boolean[] {
  const axes = Object.keys(content.brushes).flatMap(id => table.byId.get(id) ?? []);
  const scales = new Map(axes.map(one => [one.id, scaleOf(one, content.log.includes(one.id))]));
  return inRange(count, axes, scales, content.brushes);
}

interface IComparePlotsProps {
  readonly table: ITable;
  readonly runs: readonly IComparedRun[];
  readonly content: ICompareContent;
  readonly onChange: (change: Partial<ICompareContent>) => void;
  readonly colourOf: (id: string) => number;
  readonly focus: string | null;
  readonly onFocus: (id: string | null) => void;
  readonly onOpen: (id: string) => void;
  readonly height: number;
  /** In front of the controls. */
  readonly children?: React.ReactNode;
}

const ink = (colour: number): string => `var(--mlj-series-${(colour % 10) + 1})`;

/** Only the values of the runs that are shown, so that axes span what is drawn. */
function only(column: IColumn, positions: readonly number[]): IColumn {
  return { ...column, values: positions.map(at => column.values[at] ?? null) };
}

interface IChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly columns: readonly IColumn[];
  /** What the empty choice says; absent: there is none. */
  readonly none?: string;
  readonly onChoose: (id: string | null) => void;
}

function Choice(props: IChoiceProps): React.JSX.Element {
  return (
    <label className="jp-ml-dim jp-ml-row">
      {props.label}
      <select
        className="jp-ml-select"
        value={props.value}
        onChange={event => props.onChoose(event.target.value || null)}
      >
        {props.none !== undefined && <option value="">{props.none}</option>}
        {props.columns.map(column => (
          <option key={column.id} value={column.id}>
            {column.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function useRows(
  runs: readonly IComparedRun[],
  positions: readonly number[],
  colourOf: (id: string) => number
): readonly IPlotRow[] {
  return useMemo(
    () =>
      positions.flatMap(at => {
        const run = runs[at];
        return run
          ? [
              {
                id: run.id,
                name: `${run.display_name} ${run.number}`,
                colour: ink(colourOf(run.id))
              }
            ]
          : [];
      }),
    [runs, positions, colourOf]
  );
}

/** Parallel coordinates or a scatter over the runs of the table. */
export function ComparePlots(props: IComparePlotsProps): React.JSX.Element {
  const { table, runs, content, onChange, height, focus, onFocus, onOpen } = props;
  const [picking, setPicking] = useState(false);
  const pick = useRef<HTMLButtonElement>(null);
  const log = useMemo(() => new Set(content.log), [content.log]);
  const positions = useMemo(
    () => table.runs.filter(at => !content.hidden.includes(runs[at]?.id ?? '')),
    [table, runs, content.hidden]
  );
  const rows = useRows(runs, positions, props.colourOf);
  const axes = content.axes ?? usualAxes(table);
  const columns = useMemo(
    () => axes.flatMap(id => table.byId.get(id) ?? []).map(one => only(one, positions)),
    // The usual axes are made anew each time; their names say whether they are others.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [axes.join('\n'), table, positions]
  );
  const metric = metricColumn(table);
  const numbers = table.all.filter(one => isNumeric(one.values));
  const x = table.byId.get(content.x ?? '') ?? columns[0] ?? numbers[0] ?? null;
  const y = table.byId.get(content.y ?? '') ?? metric;
  const byMetric = content.colour === null && positions.length > MOST_OWN_COLOURS;
  const colour = byMetric ? metric : (table.byId.get(content.colour ?? '') ?? null);
  const colourBy = useMemo(() => colour && only(colour, positions), [colour, positions]);
  const within = inRanges(table, content, runs.length);
  const inside = positions.filter(at => within[at]).length;
  const parallel = content.plot === 'parallel';
  const brushed = Object.keys(content.brushes).length > 0;
  const shared = { rows, colourBy, log, focus, onFocus, onOpen, height };
  const logs = parallel ? columns.filter(canBeLog) : [x, y].flatMap(one => one ?? []);
  return (
    <section className="jp-ml-compare-plot" aria-label={trans.__('Parameters and metrics')}>
      <div className="jp-ml-compare-controls">
        {props.children}
        <span className="jp-ml-segment" role="group" aria-label={trans.__('Kind of plot')}>
          <Button aria-pressed={parallel} onClick={() => onChange({ plot: 'parallel' })}>
            {trans.__('Parallel')}
          </Button>
          <Button aria-pressed={!parallel} onClick={() => onChange({ plot: 'scatter' })}>
            {trans.__('Scatter')}
          </Button>
        </span>
        {parallel ? (
          <Button ref={pick} kind="quiet" aria-haspopup="dialog" onClick={() => setPicking(true)}>
            {trans.__('Axes')}
          </Button>
        ) : (
          <>
            <Choice
              label={trans.__('x')}
              value={x?.id ?? ''}
              columns={table.all}
              onChoose={id => onChange({ x: id })}
            />
            <Choice
              label={trans.__('y')}
              value={y?.id ?? ''}
              columns={table.all}
              onChoose={id => onChange({ y: id })}
            />
          </>
        )}
        <Choice
          label={trans.__('Colour')}
          value={colour?.id ?? ''}
          none={trans.__('the run’s own')}
          columns={table.all}
          onChoose={id => onChange({ colour: id ?? OWN_COLOURS })}
        />
        {logs.length > 0 && (
          <Choice
            label={trans.__('Log scale')}
            value=""
            none={
              content.log.length > 0
                ? trans._n('%1 axis', '%1 axes', content.log.length)
                : trans.__('none')
            }
            columns={logs.map(one => ({
              ...one,
              label: `${content.log.includes(one.id) ? '✓ ' : ''}${one.label}`
            }))}
            onChoose={id =>
              id &&
              onChange({
                log: content.log.includes(id)
                  ? content.log.filter(other => other !== id)
                  : [...content.log, id]
              })
            }
          />
        )}
        {parallel && brushed && (
          <span className="jp-ml-row jp-ml-num" role="status">
            <Chip
              label={trans.__('%1 of %2 runs in range', inside, positions.length)}
              remove={trans.__('Clear range')}
              onRemove={() => onChange({ brushes: {} })}
            />
          </span>
        )}
      </div>
      {parallel ? (
        <ParallelCoordinates
          {...shared}
          label={trans.__('Parameters and metrics')}
          columns={columns}
          brushes={content.brushes}
          onBrushes={brushes => onChange({ brushes })}
        />
      ) : (
        x &&
        y && (
          <Scatter
            {...shared}
            label={trans.__('Runs')}
            x={only(x, positions)}
            y={only(y, positions)}
          />
        )
      )}
      {picking && (
        <ColumnPicker
          label={trans.__('Axes')}
          anchor={pick.current}
          columns={table.all}
          chosen={axes}
          onChange={next => onChange({ axes: next })}
          onClose={() => setPicking(false)}
        />
      )}
    </section>
  );
}
