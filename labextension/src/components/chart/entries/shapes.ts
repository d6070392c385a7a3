/** What the values of structured metrics look like (surface of `run.log_*`); anything else is shown as JSON. All pure. */
import { formatMetric } from '../../../model/format';

type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isNumbers = (value: unknown): value is readonly number[] =>
  isList(value) && value.every(v => typeof v === 'number');

/** The data of a standard chart, with or without its schema around it. */
export function chartData(value: unknown): Json {
  const object = isObject(value) ? value : {};
  return isObject(object.data) ? object.data : object;
}

/** Columns of a table; a plain value is a column of one. Null when it is no table. */
export function tableColumns(
  value: unknown
): readonly (readonly [string, readonly unknown[]])[] | null {
  if (!isObject(value)) {
    return null;
  }
  return Object.entries(value).map(([name, cells]) => [name, isList(cells) ? cells : [cells]]);
}

export interface IConfusion {
  readonly labels: readonly string[];
  readonly matrix: readonly (readonly number[])[];
}

/** Labels and counts of a confusion matrix: rows are true classes, columns predicted ones. */
export function confusion(value: unknown): IConfusion | null {
  const { class_labels: labels, matrix } = chartData(value);
  const right = isList(matrix) && matrix.every(isNumbers) && isList(labels);
  return right && labels.length === matrix.length
    ? { labels: labels.map(String), matrix: matrix }
    : null;
}

/** A table's cell as text: numbers as metrics are written, lists and objects as JSON. */
export function cellText(value: unknown): string {
  if (typeof value === 'number') {
    return formatMetric(value);
  }
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
