/** What a server knows of a log's lines, told from its text. */
import type { IQueries } from '../../model/source';
import type { ILogHit, ILogHits, ILogTime } from '../../model/logs';

const NEWLINE = 10;
const LINE_MS = 15_000;

/** Number, from 1, of the line that a byte lies in. */
export function lineAt(data: Uint8Array, offset: number): number {
  return data.subarray(0, offset).reduce((n, byte) => n + Number(byte === NEWLINE), 1);
}

/** Byte at which a line begins; the end when there are fewer. */
export function startOfNumber(data: Uint8Array, line: number): number {
  let start = 0;
  for (let n = 1; n < line; n += 1) {
    const next = data.indexOf(NEWLINE, start);
    if (next < 0) {
      return data.length;
    }
    start = next + 1;
  }
  return start;
}

interface ILineOfText {
  readonly offset: number;
  readonly line: number;
  readonly text: string;
}

function linesOf(data: Uint8Array): ILineOfText[] {
  const found: ILineOfText[] = [];
  const decoder = new TextDecoder();
  for (let offset = 0, line = 1; offset < data.length; line += 1) {
    const next = data.indexOf(NEWLINE, offset);
    const end = next < 0 ? data.length : next;
    found.push({ offset, line, text: decoder.decode(data.subarray(offset, end)) });
    offset = end + 1;
  }
  return found;
}

/** Each line a quarter of a minute after the one before. */
export function timesOf(data: Uint8Array, start: number): readonly ILogTime[] {
  return linesOf(data).map(({ offset, line }) => ({
    offset,
    line,
    time_ms: start + line * LINE_MS
  }));
}

type Query = Omit<IQueries['logSearch']['args'], 'run' | 'path'>;

function hit({ offset, line, text }: ILineOfText, pattern: RegExp): ILogHit | null {
  // eslint-disable-next-line no-control-regex -- what a terminal does not show is not searched
  const plain = text.replace(/\u001b\[[\d;]*m/g, '');
  const found = pattern.exec(plain);
  return found && { offset, length: found[0].length, line, text: plain, start: found.index };
}

/** Lines that match, as the server finds them. */
export function searchText(data: Uint8Array, query: Query): ILogHits {
  const { text, regex, after = 0, limit = 200 } = query;
  const source = regex ? text : text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(source, query.case ? '' : 'i');
  const all = linesOf(data).flatMap(one => hit(one, pattern) ?? []);
  const behind = all.filter(one => one.offset >= after);
  return {
    matches: behind.slice(0, limit),
    count: all.length,
    complete: true,
    scanned: data.length,
    end: data.length,
    next: behind[limit]?.offset ?? null
  };
}
