/** Which lines of a grid can be seen. All pure. */

export interface IWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Rows drawn beyond the visible ones, so that quick scrolling shows no gap. */
const OVERSCAN = 6;

/** First and last of rows of one height that can be seen, and some beside them; last is -1 when there is none. */
export function windowOf(
  count: number,
  size: number,
  from: number,
  room: number
): readonly [number, number] {
  const first = Math.max(0, Math.floor(from / size) - OVERSCAN);
  return [first, Math.min(count - 1, Math.ceil((from + room) / size) + OVERSCAN)];
}

/** The line that a place lies in, by the beginnings of all lines and the end of the last one. */
export function lineAt(begins: readonly number[], place: number): number {
  let low = 0;
  let high = Math.max(0, begins.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((begins[middle] ?? 0) <= place) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
