/** The part of a log that a view holds: terminal lines and where in the file they come from. */
import { isError, lineKinds, type LineKind } from './kinds';
import type { ITerminalLine } from './line';
import { Terminal } from './terminal';

const NEWLINE = 10;
/** Distance between two remembered places, in bytes: what the window is cut by. */
const ANCHOR_BYTES = 4096;

/** The line at an index begins at this byte of the file. */
interface IAnchor {
  readonly line: number;
  readonly offset: number;
}

export interface IBufferLimits {
  /** Beyond these the far end of the window is forgotten. */
  readonly lines: number;
  readonly bytes: number;
}

export const VIEW_LIMITS: IBufferLimits = { lines: 200_000, bytes: 32 * 2 ** 20 };

/**
 * Lines [first, first + length) of a log and bytes [start, end) of its file.
 *
 * Lines are counted from the place where the log was opened: `first` is negative once earlier ones were loaded, and a
 * line keeps its number whatever is loaded or forgotten around it.
 */
export class LogBuffer {
  private terminal: Terminal;
  private decoder = new TextDecoder();
  private anchors: IAnchor[] = [];
  private kindsOf: LineKind[] = [];
  private firstId = 0;
  private from = 0;
  private to = 0;

  constructor(
    private readonly raw = false,
    private readonly limits = VIEW_LIMITS
  ) {
    this.terminal = new Terminal(raw);
  }

  /** Number of the oldest line held. */
  get first(): number {
    return this.firstId;
  }

  /** Lines held; an empty one at the very end, after the last `\n`, does not count. */
  get length(): number {
    const { lines } = this.terminal;
    const last = lines[lines.length - 1];
    return last && last.text === '' && last.cut === 0 ? lines.length - 1 : lines.length;
  }

  get start(): number {
    return this.from;
  }

  get end(): number {
    return this.to;
  }

  line(id: number): ITerminalLine | undefined {
    return this.terminal.lines[id - this.firstId];
  }

  kind(id: number): LineKind {
    return this.kindsOf[id - this.firstId] ?? 'plain';
  }

  /** Numbers of lines that name an error, in order. */
  errors(): number[] {
    return this.kindsOf.flatMap((kind, i) => (isError(kind) ? [i + this.firstId] : []));
  }

  /** Starts at a byte of the file, with nothing held. */
  reset(offset: number): void {
    this.terminal = new Terminal(this.raw);
    this.decoder = new TextDecoder();
    this.anchors = [{ line: 0, offset }];
    this.kindsOf = [];
    this.firstId = 0;
    this.from = offset;
    this.to = offset;
  }

  /** Adds the bytes that follow. Invalid UTF-8 becomes replacement characters. */
  append(data: Uint8Array): void {
    let rest = data;
    while (rest.length > ANCHOR_BYTES) {
      // In parts, so that a window smaller than what came at once can be cut within it.
      const newline = rest.indexOf(NEWLINE, ANCHOR_BYTES - 1);
      const part = newline < 0 ? rest.length : newline + 1;
      this.appendPart(rest.subarray(0, part));
      rest = rest.subarray(part);
    }
    this.appendPart(rest);
    this.classify();
  }

  private appendPart(data: Uint8Array): void {
    const cut = data.lastIndexOf(NEWLINE) + 1;
    this.feed(data.subarray(0, cut));
    const last = this.anchors[this.anchors.length - 1];
    if (cut > 0 && last && this.to - last.offset >= ANCHOR_BYTES) {
      this.anchors.push({ line: this.terminal.lines.length - 1, offset: this.to });
    }
    this.feed(data.subarray(cut));
  }

  /**
   * Adds the bytes before the window's start.
   *
   * @param data - bytes up to `start`; what comes before their first `\n` is left out, unless the file begins there
   *   or they hold no other `\n`
   */
  prepend(data: Uint8Array): void {
    const at = this.from - data.length;
    const newline = data.indexOf(NEWLINE);
    const skip = at === 0 || newline < 0 || newline === data.length - 1 ? 0 : newline + 1;
    const earlier = new LogBuffer(this.raw);
    earlier.reset(at + skip);
    earlier.append(data.subarray(skip));
    const count = earlier.terminal.lines.length - (earlier.endsLine(data) ? 1 : 0);
    this.terminal.insertBefore(earlier.terminal.lines.slice(0, count));
    this.terminal.takeDirty();
    this.kindsOf = [...earlier.kindsOf.slice(0, count), ...this.kindsOf];
    this.anchors = [
      ...earlier.anchors,
      ...this.anchors.map(a => ({ line: a.line + count, offset: a.offset }))
    ];
    this.firstId -= count;
    this.from = at + skip;
  }

  /** Forgets the oldest lines when there are too many. */
  trimFirst(): void {
    if (!this.tooLarge()) {
      return;
    }
    const anchor = this.anchors.find(a => !this.tooLarge(a.line, a.offset, 0.9) && a.line > 0);
    if (!anchor) {
      return;
    }
    this.terminal.dropFirst(anchor.line);
    this.kindsOf.splice(0, anchor.line);
    this.firstId += anchor.line;
    this.from = anchor.offset;
    this.anchors = this.anchors
      .filter(a => a.offset >= anchor.offset)
      .map(a => ({ line: a.line - anchor.line, offset: a.offset }));
  }

  /** Forgets the newest lines when there are too many; says whether it did. Then `end` lies before what was fed. */
  trimLast(): boolean {
    if (!this.tooLarge()) {
      return false;
    }
    const { lines, bytes } = this.limits;
    const fitting = this.anchors.filter(
      a => a.line > 0 && a.line <= lines * 0.9 && a.offset - this.from <= bytes * 0.9
    );
    const anchor = fitting[fitting.length - 1];
    if (!anchor) {
      return false;
    }
    this.terminal.cutAt(anchor.line);
    this.decoder = new TextDecoder();
    this.kindsOf.length = anchor.line;
    this.to = anchor.offset;
    this.anchors = this.anchors.filter(a => a.offset <= anchor.offset);
    return true;
  }

  /** All lines held, as plain text. */
  text(): string {
    return this.terminal.lines.map(line => line.text).join('\n');
  }

  private endsLine(data: Uint8Array): boolean {
    return data[data.length - 1] === NEWLINE;
  }

  private tooLarge(line = 0, offset = this.from, share = 1): boolean {
    const { lines, bytes } = this.limits;
    return this.terminal.lines.length - line > lines * share || this.to - offset > bytes * share;
  }

  private feed(data: Uint8Array): void {
    this.terminal.feed(this.decoder.decode(data, { stream: true }));
    this.to += data.length;
  }

  private classify(): void {
    const { lines } = this.terminal;
    const from = Math.min(this.terminal.takeDirty(), this.kindsOf.length);
    this.kindsOf.length = from;
    const fresh = lineKinds(i => lines[i]?.text ?? '', lines.length, from);
    this.kindsOf = from === 0 ? fresh : this.kindsOf.concat(fresh);
  }
}
