import { describe, expect, it } from 'vitest';
import { speak, trans } from '../language';
import { stateLook } from '../state';

const ENGLISH = {
  __: (words: string): string => words,
  _n: (one: string): string => one
};

describe('the language of views', () => {
  it('is English with its places filled', () => {
    expect(trans.__('%2 of %1', 3, 'two')).toBe('two of 3');
    expect(trans._n('%1 run', '%1 runs', 1)).toBe('1 run');
    expect(trans._n('%1 run of %2', '%1 runs of %2', 2, 'x')).toBe('2 runs of x');
  });
});

describe('another language', () => {
  it('is spoken from the moment on that it is set, also in words of states', () => {
    const before = stateLook('Running').word;
    speak({ ...ENGLISH, __: words => (words === 'Running' ? 'En marcha' : words) });
    expect(before).toBe('Running');
    expect(stateLook('Running').word).toBe('En marcha');
  });
});
