import { describe, expect, it } from 'vitest';
import { MAX_LINE_CHARS } from '../line';
import { Terminal } from '../terminal';

function shown(...parts: readonly string[]): string[] {
  const terminal = new Terminal();
  parts.forEach(part => terminal.feed(part));
  return terminal.lines.map(line => line.text);
}

function styles(text: string): string[] {
  const terminal = new Terminal();
  terminal.feed(text);
  return terminal.lines.flatMap(line =>
    line.spans.map(({ from, to, style }) => {
      const flags = Object.entries(style).filter(([, on]) => on !== false && on !== null);
      return `${line.text.slice(from, to)}: ${flags.map(([k, v]) => (v === true ? k : `${k} ${String(v)}`)).join(', ')}`;
    })
  );
}

describe('Terminal', () => {
  it.each<readonly [string, string, string[]]>([
    ['lines', 'a\nb\n', ['a', 'b', '']],
    ['lines of a pty', 'a\r\nb', ['a', 'b']],
    ['a progress bar', '10%|#   |\r100%|####|', ['100%|####|']],
    ['a shorter text over a longer one', 'abcdef\rxy', ['xycdef']],
    ['erasing to the end of the line', 'abcdef\rxy\u001b[K', ['xy']],
    ['erasing to the start of the line', 'abcdef\u001b[3D\u001b[1K', ['    ef']],
    ['erasing a whole line', 'abc\u001b[2K\rx', ['x']],
    ['backspace', 'abc\b\bX', ['aXc']],
    ['tab', 'a\tb', ['a       b']],
    ['moving right over nothing', 'a\u001b[3Cb', ['a   b']],
    ['going to a column', 'abcdef\u001b[3GX', ['abXdef']],
    ['deleting characters', 'abcdef\u001b[2G\u001b[2P', ['adef']],
    ['erasing characters in place', 'abcdef\u001b[2G\u001b[2XZ', ['aZ def']],
    ['two bars, one above the other', 'a 0%\nb 0%\u001b[A\ra 9%\n\rb 9%', ['a 9%', 'b 9%']],
    ['going back three lines', '1\n2\n3\n\u001b[3Fone', ['one', '2', '3', '']],
    ['erasing below', 'a\nb\nc\u001b[2A\u001b[J', ['a', '', '']],
    ['a cleared screen keeps what was printed', 'old\n\u001b[2J\u001b[Hnew', ['old', 'new']],
    ['a redrawn screen', 'old\n\u001b[2J\u001b[Ha\nb\u001b[Hx', ['old', 'x', 'b']],
    ['saved place', 'ab\u001b7cd\u001b8X', ['abXd']],
    [
      'titles and links',
      '\u001b]0;title\u0007a\u001b]8;;http://x\u001b\\b\u001b]8;;\u001b\\',
      ['ab']
    ],
    ['modes and character sets', '\u001b[?25l\u001b(Ba\u001b[?2004h', ['a']],
    ['asking for the size', 'a\u001b[9999;9999H', ['a', '']],
    ['wide letters', '漢字\rab', ['ab字']],
    ['a bell', 'a\u0007b', ['ab']]
  ])('shows %s', (_name, input, lines) => {
    expect(shown(input)).toEqual(lines);
  });

  it('goes on where a sequence was cut', () => {
    const whole = 'a\u001b[31mred\u001b[0m\r\nb\u001b]0;t\u0007c';
    for (let cut = 1; cut < whole.length; cut += 1) {
      expect(shown(whole.slice(0, cut), whole.slice(cut))).toEqual(['ared', 'bc']);
    }
  });

  it('does not wait for ever for the end of a sequence', () => {
    expect(shown(`\u001b]${'x'.repeat(5000)}`, '\ny')[1]).toBe('y');
  });

  it('knows colours and weights', () => {
    expect(styles('\u001b[1;31mA\u001b[22mB\u001b[39mC\u001b[0m')).toEqual([
      'A: fg 1, bold',
      'B: fg 1'
    ]);
    expect(styles('\u001b[38;5;196mA\u001b[48;2;1;2;3mB')).toEqual([
      'A: fg rgb(255,0,0)',
      'B: fg rgb(255,0,0), bg rgb(1,2,3)'
    ]);
    expect(styles('\u001b[92;7;4mA\u001b[mB')).toEqual(['A: fg 10, underline, inverse']);
    expect(styles('\u001b[38;5;9mA')).toEqual(['A: fg 9']);
    expect(styles('\u001b[38;5;244mA')).toEqual(['A: fg rgb(128,128,128)']);
  });

  it('overwrites part of a coloured text', () => {
    expect(styles('\u001b[32mabcdef\u001b[0m\r12')).toEqual(['cdef: fg 2']);
    expect(styles('\u001b[32mabcdef\r\u001b[31m\u001b[2Cxy')).toEqual([
      'ab: fg 2',
      'xy: fg 1',
      'ef: fg 2'
    ]);
  });

  it('cuts an endless line and counts what it left out', () => {
    const terminal = new Terminal();
    for (let i = 0; i < 100; i += 1) {
      terminal.feed('x'.repeat(1000));
    }
    const [line] = terminal.lines;
    expect(line?.text.length).toBe(MAX_LINE_CHARS);
    expect(line?.cut).toBe(100_000 - MAX_LINE_CHARS);
  });

  it('does not go back further than a screen', () => {
    const lines = shown(`${'line\n'.repeat(500)}\u001b[9999Atop`);
    expect(lines.indexOf('tope')).toBe(401);
  });

  it('says from which line on something changed', () => {
    const terminal = new Terminal();
    terminal.feed('a\nb\nc');
    expect(terminal.takeDirty()).toBe(0);
    terminal.feed('\u001b[A\rx');
    expect(terminal.takeDirty()).toBe(1);
    expect(terminal.takeDirty()).toBe(3);
  });

  it('shows the bytes as they are when raw', () => {
    const terminal = new Terminal(true);
    terminal.feed('a\r\u001b[31mb\n');
    expect(terminal.lines[0]?.text).toBe('a␍␛[31mb');
  });
});
