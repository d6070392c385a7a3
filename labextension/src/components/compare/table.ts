/** What a comparison's table shows: which columns, which runs, in which order. All pure. */
import type { IComparison } from '../../model/compare';
import { plotNumber } from '../plots/columns';
import { bestOf, columnsOf, differs, primaryOf, usualColumns, type IColumn } from './columns';
import type { ICompareContent } from './content';
import { passing } from './filters';

export interface ITable {
  readonly all: readonly IColumn[];
  readonly byId: ReadonlyMap<string, IColumn>;
  readonly primary: string | null;
  /** Ids of the columns that were chosen, or the usual ones. */
  readonly chosen: readonly string[];
  readonly columns: readonly IColumn[];
  /** Columns among the chosen that are left out because all runs have the same value. */
  readonly same: number;
  /** Positions of the runs that pass the filters, in the order to show. */
  readonly runs: readonly number[];
  /** Whether the run at each position passes the filters. */
  readonly passes: readonly boolean[];
  readonly best: ReadonlyMap<string, number>;
}

/** Numbers by size, text by its letters, missing ones last either way. */
function inOrder(column: IColumn, sign: number): (a: number, b: number) => number {
  const text = (run: number): string => String(column.values[run] ?? '');
  return (a, b) => {
    const [one, other] = [plotNumber(column.values[a]), plotNumber(column.values[b])];
    if (one !== null && other !== null) {
      return sign * (one - other);
    }
    if (one !== null || other !== null) {
      return one === null ? 1 : -1;
    }
    const [left, right] = [text(a), text(b)];
    return left === '' || right === ''
      ? Number(left === '') - Number(right === '')
      : sign * left.localeCompare(right, undefined, { numeric: true });
  };
}

/** The columns that are drawn: the chosen ones, without those that say the same of every run. */
function drawn(
  content: ICompareContent,
  chosen: readonly string[],
  byId: ReadonlyMap<string, IColumn>
): readonly IColumn[] {
  const columns = chosen.flatMap(id => byId.get(id) ?? []);
  // Metrics are what is compared: they stay when they agree.
  return content.everything
    ? columns
    : columns.filter(column => column.group === 'metrics' || differs(column));
}

export function tableOf(comparison: IComparison, content: ICompareContent): ITable {
  const all = columnsOf(comparison);
  const byId = new Map(all.map(column => [column.id, column]));
  const primary = primaryOf(comparison);
  const chosen = content.columns ?? usualColumns(all, primary);
  const columns = drawn(content, chosen, byId);
  const passes = passing(comparison.runs.length, content.filters, all);
  const runs = comparison.runs.map((_, i) => i).filter(i => passes[i]);
  const by = content.sort === null ? undefined : byId.get(content.sort.replace(/^-/, ''));
  if (by) {
    runs.sort(inOrder(by, content.sort?.startsWith('-') ? -1 : 1));
  }
  const best = new Map(
    columns.flatMap(column => {
      const value = bestOf(column, runs);
      return value === null ? [] : [[column.id, value] as const];
    })
  );
  const same = chosen.length - columns.length;
  return { all, byId, primary, chosen, columns, same, runs, passes, best };
}

/** The order that a click on a column's head leads to: best first, then the other way, then as they were added. */
export function nextSort(sort: string | null, column: IColumn): string | null {
  const first = column.group === 'metrics' && column.lower !== true ? `-${column.id}` : column.id;
  const second = first.startsWith('-') ? column.id : `-${column.id}`;
  return sort === first ? second : sort === second ? null : first;
}

const CHAR_PX = 7.2;
const LEAST_PX = 72;
const MOST_PX = 200;

/** Width of a column that holds its name and its values, within limits. */
export function widthOf(column: IColumn, texts: readonly string[]): number {
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
  const head = column.label.length * 6.6;
  return Math.round(Math.min(MOST_PX, Math.max(LEAST_PX, head + 32, longest * CHAR_PX + 40)));
}
