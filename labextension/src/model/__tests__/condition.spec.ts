import { describe, expect, it } from 'vitest';
import { holdsOf, parameterCondition, spelledNumber } from '../condition';

describe('a condition on a parameter', () => {
  it('is a name, a sign and a number or a text', () => {
    expect(parameterCondition('lr <= 1e-3')).toEqual({ name: 'lr', sign: '<=', value: 0.001 });
    expect(parameterCondition('opt=adam')).toEqual({ name: 'opt', sign: '=', value: 'adam' });
    expect(parameterCondition('size~16')).toEqual({ name: 'size', sign: '~', value: '16' });
    expect(parameterCondition('data=a=b')).toEqual({ name: 'data', sign: '=', value: 'a=b' });
  });

  it.each(['', 'lr', 'lr<', 'lr<=x', '<0.5', 'lr>inf'])('is not %j', text => {
    expect(parameterCondition(text)).toBeNull();
  });

  it.each([
    ['lr=0.001', '1e-3', true],
    ['lr==0.001', '0.1', false],
    ['lr!=0.001', 'auto', true],
    ['lr!=0.001', '1e-3', false],
    ['lr<1', 'auto', false],
    ['lr>=1', '1', true],
    ['opt=adam', 'Adam', false],
    ['opt!=adam', 'sgd', true],
    ['opt~DAM', 'adamw', true],
    ['opt!=adam', undefined, false]
  ])('%s of %s: %s', (text, given, holds) => {
    expect(holdsOf(parameterCondition(text)!, given)).toBe(holds);
  });
});

it('tells numbers from texts', () => {
  expect(['-.5', ' 7. ', '1e999', 'nan', '0x10', ''].map(spelledNumber)).toEqual([
    -0.5,
    7,
    null,
    null,
    null,
    null
  ]);
});
