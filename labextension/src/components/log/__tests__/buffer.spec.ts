import { describe, expect, it } from 'vitest';
import { LogBuffer } from '../buffer';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (buffer: LogBuffer): string[] =>
  Array.from({ length: buffer.length }, (_, i) => buffer.line(buffer.first + i)?.text ?? '?');

/** A log of numbered lines of 10 bytes each. */
const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `line ${String(from + i).padStart(4, '0')}\n`).join(
    ''
  );

describe('LogBuffer', () => {
  it('puts earlier parts before and keeps the numbers of lines', () => {
    const whole = bytes(numbered(0, 20));
    const buffer = new LogBuffer();
    buffer.reset(100);
    buffer.append(whole.slice(100));
    expect(buffer.first).toBe(0);
    expect(buffer.line(0)?.text).toBe('line 0010');
    buffer.prepend(whole.slice(45, 100));
    expect(buffer.first).toBe(-5);
    expect(buffer.start).toBe(50);
    expect(buffer.line(0)?.text).toBe('line 0010');
    buffer.prepend(whole.slice(0, 50));
    expect(buffer.start).toBe(0);
    expect(texts(buffer)).toHaveLength(20);
    expect(texts(buffer)[0]).toBe('line 0000');
  });

  it('is the same however the bytes are cut, in the middle of letters too', () => {
    const whole = bytes('größe 漢字\r\n\u001b[32mok\u001b[0m\nlast');
    for (let cut = 1; cut < whole.length; cut += 1) {
      const buffer = new LogBuffer();
      buffer.reset(0);
      buffer.append(whole.slice(0, cut));
      buffer.append(whole.slice(cut));
      expect(texts(buffer)).toEqual(['größe 漢字', 'ok', 'last']);
    }
  });

  it('shows invalid UTF-8 as replacement characters', () => {
    const buffer = new LogBuffer();
    buffer.reset(0);
    buffer.append(new Uint8Array([0x61, 0xff, 0xfe, 0x62, 0x0a]));
    expect(texts(buffer)).toEqual(['a\ufffd\ufffdb']);
  });

  it('stays bounded while it follows, and can be read on from its start', () => {
    const whole = bytes(numbered(0, 40_000));
    const buffer = new LogBuffer(false, { lines: 5000, bytes: 1e9 });
    buffer.reset(0);
    for (let at = 0; at < whole.length; at += 4096) {
      buffer.append(whole.slice(at, at + 4096));
      buffer.trimFirst();
      expect(buffer.length).toBeLessThanOrEqual(5000);
    }
    const [first] = texts(buffer);
    expect(first).toBe(`line ${String(buffer.first).padStart(4, '0')}`);
    expect(buffer.start).toBe(buffer.first * 10 + Math.max(0, buffer.first - 10_000));
    const before = buffer.first;
    buffer.prepend(whole.slice(buffer.start - 1000, buffer.start));
    expect(buffer.first).toBeLessThan(before);
    expect(buffer.line(before)?.text).toBe(first);
  });

  it('forgets the newest lines for somebody who reads, and takes them again', () => {
    const whole = bytes(numbered(0, 9000));
    const buffer = new LogBuffer(false, { lines: 5000, bytes: 1e9 });
    buffer.reset(0);
    for (let at = 0; at < whole.length; at += 4096) {
      buffer.append(whole.slice(at, at + 4096));
    }
    expect(buffer.trimLast()).toBe(true);
    expect(buffer.length).toBeLessThanOrEqual(5000);
    expect(buffer.end % 10).toBe(0);
    expect(buffer.end).toBe(buffer.length * 10);
    buffer.append(whole.slice(buffer.end, buffer.end + 100));
    expect(texts(buffer).slice(-1)).toEqual([`line ${String(buffer.length - 1).padStart(4, '0')}`]);
  });

  it('knows errors and tracebacks', () => {
    const buffer = new LogBuffer();
    buffer.reset(0);
    buffer.append(
      bytes(
        'INFO fine\nTraceback (most recent call last):\n  File "/home/m/train.py", line 3, in f\n    g()\nValueError: no\nok\n'
      )
    );
    const kinds = Array.from({ length: buffer.length }, (_, i) => buffer.kind(i));
    expect(kinds).toEqual(['plain', 'trace', 'user-frame', 'user-code', 'exception', 'plain']);
    expect(buffer.errors()).toEqual([4]);
  });
});
