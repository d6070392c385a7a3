/** Ranges on axes, which choose rows. All pure. */
import type { IPlotColumn } from './columns';
import type { IScale } from './scale';

/** A range of numbers, or of positions on an axis of categories; both ends belong to it. */
export interface IBrush {
  readonly min: number;
  readonly max: number;
}
/** By id of the column. */
export type Brushes = Readonly<Record<string, IBrush>>;

/** Rounding of places on the screen must not shut out the value under the pointer. */
const NEAR = 1e-9;

/** The range between two places of an axis, in any order. */
export function brushOf(scale: IScale, one: number, other: number): IBrush {
  const clamp = (place: number): number => Math.min(1, Math.max(0, place));
  const [low, high] = [clamp(Math.min(one, other)), clamp(Math.max(one, other))];
  return { min: scale.at(low), max: scale.at(high) };
}

/** Places of a range's ends; the inverse of `brushOf`. */
export function placesOf(scale: IScale, brush: IBrush): readonly [number, number] {
  const low = scale.at(0);
  const high = scale.at(1);
  const bend = (n: number): number => (scale.log ? Math.log10(Math.max(n, Number.MIN_VALUE)) : n);
  const span = bend(high) - bend(low);
  const place = (n: number): number =>
    span > 0 ? Math.min(1, Math.max(0, (bend(n) - bend(low)) / span)) : 0;
  return span > 0 ? [place(brush.min), place(brush.max)] : [0, 1];
}

/** For each row, whether it lies in every range; a row without a value on a brushed axis does not. */
export function inRange(
  rows: number,
  columns: readonly IPlotColumn[],
  scales: ReadonlyMap<string, IScale>,
  brushes: Brushes
): readonly boolean[] {
  const tests = columns.flatMap(column => {
    const brush = brushes[column.id];
    const scale = scales.get(column.id);
    if (!brush || !scale) {
      return [];
    }
    const [low, high] = placesOf(scale, brush);
    return [
      (row: number): boolean => {
        const place = scale.place(column.values[row]);
        return place !== null && place >= low - NEAR && place <= high + NEAR;
      }
    ];
  });
  return Array.from({ length: rows }, (_, row) => tests.every(test => test(row)));
}
