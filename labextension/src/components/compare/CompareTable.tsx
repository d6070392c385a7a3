import React, { useMemo } from 'react';
import type { IComparison } from '../../model/compare';
import { trans } from '../../model/language';
import { isMissing } from '../plots/columns';
import { ColumnHead, RunHead, Value } from './Cells';
import { groupWord, sameValue, textOf, type IColumn } from './columns';
import { Grid } from './Grid';
import { nextSort, widthOf, type ITable } from './table';

interface ICompareTableProps {
  readonly label: string;
  readonly comparison: IComparison;
  readonly table: ITable;
  /** Runs are columns. */
  readonly across: boolean;
  readonly sort: string | null;
  readonly hidden: ReadonlySet<string>;
  /** Runs that have nothing to draw. */
  readonly empty: ReadonlySet<string>;
  /** Colour of the run at each position. */
  readonly colours: readonly number[];
  readonly focus: string | null;
  /** Px of the page. */
  readonly width: number;
  readonly onSort: (sort: string | null) => void;
  readonly onToggle: (id: string) => void;
  readonly onFocus: (id: string | null) => void;
  readonly onOpen: (id: string) => void;
  readonly onRemove: (id: string) => void;
}

const RUN_PX = 312;
const NARROW_PX = 208;
const NARROW_PAGE_PX = 700;
const ACROSS_PX = 168;
const MOST_ACROSS_PX = 280;

/** How a value stands to that of the baseline, which is the first run that was added. */
function look(column: IColumn, run: number): string {
  const value = column.values[run];
  if (column.group === 'metrics' || column.group === 'facts') {
    return isMissing(value) ? 'jp-mod-none' : '';
  }
  if (run === 0) {
    return '';
  }
  return sameValue(value, column.values[0]) ? 'jp-mod-same' : 'jp-mod-differs';
}

/** Runs against what is known of them. Equal values fade, differing ones are tinted. */
export function CompareTable(props: ICompareTableProps): React.JSX.Element {
  const { comparison, table, across, colours, hidden, focus } = props;
  const { columns, runs } = table;
  const head = props.width < NARROW_PAGE_PX ? NARROW_PX : RUN_PX;
  const widths = useMemo(
    () =>
      columns.map(column =>
        widthOf(
          column,
          runs.map(run => textOf(column, column.values[run]))
        )
      ),
    [columns, runs]
  );
  const runHead = (at: number): React.ReactNode => {
    const position = runs[at] ?? 0;
    const run = comparison.runs[position];
    return (
      run && (
        <RunHead
          run={run}
          colour={colours[position] ?? 0}
          hidden={hidden.has(run.id)}
          empty={props.empty.has(run.id)}
          baseline={position === 0}
          onToggle={() => props.onToggle(run.id)}
          onOpen={() => props.onOpen(run.id)}
        />
      )
    );
  };
  const columnHead = (at: number): React.ReactNode => {
    const column = columns[at];
    return (
      column && (
        <ColumnHead
          column={column}
          sort={props.sort}
          onSort={() => props.onSort(nextSort(props.sort, column))}
        />
      )
    );
  };
  const value = (row: number, at: number): React.ReactNode => {
    const column = columns[at];
    const run = runs[row];
    return column && run !== undefined ? (
      <Value column={column} run={run} best={table.best.get(column.id)} />
    ) : null;
  };
  const valueClass = (row: number, at: number): string => {
    const column = columns[at];
    const before = columns[at - 1];
    const edge = before && column && before.group !== column.group ? ' jp-mod-group' : '';
    return column ? `${look(column, runs[row] ?? 0)}${edge}` : '';
  };
  const idAt = (row: number): string | undefined => comparison.runs[runs[row] ?? -1]?.id;
  /** On a run: Enter opens, Space shows or hides, Del takes it out. On a column's head Enter sorts. */
  const onKey = (event: React.KeyboardEvent, run: number, column: number): boolean => {
    const id = idAt(run);
    const sorted = columns[column];
    if (event.key === 'Enter' && run < 0 && sorted) {
      props.onSort(nextSort(props.sort, sorted));
    } else if (id !== undefined && run >= 0 && event.key === 'Enter') {
      props.onOpen(id);
    } else if (id !== undefined && run >= 0 && event.key === ' ') {
      props.onToggle(id);
    } else if (id !== undefined && run >= 0 && event.key === 'Delete') {
      props.onRemove(id);
    } else {
      return false;
    }
    return true;
  };
  if (across) {
    const names = Math.min(head, 240);
    const fair = Math.floor((props.width - names) / Math.max(1, runs.length));
    const each = Math.min(MOST_ACROSS_PX, Math.max(ACROSS_PX, fair));
    return (
      <Grid
        label={props.label}
        rows={columns.length}
        columns={runs.length}
        width={() => each}
        headWidth={names}
        corner={<span className="jp-ml-grid-title">{trans.__('Name')}</span>}
        columnHead={runHead}
        rowHead={columnHead}
        rowKey={row => columns[row]?.id ?? String(row)}
        cell={(row, column) => value(column, row)}
        cellClass={(row, column) => look(columns[row] ?? NO_COLUMN, runs[column] ?? 0)}
        onKey={(event, row, column) => onKey(event, column, row)}
      />
    );
  }
  return (
    <Grid
      label={props.label}
      rows={runs.length}
      columns={columns.length}
      width={column => widths[column] ?? ACROSS_PX}
      headWidth={head}
      corner={<span className="jp-ml-grid-title">{trans.__('Run')}</span>}
      columnHead={columnHead}
      rowHead={runHead}
      rowKey={row => idAt(row) ?? String(row)}
      rowClass={row => (idAt(row) === focus ? 'jp-mod-focus' : '')}
      cell={value}
      cellClass={valueClass}
      onRow={row => props.onFocus(row === null ? null : (idAt(row) ?? null))}
      onKey={onKey}
    />
  );
}

const NO_COLUMN: IColumn = { id: '', label: '', group: 'facts', values: [] };

/** How many of each group differ and how many do not, in a sentence. */
export function differencesText({ columns, same, chosen }: ITable, everything: boolean): string {
  const counts = new Map<string, number>();
  for (const { group } of columns) {
    if (group !== 'metrics' && group !== 'facts') {
      counts.set(groupWord(group), (counts.get(groupWord(group)) ?? 0) + 1);
    }
  }
  const differing = [...counts.values()].reduce((a, b) => a + b, 0);
  return everything
    ? trans._n('%1 column', '%1 columns', chosen.length)
    : trans.__('%1 differ, %2 are the same', differing, same);
}
