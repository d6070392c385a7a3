/**
 * What a terminal shows of a program's output, as lines that never scroll away.
 *
 * Covers what logs use: `\r`, `\n`, `\b`, tab, cursor moves, erasing, SGR. After ECMA-48 and xterm's control sequences
 * (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html). Clearing the screen starts a new screen below: a log hides
 * nothing that was printed. Titles, links and modes are read over.
 */
import { deleteAt, EMPTY_LINE, eraseAfter, eraseBefore, writeAt, type ITerminalLine } from './line';
import { applySgr, PLAIN, type IStyle } from './style';
import { textColumns } from './width';

/** Lines that the cursor can go back over: more than any real terminal has. */
const SCREEN_ROWS = 100;
const TAB_COLUMNS = 8;
/** A sequence that is longer than this without an end is no sequence. */
const MAX_SEQUENCE = 4096;

// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/g;
// eslint-disable-next-line no-control-regex
const CSI = /\u001b\[([0-?]*)[ -/]*([@-~])/y;
const IGNORED =
  // eslint-disable-next-line no-control-regex
  /\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[PX^_][^\u001b]*\u001b\\|[()*+\-./][^]|[0-OQ-WYZ\\`a-z=>])/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

export class Terminal {
  private all: ITerminalLine[] = [EMPTY_LINE];
  private row = 0;
  private column = 0;
  /** First line of the screen after it was last cleared. */
  private floor = 0;
  private style: IStyle = PLAIN;
  private saved: { row: number; column: number } = { row: 0, column: 0 };
  private pending = '';
  private dirty = 0;

  /** @param raw - show the bytes: control characters as pictures, nothing obeyed but `\n` */
  constructor(private readonly raw = false) {}

  /** From the oldest to the newest; the last one is the one being written. */
  get lines(): readonly ITerminalLine[] {
    return this.all;
  }

  /** The first line that changed since this was last asked, by index; the number of lines when none did. */
  takeDirty(): number {
    const from = Math.min(this.dirty, this.all.length);
    this.dirty = this.all.length;
    return from;
  }

  feed(text: string): void {
    const input = this.pending + text;
    this.pending = '';
    let at = 0;
    while (at < input.length) {
      CONTROL.lastIndex = at;
      const found = CONTROL.exec(input);
      const end = found ? found.index : input.length;
      if (end > at) {
        this.write(input.slice(at, end));
      }
      if (!found) {
        return;
      }
      const next = this.control(input, end);
      if (next === null) {
        this.pending = input.slice(end);
        return;
      }
      at = next;
    }
  }

  /** Puts older lines before all others. */
  insertBefore(lines: readonly ITerminalLine[]): void {
    this.all = lines.concat(this.all);
    this.move(lines.length);
    this.dirty = 0;
  }

  /** Forgets the oldest lines. */
  dropFirst(count: number): void {
    this.all.splice(0, count);
    this.move(-count);
  }

  /** Forgets everything from a line on and goes on at its start, in plain style. */
  cutAt(line: number): void {
    this.all.splice(line, Infinity, EMPTY_LINE);
    this.row = line;
    this.column = 0;
    this.floor = line;
    this.style = PLAIN;
    this.pending = '';
    this.dirty = Math.min(this.dirty, line);
  }

  private move(by: number): void {
    this.row = Math.max(0, this.row + by);
    this.floor = Math.max(0, this.floor + by);
    this.dirty = Math.max(0, this.dirty + by);
    this.saved = { ...this.saved, row: Math.max(0, this.saved.row + by) };
  }

  private get top(): number {
    return Math.max(this.floor, this.all.length - SCREEN_ROWS);
  }

  /** A row to go down to; a program that asks for row 9,999 to learn the screen's size makes no such lines. */
  private below(row: number): number {
    return Math.min(row, this.top + SCREEN_ROWS, this.all.length);
  }

  private write(text: string): void {
    this.put(writeAt(this.current, this.column, text, this.style));
    this.column += textColumns(text);
  }

  private get current(): ITerminalLine {
    return this.all[this.row] ?? EMPTY_LINE;
  }

  private put(line: ITerminalLine, row = this.row): void {
    this.all[row] = line;
    this.dirty = Math.min(this.dirty, row);
  }

  private goTo(row: number, column = this.column): void {
    this.row = Math.max(this.top, row);
    this.column = Math.max(0, column);
    while (this.all.length <= this.row) {
      this.all.push(EMPTY_LINE);
    }
  }

  /** Obeys the control character at a place. Answers where to go on, or null when its sequence is not complete yet. */
  private control(input: string, at: number): number | null {
    const code = input.charCodeAt(at);
    if (code === 10 || (!this.raw && (code === 11 || code === 12))) {
      this.goTo(this.row + 1, 0);
    } else if (this.raw) {
      this.write(code === 127 ? '␡' : String.fromCharCode(0x2400 + code));
    } else if (code === 13) {
      this.column = 0;
    } else if (code === 8) {
      this.column = Math.max(0, this.column - 1);
    } else if (code === 9) {
      this.column += TAB_COLUMNS - (this.column % TAB_COLUMNS);
    } else if (code === 27) {
      return this.escape(input, at);
    }
    return at + 1;
  }

  private escape(input: string, at: number): number | null {
    const csi = matchAt(CSI, input, at);
    if (csi) {
      this.sequence(csi[2] ?? '', csi[1] ?? '');
      return at + csi[0].length;
    }
    const two = input.slice(at, at + 2);
    if (two === '\u001b7' || two === '\u001b8') {
      this.remember(two === '\u001b7');
      return at + 2;
    }
    const ignored = matchAt(IGNORED, input, at);
    if (ignored) {
      return at + ignored[0].length;
    }
    return input.length - at < MAX_SEQUENCE ? null : at + 1;
  }

  private remember(save: boolean): void {
    if (save) {
      this.saved = { row: this.row, column: this.column };
    } else {
      this.goTo(this.saved.row, this.saved.column);
    }
  }

  /** Obeys `ESC [ parameters final`; finals that are not known are read over, and so are private modes. */
  private sequence(final: string, parameters: string): void {
    if (final === 'm') {
      if (!/[<=>?]/.test(parameters)) {
        this.style = applySgr(this.style, parameters);
      }
      return;
    }
    const [first = 0, second = 0] = parameters.split(';').map(Number);
    const n = Math.max(1, first || 1);
    const moves: Readonly<Record<string, () => void>> = {
      A: () => this.goTo(this.row - n),
      B: () => this.goTo(this.below(this.row + n)),
      C: () => this.goTo(this.row, this.column + n),
      D: () => this.goTo(this.row, this.column - n),
      E: () => this.goTo(this.row + n, 0),
      F: () => this.goTo(this.row - n, 0),
      G: () => this.goTo(this.row, n - 1),
      H: () => this.goTo(this.below(this.top + n - 1), Math.max(1, second || 1) - 1),
      f: () => this.goTo(this.below(this.top + n - 1), Math.max(1, second || 1) - 1),
      J: () => this.eraseScreen(first || 0),
      K: () => this.eraseLine(first || 0),
      P: () => this.put(deleteAt(this.current, this.column, n)),
      X: () => this.put(writeAt(this.current, this.column, ' '.repeat(Math.min(n, 1000)), PLAIN)),
      s: () => this.remember(true),
      u: () => this.remember(false)
    };
    moves[final]?.();
  }

  private eraseLine(what: number): void {
    const line = this.current;
    this.put(
      what === 2
        ? EMPTY_LINE
        : what === 1
          ? eraseBefore(line, this.column)
          : eraseAfter(line, this.column)
    );
  }

  private eraseScreen(what: number): void {
    if (what >= 2) {
      this.goTo(this.all.length - (this.all[this.all.length - 1] === EMPTY_LINE ? 1 : 0));
      this.floor = this.row;
      return;
    }
    this.eraseLine(what);
    const [from, to] = what === 1 ? [this.top, this.row] : [this.row + 1, this.all.length];
    for (let row = from; row < to; row += 1) {
      this.put(EMPTY_LINE, row);
    }
  }
}
