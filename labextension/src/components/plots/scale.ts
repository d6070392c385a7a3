/** Where a value lies on an axis: 0 is its low end, 1 its high end. All pure. */
import { formatAxis } from '../../model/format';
import { axisLabel } from '../chart/ranges';
import { isMissing, isNumeric, plotNumber, type IPlotColumn, type PlotValue } from './columns';

export interface ITick {
  /** 0 to 1. */
  readonly place: number;
  readonly label: string;
}

export interface IScale {
  readonly kind: 'number' | 'category';
  readonly log: boolean;
  /** Place of a value; null when it has none. */
  place(value: PlotValue | undefined): number | null;
  /** The number at a place; on an axis of categories its position, which need not be whole. */
  at(place: number): number;
  readonly ticks: readonly ITick[];
}

/** More different numbers than this have round ticks in the place of their own. */
const OWN_TICKS = 5;
const ROUND_TICKS = 5;
const MOST_CATEGORIES = 12;
/** Place of a value that is the only one. */
const LONE = 0.5;

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Round numbers between two, at most about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(low: number, high: number, count = ROUND_TICKS): number[] {
  const rough = (high - low) / Math.max(1, count - 1);
  if (!(rough > 0) || !Number.isFinite(rough)) {
    return [low];
  }
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find(times => times * power >= rough * 0.75) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12))
  );
}

function powersOfTen(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const all = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** (first + i));
  const every = Math.ceil(all.length / ROUND_TICKS);
  return all.filter((_, i) => i % every === 0);
}

/** Labels as they were typed where there are few values (3e-4), round ones otherwise. */
function numberTicks(
  values: readonly PlotValue[],
  low: number,
  high: number,
  log: boolean
): (readonly [number, string])[] {
  const typed = new Map(
    values.flatMap(value => {
      const number = plotNumber(value);
      return number === null
        ? []
        : [[number, typeof value === 'string' ? value.trim() : formatAxis(number)] as const];
    })
  );
  // Values so close that they read alike would be labels that say nothing.
  if (typed.size <= OWN_TICKS && new Set(typed.values()).size === typed.size) {
    return [...typed];
  }
  const round = log ? powersOfTen(low, high) : roundTicks(low, high);
  const shown = round.length >= 2 ? round : [low, high];
  const apart = log ? 0 : (shown[1] ?? high) - (shown[0] ?? low);
  return shown.map(number => [number, axisLabel(number, apart)] as const);
}

/** Whether a logarithmic axis can show every number of a column. */
export const canBeLog = (column: IPlotColumn): boolean =>
  isNumeric(column.values) &&
  column.values.every(value => isMissing(value) || (plotNumber(value) ?? 0) > 0);

function numberScale(column: IPlotColumn, wantsLog: boolean): IScale {
  const log = wantsLog && canBeLog(column);
  const numbers = column.values.flatMap(value => plotNumber(value) ?? []);
  const low = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const high = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  const bend = log ? Math.log10 : (n: number) => n;
  const [from, span] = [bend(low), bend(high) - bend(low)];
  const place = (value: PlotValue | undefined): number | null => {
    const number = plotNumber(value);
    if (number === null || (log && number <= 0)) {
      return null;
    }
    return span > 0 ? (bend(number) - from) / span : LONE;
  };
  const ticks = numberTicks(column.values, low, high, log).flatMap(([number, label]) => {
    const at = place(number);
    return at === null ? [] : [{ place: at, label }];
  });
  return {
    kind: 'number',
    log,
    place,
    at: where => (log ? 10 ** (from + where * span) : from + where * span),
    ticks
  };
}

const inOrder = (a: string, b: string): number => a.localeCompare(b, undefined, { numeric: true });

function categoryScale(column: IPlotColumn): IScale {
  const names = unique(column.values.filter(value => !isMissing(value)).map(String)).sort(inOrder);
  const places = new Map(
    names.map((name, i) => [name, names.length > 1 ? i / (names.length - 1) : LONE])
  );
  const every = Math.ceil(names.length / MOST_CATEGORIES);
  return {
    kind: 'category',
    log: false,
    place: value => (isMissing(value) ? null : (places.get(String(value)) ?? null)),
    at: where => where * Math.max(0, names.length - 1),
    ticks: names
      .filter((_, i) => i % every === 0)
      .map(label => ({ place: places.get(label) ?? LONE, label }))
  };
}

/** The scale of a column: of numbers where all its values are, of categories otherwise. */
export const scaleOf = (column: IPlotColumn, log = false): IScale =>
  isNumeric(column.values) ? numberScale(column, log) : categoryScale(column);
