/** Numbers, sizes, durations and times as people read them. All pure; the clock and the locale are arguments. */
import { spokenLocale, trans } from './language';
import type { JsonNumber } from './types';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** JSON's spelling of a float as a number; null stays null. */
export function toNumber(value: JsonNumber | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

const WHOLE: Intl.NumberFormatOptions = { maximumFractionDigits: 0 };
const FOUR_AT_MOST: Intl.NumberFormatOptions = { maximumSignificantDigits: 4 };
const FOUR: Intl.NumberFormatOptions = { ...FOUR_AT_MOST, minimumSignificantDigits: 4 };
const ONE_DECIMAL: Intl.NumberFormatOptions = { minimumFractionDigits: 1 };
const kept = new Map<Intl.NumberFormatOptions, Map<string, Intl.NumberFormat>>();

/** A format that is made once: making one takes longer than all else while a cursor moves over many lines. */
function numberFormat(
  locale: string | undefined,
  options: Intl.NumberFormatOptions
): Intl.NumberFormat {
  const formats = kept.get(options) ?? new Map<string, Intl.NumberFormat>();
  const format = formats.get(locale ?? '') ?? new Intl.NumberFormat(locale, options);
  kept.set(options, formats.set(locale ?? '', format));
  return format;
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
}

/** Four significant digits: 0.9634, 1.210, 41,216; a whole number as it is; a very small or large one as 3.1e-7. Null is an en dash. */
export function formatMetric(
  value: JsonNumber | null | undefined,
  locale = spokenLocale()
): string {
  const n = toNumber(value);
  if (n === null) {
    return '–';
  }
  if (!Number.isFinite(n)) {
    return nonFinite(n);
  }
  const size = Math.abs(n);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) {
    return minus(
      n
        .toExponential(3)
        .replace(/\.?0+e/, 'e')
        .replace('e+', 'e')
    );
  }
  if (size >= 1000) {
    return minus(numberFormat(locale, WHOLE).format(n));
  }
  return minus(numberFormat(locale, Number.isInteger(n) ? FOUR_AT_MOST : FOUR).format(n));
}

const minus = (text: string): string => text.replace(/^-/, '−');

/** A number that is written already, with the sign that divides decimals in the language spoken: 18,2. */
export function localDecimal(text: string, locale = spokenLocale()): string {
  const sign = numberFormat(locale, ONE_DECIMAL).format(0.5).charAt(1);
  return sign === '.' ? text : text.replace('.', sign);
}

/** A count with the locale's separator: 41,216. */
export function formatCount(n: number, locale = spokenLocale()): string {
  return minus(numberFormat(locale, WHOLE).format(n));
}

/** A label of an axis: 10k, 1.2M, 0.96; at most four digits. */
export function formatAxis(n: number): string {
  const size = Math.abs(n);
  const steps: readonly (readonly [number, string])[] = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k']
  ];
  for (const [unit, letter] of steps) {
    if (size >= unit) {
      return minus(`${trim(n / (letter === 'k' ? 1e3 : unit))}${letter}`);
    }
  }
  if (size !== 0 && size < 1e-3) {
    return minus(n.toExponential(1).replace('.0e', 'e'));
  }
  return minus(trim(n));
}

const trim = (n: number): string => localDecimal(String(Number(n.toPrecision(4))));

/** Decimal size with its unit: 512 B, 18.2 GB. */
export function formatSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const text = unit === 0 || size >= 99.95 ? size.toFixed(0) : localDecimal(size.toFixed(1));
  return `${text} ${units[unit] ?? ''}`;
}

/** At most two units: 0.4 s, 38 s, 12 min, 1 h 24 min, 2 d 3 h. Below a minute whole seconds, below one tenths. */
export function formatDuration(ms: number): string {
  if (ms < SECOND) {
    return `${localDecimal((Math.max(0, Math.floor(ms / 100)) / 10).toString())} s`;
  }
  if (ms < MINUTE) {
    return `${Math.floor(ms / SECOND)} s`;
  }
  if (ms < HOUR) {
    return `${Math.floor(ms / MINUTE)} min`;
  }
  return ms < DAY
    ? pair(ms, HOUR, 'h', MINUTE, 'min', n => String(n).padStart(2, '0'))
    : pair(ms, DAY, 'd', HOUR, 'h', String);
}

/** Up to so long seconds tell how long something took. */
const SECONDS_COUNT = 10 * MINUTE;

/** How long something took that is over: 2 min 41 s below ten minutes, where runs differ by seconds. */
export function formatTook(ms: number): string {
  return ms < MINUTE || ms >= SECONDS_COUNT
    ? formatDuration(ms)
    : pair(ms, MINUTE, 'min', SECOND, 's', String);
}

function pair(
  ms: number,
  big: number,
  bigName: string,
  small: number,
  smallName: string,
  write: (n: number) => string
): string {
  const whole = Math.floor(ms / big);
  const rest = Math.floor((ms % big) / small);
  return rest === 0 ? `${whole} ${bigName}` : `${whole} ${bigName} ${write(rest)} ${smallName}`;
}

/** Age in a list, one unit: now, 3 min, 2 h, 1 d. */
export function formatAge(ms: number, now: number): string {
  const age = now - ms;
  if (age < MINUTE) {
    return trans.__('now');
  }
  if (age < HOUR) {
    return `${Math.floor(age / MINUTE)} min`;
  }
  return age < DAY ? `${Math.floor(age / HOUR)} h` : `${Math.floor(age / DAY)} d`;
}

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

const two = (n: number): string => String(n).padStart(2, '0');
const clock = (d: Date): string => `${two(d.getHours())}:${two(d.getMinutes())}`;

/** Day in words: 18 Nov, with the year when it is another one. */
export function formatDay(ms: number, now: number, locale = spokenLocale() ?? 'en-GB'): string {
  const date = new Date(ms);
  const month = date.toLocaleDateString(locale, { month: 'short' });
  const year = date.getFullYear() === new Date(now).getFullYear() ? '' : ` ${date.getFullYear()}`;
  return `${date.getDate()} ${month}${year}`;
}

/** 13:22 on the same day, otherwise Tue 18 Nov 11:40: within a sentence or on an axis. */
export function formatTime(ms: number, now: number, locale = spokenLocale() ?? 'en-GB'): string {
  const date = new Date(ms);
  if (sameDay(date, new Date(now))) {
    return clock(date);
  }
  const weekday = date.toLocaleDateString(locale, { weekday: 'short' });
  return `${weekday} ${formatDay(ms, now, locale)} ${clock(date)}`;
}

/** today 13:22, otherwise Tue 18 Nov 11:40: where the time stands alone. */
export function formatMoment(ms: number, now: number, locale?: string): string {
  const time = formatTime(ms, now, locale);
  return sameDay(new Date(ms), new Date(now)) ? trans.__('today %1', time) : time;
}

/** Full local time with its zone, for a tooltip. */
export function formatFullTime(ms: number, locale = spokenLocale()): string {
  return new Date(ms).toLocaleString(locale, { dateStyle: 'full', timeStyle: 'long' });
}

/** 69%, whole. 100% only when all is done. */
export function formatPercent(share: number): string {
  const percent = Math.round(share * 100);
  return `${percent === 100 && share < 1 ? 99 : percent}%`;
}

/** 1st, 2nd, 3rd, 11th: a place in line. */
export function formatOrdinal(n: number): string {
  const tail = n % 100;
  if (tail >= 11 && tail <= 13) {
    return trans.__('%1th', n);
  }
  switch (n % 10) {
    case 1:
      return trans.__('%1st', n);
    case 2:
      return trans.__('%1nd', n);
    case 3:
      return trans.__('%1rd', n);
    default:
      return trans.__('%1th', n);
  }
}
