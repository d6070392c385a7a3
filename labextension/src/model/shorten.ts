/** Shortening of names in their middle. */

const TAIL_SHARE = 0.45;

/**
 * The longest `head…tail` of a text that fits.
 *
 * @param text - the whole name; returned as it is when it fits
 * @param room - width there is, in the unit of `measure`; 0 or less means unknown, nothing is cut
 * @param measure - width of a text
 */
export function shortenMiddle(
  text: string,
  room: number,
  measure: (text: string) => number
): string {
  if (room <= 0 || measure(text) <= room) {
    return text;
  }
  const letters = Array.from(text);
  const cut = (kept: number): string => {
    const tail = Math.floor(kept * TAIL_SHARE);
    return `${letters.slice(0, kept - tail).join('')}…${tail ? letters.slice(-tail).join('') : ''}`;
  };
  let low = 0;
  let high = letters.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(cut(middle)) <= room) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return cut(low);
}

/**
 * Lines that a text takes when it is broken between words.
 *
 * @param room - width of a line, in the unit of `measure`; 0 or less means unknown, which is one line
 */
export function countLines(text: string, room: number, measure: (text: string) => number): number {
  if (room <= 0 || measure(text) <= room) {
    return 1;
  }
  let lines = 1;
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (line && measure(longer) > room) {
      lines += 1;
      line = word;
    } else {
      line = longer;
    }
    lines += Math.max(0, Math.ceil(measure(line) / room) - 1);
  }
  return lines;
}
