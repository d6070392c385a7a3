import { describe, expect, it } from 'vitest';
import { LogBuffer } from '../buffer';
import { LogSearch, toPattern, type ISearchQuery } from '../search';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const query = (change: Partial<ISearchQuery>): ISearchQuery => ({
  text: '',
  matchCase: false,
  regex: false,
  ...change
});

function search(change: Partial<ISearchQuery>): LogSearch {
  const pattern = toPattern(query(change));
  if (!(pattern instanceof RegExp)) {
    throw new Error('no pattern');
  }
  return new LogSearch(pattern);
}

describe('toPattern', () => {
  it('takes text as it is, and says when a pattern is none', () => {
    expect(toPattern(query({}))).toBeNull();
    expect(toPattern(query({ text: '(', regex: true }))).toBeInstanceOf(Error);
    expect(toPattern(query({ text: '(' }))).toBeInstanceOf(RegExp);
  });
});

describe('LogSearch', () => {
  it('finds every place, whatever the case unless it matters', () => {
    const buffer = new LogBuffer();
    buffer.reset(0);
    buffer.append(bytes('Loss 1 loss 2\nnothing\nLOSS\n'));
    expect(search({ text: 'loss' }).update(buffer)).toEqual([
      { line: 0, from: 0, to: 4 },
      { line: 0, from: 7, to: 11 },
      { line: 2, from: 0, to: 4 }
    ]);
    expect(search({ text: 'loss', matchCase: true }).update(buffer)).toHaveLength(1);
    expect(search({ text: 'l[o]+ss \\d', regex: true }).update(buffer)).toHaveLength(2);
  });

  it('gives the same when the window grows at both ends as when it is searched at once', () => {
    const lines = Array.from({ length: 900 }, (_, i) => `${i % 7 === 0 ? 'hit' : 'miss'} ${i}\n`);
    const whole = bytes(lines.join(''));
    const buffer = new LogBuffer();
    const half = whole.indexOf(10, whole.length / 2) + 1;
    buffer.reset(half);
    buffer.append(whole.slice(half, half + 1500));
    const growing = search({ text: 'hit' });
    growing.update(buffer);
    buffer.append(whole.slice(half + 1500));
    growing.update(buffer);
    buffer.prepend(whole.slice(0, half));
    expect(growing.update(buffer)).toEqual(search({ text: 'hit' }).update(buffer));
    expect(growing.update(buffer)).toHaveLength(Math.ceil(900 / 7));
  });

  it('sees a line that was drawn again', () => {
    const buffer = new LogBuffer();
    buffer.reset(0);
    buffer.append(bytes('hit'));
    const found = search({ text: 'hit' });
    expect(found.update(buffer)).toHaveLength(1);
    buffer.append(bytes('\rmis'));
    expect(found.update(buffer)).toHaveLength(0);
  });
});
