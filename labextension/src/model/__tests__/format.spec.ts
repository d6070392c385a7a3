import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatAxis,
  formatCount,
  formatDay,
  formatDuration,
  formatMetric,
  formatOrdinal,
  formatPercent,
  formatSize,
  formatTime,
  formatMoment,
  formatTook
} from '../format';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('numbers', () => {
  it.each([
    [0.96341, '0.9634'],
    [1.2119, '1.212'],
    [0, '0'],
    [-0.5, '−0.5000'],
    [0.954, '0.9540'],
    [1, '1'],
    [41216, '41,216'],
    [3.1e-7, '3.1e-7'],
    [-3.1e-7, '−3.1e-7'],
    [2e9, '2e9'],
    ['NaN', 'NaN'],
    ['Infinity', '∞'],
    ['-Infinity', '−∞'],
    [null, '–']
  ] as const)('metric %s is %s', (value, text) => {
    expect(formatMetric(value, 'en-US')).toBe(text);
  });

  it.each([
    [40000, '40k'],
    [1_200_000, '1.2M'],
    [0.96, '0.96'],
    [5000, '5000'],
    [0.00003, '3e-5'],
    [-12000, '−12k']
  ])('axis %s is %s', (value, text) => {
    expect(formatAxis(value)).toBe(text);
  });

  it.each([
    [512, '512 B'],
    [18_200_000_000, '18.2 GB'],
    [999_999, '1.0 MB'],
    [781_000_000, '781 MB'],
    [0, '0 B']
  ])('size %s is %s', (value, text) => {
    expect(formatSize(value)).toBe(text);
  });

  it('says 100% only when all is done', () => {
    expect(formatPercent(0.999)).toBe('99%');
    expect(formatPercent(1)).toBe('100%');
  });

  it('counts with a separator and numbers places', () => {
    expect(formatCount(1284, 'en-US')).toBe('1,284');
    expect([1, 2, 3, 4, 11, 12, 13, 21, 112].map(formatOrdinal)).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '12th',
      '13th',
      '21st',
      '112th'
    ]);
  });
});

describe('times', () => {
  it.each([
    [420, '0.4 s'],
    [38 * SECOND, '38 s'],
    [12 * MINUTE + 59 * SECOND, '12 min'],
    [84 * MINUTE, '1 h 24 min'],
    [2 * HOUR + 3 * MINUTE, '2 h 03 min'],
    [2 * HOUR, '2 h'],
    [2 * DAY + 3 * HOUR, '2 d 3 h'],
    [-5, '0 s']
  ])('%s ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    [38 * SECOND, '38 s'],
    [161 * SECOND, '2 min 41 s'],
    [3 * MINUTE, '3 min'],
    [10 * MINUTE + SECOND, '10 min'],
    [84 * MINUTE, '1 h 24 min']
  ])('tells how long something took: %s ms as %s', (ms, text) => {
    expect(formatTook(ms)).toBe(text);
  });

  const now = new Date(2026, 10, 21, 14, 31).getTime();

  it('leaves the day out today and says it otherwise', () => {
    expect(formatTime(new Date(2026, 10, 21, 13, 22).getTime(), now)).toBe('13:22');
    expect(formatTime(new Date(2026, 10, 17, 11, 40).getTime(), now)).toBe('Tue 17 Nov 11:40');
    expect(formatMoment(new Date(2026, 10, 21, 13, 22).getTime(), now)).toBe('today 13:22');
    expect(formatMoment(new Date(2026, 10, 17, 11, 40).getTime(), now)).toBe('Tue 17 Nov 11:40');
    expect(formatDay(new Date(2025, 10, 18).getTime(), now)).toBe('18 Nov 2025');
  });

  it('gives ages in one unit', () => {
    expect(formatAge(now - 20 * SECOND, now)).toBe('now');
    expect(formatAge(now - 3 * MINUTE, now)).toBe('3 min');
    expect(formatAge(now - 5 * HOUR, now)).toBe('5 h');
    expect(formatAge(now - 26 * HOUR, now)).toBe('1 d');
  });
});
