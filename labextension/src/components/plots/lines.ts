/** Paths of lines over parallel axes. All pure. */
import type { IPlotColumn } from './columns';
import type { IScale } from './scale';

export interface IFrame {
  readonly left: number;
  readonly top: number;
  /** Of the axes, px. */
  readonly width: number;
  readonly height: number;
}

const round = (n: number): number => Math.round(n * 10) / 10;

/** Where the i-th of some axes stands, px. */
export const axisX = (frame: IFrame, i: number, count: number): number =>
  round(frame.left + (count > 1 ? (i / (count - 1)) * frame.width : frame.width / 2));

/** Where a place on an axis lies, px from above. */
export const placeY = (frame: IFrame, place: number): number =>
  round(frame.top + (1 - place) * frame.height);

/** The path of one row: bent lines from axis to axis, with a gap where a value is missing. */
export function rowPath(
  row: number,
  columns: readonly IPlotColumn[],
  scales: ReadonlyMap<string, IScale>,
  frame: IFrame
): string {
  const parts: string[] = [];
  let before: readonly [number, number] | null = null;
  columns.forEach((column, i) => {
    const place = scales.get(column.id)?.place(column.values[row]) ?? null;
    if (place === null) {
      before = null;
      return;
    }
    const [x, y] = [axisX(frame, i, columns.length), placeY(frame, place)];
    if (before) {
      const middle = round((before[0] + x) / 2);
      parts.push(`C${middle} ${before[1]} ${middle} ${y} ${x} ${y}`);
    } else {
      // A short stroke, so that a value between two gaps is seen.
      parts.push(`M${x - 3} ${y}h3`);
    }
    before = [x, y];
  });
  return parts.join('');
}
