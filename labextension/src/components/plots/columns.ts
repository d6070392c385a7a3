/** The table that plots draw: one row a run (or trial), one column a parameter or metric. All pure. */
import { spelledNumber } from '../../model/condition';

/** Numbers may come as text, as parameters do ("3e-4"); NaN, infinities and null have no place. */
export type PlotValue = number | string | boolean | null;

/** A parameter, metric or tag, with its value for each row, in the rows' order. */
export interface IPlotColumn {
  readonly id: string;
  readonly label: string;
  readonly values: readonly PlotValue[];
}

/** What one line or point stands for. */
export interface IPlotRow {
  readonly id: string;
  readonly name: string;
  /** A colour as CSS takes it; used unless the plot colours by a column. */
  readonly colour?: string;
}

/** The number that a value is, or that its text spells; null when it is none or is not finite. */
export function plotNumber(value: PlotValue | undefined): number | null {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : null;
  }
  return typeof value === 'string' ? spelledNumber(value) : null;
}

/** A value of the last resort in plots: nothing was logged, or what was is not a number. */
const NOTHING: readonly PlotValue[] = [null, '', 'NaN', 'Infinity', '-Infinity'];

export const isMissing = (value: PlotValue | undefined): boolean =>
  value === undefined || NOTHING.includes(value) || Number.isNaN(value);

/** Whether every value that is there is a number, and at least one is. */
export function isNumeric(values: readonly PlotValue[]): boolean {
  const there = values.filter(value => !isMissing(value));
  return there.length > 0 && there.every(value => plotNumber(value) !== null);
}

/** How many different values there are; text that spells the same number counts once. */
export function distinct(values: readonly PlotValue[]): number {
  const numeric = isNumeric(values);
  return new Set(
    values.filter(value => !isMissing(value)).map(v => (numeric ? plotNumber(v) : String(v)))
  ).size;
}
