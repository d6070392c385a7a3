/** Where each line of the window lies, in px. */
import type { LogBuffer } from './buffer';
import { lineColumns } from './line';

export const ROW_PX = 18;

export interface ILogLayout {
  /** Height of all lines held. */
  readonly height: number;
  /** Upper edge of a line; lines outside the window are moved to its edge. */
  top(id: number): number;
  /** Number of the line at a height. */
  at(y: number): number;
  rows(id: number): number;
}

const clamp = (value: number, min: number, max: number): number =>
  Math.max(min, Math.min(value, max));

function oneRowEach(first: number, length: number): ILogLayout {
  return {
    height: length * ROW_PX,
    top: id => clamp(id - first, 0, length) * ROW_PX,
    at: y => first + clamp(Math.floor(y / ROW_PX), 0, Math.max(0, length - 1)),
    rows: () => 1
  };
}

/** Last position whose value is at most the wanted one. */
function search(sums: Float64Array, wanted: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sums[middle] ?? 0) <= wanted) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/**
 * Lays out the lines held.
 *
 * @param columns - columns of the view when long lines are wrapped; null: each line is one row
 */
export function layOut(buffer: LogBuffer, columns: number | null): ILogLayout {
  const { first, length } = buffer;
  if (columns === null) {
    return oneRowEach(first, length);
  }
  const rowsOf = (id: number): number => {
    const line = buffer.line(id);
    return line ? Math.max(1, Math.ceil(lineColumns(line) / Math.max(1, columns))) : 1;
  };
  const sums = new Float64Array(length + 1);
  for (let i = 0; i < length; i += 1) {
    sums[i + 1] = (sums[i] ?? 0) + rowsOf(first + i);
  }
  return {
    height: (sums[length] ?? 0) * ROW_PX,
    top: id => (sums[clamp(id - first, 0, length)] ?? 0) * ROW_PX,
    at: y => first + clamp(search(sums, Math.floor(y / ROW_PX)), 0, Math.max(0, length - 1)),
    rows: rowsOf
  };
}
