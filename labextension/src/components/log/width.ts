/** How many columns text takes in a terminal. After Unicode's East Asian Width (UAX #11), by ranges, for what logs hold. */

/** Anything that may not be one column wide: marks that take none, wide letters, signs beyond the first 65,536. */
const SPECIAL =
  // eslint-disable-next-line no-misleading-character-class
  /[\u0300-\u036f\u1100-\u115f\u200b-\u200f\u2e80-\ua4cf\uac00-\ud7a3\ud800-\udfff\uf900-\ufaff\ufe00-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

const ZERO: readonly (readonly [number, number])[] = [
  [0x0300, 0x036f],
  [0x200b, 0x200f],
  [0xfe00, 0xfe0f],
  [0xe0100, 0xe01ef]
];
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd]
];

const within = (code: number, ranges: typeof WIDE): boolean =>
  ranges.some(([from, to]) => code >= from && code <= to);

/** Whether some character of the text is not exactly one column wide. */
export const isSpecial = (text: string): boolean => SPECIAL.test(text);

function columnsOf(code: number): number {
  return within(code, ZERO) ? 0 : within(code, WIDE) ? 2 : 1;
}

/** Columns that a text takes. */
export function textColumns(text: string): number {
  if (!isSpecial(text)) {
    return text.length;
  }
  let columns = 0;
  for (const letter of text) {
    columns += columnsOf(letter.codePointAt(0) ?? 0);
  }
  return columns;
}

/** Position in the text of the character at a column; the text's length when it is shorter. */
export function indexAtColumn(text: string, column: number): number {
  let columns = 0;
  let index = 0;
  for (const letter of text) {
    const width = columnsOf(letter.codePointAt(0) ?? 0);
    if (columns + width > column) {
      return index;
    }
    columns += width;
    index += letter.length;
  }
  return index;
}
