/** One line of a terminal, and what a program does to it. Lines are never changed in place: each act gives a new one. */
import { PLAIN, sameStyle, type IStyle } from './style';
import { indexAtColumn, isSpecial, textColumns } from './width';

/** A stretch of text, by position in it, with a style of its own. */
export interface ISpan {
  readonly from: number;
  readonly to: number;
  readonly style: IStyle;
}

export interface ITerminalLine {
  readonly text: string;
  /** In order, without overlap; what lies in none is plain. */
  readonly spans: readonly ISpan[];
  /** Some characters are not one column wide. */
  readonly special: boolean;
  /** Characters that were cut off at the end of an endless line. */
  readonly cut: number;
}

/** Longer lines are cut, in characters: nobody reads further, and a browser would freeze. */
export const MAX_LINE_CHARS = 5_000;

export const EMPTY_LINE: ITerminalLine = { text: '', spans: [], special: false, cut: 0 };

export const lineColumns = (line: ITerminalLine): number =>
  line.special ? textColumns(line.text) : line.text.length;

const indexOf = (line: ITerminalLine, column: number): number =>
  line.special ? indexAtColumn(line.text, column) : Math.min(column, line.text.length);

/** Spans of a text of which [from, to) was replaced by `length` characters of a style. */
function replaceSpans(
  spans: readonly ISpan[],
  from: number,
  to: number,
  length: number,
  style: IStyle
): ISpan[] {
  const before: ISpan[] = [];
  const after: ISpan[] = [];
  const move = length - (to - from);
  for (const span of spans) {
    if (span.from < from) {
      before.push({ ...span, to: Math.min(span.to, from) });
    }
    if (span.to > to) {
      after.push({ ...span, from: Math.max(span.from, to) + move, to: span.to + move });
    }
  }
  if (length === 0 || sameStyle(style, PLAIN)) {
    return [...before, ...after];
  }
  const last = before[before.length - 1];
  const joins = last && last.to === from && sameStyle(last.style, style);
  const fresh = { from: joins ? last.from : from, to: from + length, style };
  return [...(joins ? before.slice(0, -1) : before), fresh, ...after];
}

function splice(
  line: ITerminalLine,
  from: number,
  to: number,
  text: string,
  style: IStyle
): ITerminalLine {
  const styled = line.spans.length > 0 || !sameStyle(style, PLAIN);
  return {
    ...line,
    text: line.text.slice(0, from) + text + line.text.slice(to),
    spans: styled ? replaceSpans(line.spans, from, to, text.length, style) : line.spans,
    special: line.special || isSpecial(text)
  };
}

/** The line with text written over what stands at a column; short lines are filled with blanks up to it. */
export function writeAt(
  line: ITerminalLine,
  column: number,
  text: string,
  style: IStyle
): ITerminalLine {
  const room = MAX_LINE_CHARS - column;
  if (room <= 0) {
    return { ...line, cut: line.cut + text.length };
  }
  const cut = text.length > room ? text.length - room : 0;
  const kept = cut > 0 ? text.slice(0, room) : text;
  const gap = column - lineColumns(line);
  const wide =
    gap > 0 ? splice(line, line.text.length, line.text.length, ' '.repeat(gap), PLAIN) : line;
  const from = indexOf(wide, column);
  const to = from === wide.text.length ? from : indexOf(wide, column + textColumns(kept));
  const written = splice(wide, from, to, kept, style);
  return cut > 0 ? { ...written, cut: written.cut + cut } : written;
}

/** The line without what stands from a column on. */
export function eraseAfter(line: ITerminalLine, column: number): ITerminalLine {
  const from = indexOf(line, column);
  const short = splice(line, from, line.text.length, '', PLAIN);
  return { ...short, special: isSpecial(short.text), cut: 0 };
}

/** The line with blanks up to a column, that one included. */
export function eraseBefore(line: ITerminalLine, column: number): ITerminalLine {
  const to = indexOf(line, column + 1);
  return splice(line, 0, to, ' '.repeat(Math.min(column + 1, lineColumns(line))), PLAIN);
}

/** The line with `count` columns taken out at a column; the rest moves left. */
export function deleteAt(line: ITerminalLine, column: number, count: number): ITerminalLine {
  return splice(line, indexOf(line, column), indexOf(line, column + count), '', PLAIN);
}
