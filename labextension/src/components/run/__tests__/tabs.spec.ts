import { describe, expect, it } from 'vitest';
import { readTab, tabLink, tabText } from '../tabs';

describe('a tab and its place', () => {
  it.each([
    ['code?file=lib%2Fa+b.py&line=3', 'code', { file: 'lib/a b.py', line: '3' }],
    ['log', 'log', {}],
    ['nothing?x=1', 'overview', { x: '1' }],
    ['', 'overview', {}]
  ])('%s', (text, tab, at) => expect(readTab(text)).toEqual({ tab, at }));

  it('come back from their text', () => {
    const at = { file: 'é &=?.py', x: '12..14' };
    expect(readTab(tabText('code', at))).toEqual({ tab: 'code', at });
    expect(tabText('log')).toBe('log');
  });

  it('are a part of the page’s address', () => {
    expect(tabLink('/lab?run=r', 'log', { line: '3' })).toBe('/lab?run=r&tab=log&line=3');
    expect(tabLink('/lab', 'log', {})).toBe('/lab?tab=log');
  });
});
