/** The standard charts of `run.log_residuals`, `log_predictions` and `log_accuracy_table` as numbers to draw. All pure. */
import { formatMetric } from '../../../model/format';
import type { IRange } from '../lines';
import { chartData } from './shapes';

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every(v => typeof v === 'number');

export interface IBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface IPredictionBin extends IBin {
  readonly average: number;
  readonly error: number;
}

/** Bins of edges, one more than the counts; null when they are none. */
export function bins(value: unknown): readonly IBin[] | null {
  const { bin_edges: edges, bin_counts: counts } = chartData(value);
  return isNumbers(edges) &&
    isNumbers(counts) &&
    counts.length > 0 &&
    edges.length === counts.length + 1
    ? counts.map((count, i) => ({ from: edges[i] ?? 0, to: edges[i + 1] ?? 0, count }))
    : null;
}

/** Bins of true values with the average prediction in each and its error; empty bins are left out. */
export function predictionBins(value: unknown): readonly IPredictionBin[] | null {
  const { bin_averages: averages, bin_errors: errors } = chartData(value);
  const found = bins(value);
  if (!found || !isNumbers(averages) || !isNumbers(errors) || averages.length !== found.length) {
    return null;
  }
  return found
    .map((bin, i) => ({ ...bin, average: averages[i] ?? 0, error: Math.abs(errors[i] ?? 0) }))
    .filter(bin => bin.count > 0);
}

/** The least and the greatest of some numbers; 0 to 1 when there are none. */
export function rangeOf(values: readonly number[]): IRange {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0
    ? { min: 0, max: 1 }
    : { min: Math.min(...finite), max: Math.max(...finite) };
}

export interface IPoint {
  readonly x: number;
  readonly y: number;
}

export interface IClassCurves {
  readonly label: string;
  /** False positives against true positives, both as rates. */
  readonly roc: readonly IPoint[];
  /** Recall against precision. */
  readonly precision: readonly IPoint[];
  /** Area below `roc`. */
  readonly auc: number;
}

type Quadruple = readonly [number, number, number, number];

const isQuadruple = (value: unknown): value is Quadruple => isNumbers(value) && value.length === 4;

const rate = (part: number, other: number): number =>
  part + other > 0 ? part / (part + other) : 0;

/** Area below points by the trapezoidal rule, from 0 to 1. */
export function area(points: readonly IPoint[]): number {
  const all = [
    { x: 0, y: 0 },
    ...[...points].sort((a, b) => a.x - b.x || a.y - b.y),
    { x: 1, y: 1 }
  ];
  return all.reduce((sum, point, i) => {
    const before = all[i - 1];
    return before ? sum + ((point.x - before.x) * (point.y + before.y)) / 2 : sum;
  }, 0);
}

function curvesOf(label: string, table: readonly Quadruple[]): IClassCurves {
  const roc = table.map(([tp, fp, tn, fn]) => ({ x: rate(fp, tn), y: rate(tp, fn) }));
  const precision = table
    .filter(([tp, fp]) => tp + fp > 0)
    .map(([tp, fp, , fn]) => ({ x: rate(tp, fn), y: rate(tp, fp) }));
  const byX = (a: IPoint, b: IPoint): number => a.x - b.x || a.y - b.y;
  return { label, roc: roc.sort(byX), precision: precision.sort(byX), auc: area(roc) };
}

/** Curves of each class of an accuracy table: its rows are TP, FP, TN, FN at one threshold. Null when it is none. */
export function accuracyCurves(value: unknown): readonly IClassCurves[] | null {
  const { probability_tables: tables, class_labels: labels } = chartData(value);
  if (!Array.isArray(tables) || tables.length === 0) {
    return null;
  }
  const names = Array.isArray(labels) ? labels : [];
  const found = tables.map((table: unknown, i) =>
    Array.isArray(table) && table.every(isQuadruple) ? curvesOf(String(names[i] ?? i), table) : null
  );
  return found.every(one => one !== null) ? found : null;
}

/** "normal, AUC 0.97". */
export const aucText = ({ label, auc }: IClassCurves): string =>
  `${label}, AUC ${formatMetric(auc)}`;
