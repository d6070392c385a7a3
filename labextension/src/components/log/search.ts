/** Search in the lines that a view holds. No React here. */
import type { LogBuffer } from './buffer';

export interface ISearchQuery {
  readonly text: string;
  readonly matchCase: boolean;
  readonly regex: boolean;
}

/** A place in a line, by position in its text. */
export interface IMatch {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** More are not counted. */
export const MAX_MATCHES = 10_000;
/** Lines at the end that may still change: a progress bar is drawn again and again. */
const UNSETTLED = 100;

/** The query as a pattern; null when it is empty, an Error when it is no regular expression. */
export function toPattern({ text, matchCase, regex }: ISearchQuery): RegExp | null | Error {
  if (text === '') {
    return null;
  }
  try {
    const source = regex ? text : text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(source, matchCase ? 'g' : 'gi');
  } catch (reason) {
    return reason instanceof Error ? reason : new Error(String(reason));
  }
}

function matchesIn(text: string, line: number, pattern: RegExp): IMatch[] {
  const found: IMatch[] = [];
  for (const { index, 0: word } of text.matchAll(pattern)) {
    if (word.length > 0) {
      found.push({ line, from: index, to: index + word.length });
    }
  }
  return found;
}

/** Matches in a window that grows and moves: only lines that are new or may have changed are looked at again. */
export class LogSearch {
  private found: IMatch[] = [];
  private from = 0;
  private to = 0;

  constructor(private readonly pattern: RegExp) {}

  /** All matches in the lines held, in order, at most 10,000. */
  update(buffer: LogBuffer): readonly IMatch[] {
    const first = buffer.first;
    const end = first + buffer.length;
    const settled = Math.max(first, Math.min(this.to, end) - UNSETTLED);
    const overlaps = this.to > this.from && this.from <= end && settled >= this.from;
    const kept = overlaps ? this.found.filter(m => m.line >= first && m.line < settled) : [];
    const early = overlaps && this.from > first ? this.scan(buffer, first, this.from) : [];
    const late = this.scan(buffer, overlaps ? settled : first, end);
    this.from = first;
    this.to = end;
    this.found = [...early, ...kept, ...late].slice(0, MAX_MATCHES);
    return this.found;
  }

  private scan(buffer: LogBuffer, from: number, to: number): IMatch[] {
    const found: IMatch[] = [];
    for (let id = from; id < to && found.length < MAX_MATCHES; id += 1) {
      const text = buffer.line(id)?.text;
      if (text) {
        found.push(...matchesIn(text, id, this.pattern));
      }
    }
    return found;
  }
}
