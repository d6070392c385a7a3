/** How far the axes of a chart reach, and what is written on them. All pure. */
import { formatAxis, formatDuration, localDecimal } from '../../model/format';
import { spokenLocale } from '../../model/language';
import { axisMetric, type IRange, type XAxis } from './lines';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const PAD = 0.06;
/** Points beyond these shares do not stretch the axis when outliers are ignored. */
const OUTLIER_SHARE = 0.02;

type Values = readonly (number | null)[];

const finite = (values: Values, from: number, to: number): number[] =>
  values.slice(from, to + 1).filter((v): v is number => v !== null);

/** Smallest and largest value, less the outermost 2 % at each end when asked to; null when there is none. */
export function extent(
  values: Values,
  from: number,
  to: number,
  ignoreOutliers: boolean
): IRange | null {
  const found = finite(values, from, to);
  if (found.length === 0) {
    return null;
  }
  if (!ignoreOutliers) {
    return found.reduce((r, v) => ({ min: Math.min(r.min, v), max: Math.max(r.max, v) }), {
      min: Infinity,
      max: -Infinity
    });
  }
  found.sort((a, b) => a - b);
  const cut = Math.floor(found.length * OUTLIER_SHARE);
  return { min: found[cut] ?? 0, max: found[found.length - 1 - cut] ?? 0 };
}

/** The extent with a little air, never across zero, and never of no height. */
export function padded({ min, max }: IRange): IRange {
  if (min === max) {
    const half = Math.abs(min) * 0.1 || 1;
    return { min: min - half, max: max + half };
  }
  const air = (max - min) * PAD;
  return {
    min: min >= 0 && min - air < 0 ? 0 : min - air,
    max: max <= 0 && max + air > 0 ? 0 : max + air
  };
}

/** The same for a logarithmic axis; null when nothing is above zero. */
export function paddedLog({ min, max }: IRange): IRange | null {
  if (!(max > 0)) {
    return null;
  }
  const low = min > 0 ? min : max / 1e6;
  const air = Math.max((max / low) ** PAD, 1.05);
  return { min: low / air, max: max * air };
}

/** From so many on a number is written with a letter; from a thousand on where labels are a thousand apart. */
const LETTERED = 1e4;
const MOST_DECIMALS = 12;

/** Decimals that tell apart two labels at that distance. */
const decimalsFor = (step: number): number =>
  Math.min(MOST_DECIMALS, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9) + 1));

/** As short as can be: 0.30 is 0.3. */
const written = (text: string): string =>
  localDecimal(String(Number(text)))
    .replace('-', '−')
    .replace('+', '');

/** A number on an axis, with as many decimals as the distance between two labels needs: 5k, 41.216k, 0.96. */
export function axisLabel(value: number, step: number): string {
  const size = Math.abs(value);
  if (!(step > 0) || (size !== 0 && size < 1e-3)) {
    return formatAxis(value);
  }
  if (size >= LETTERED || (size >= 1e3 && step >= 1e3)) {
    const [unit, letter] = size >= 1e9 ? [1e9, 'G'] : size >= 1e6 ? [1e6, 'M'] : [1e3, 'k'];
    return `${written((value / unit).toFixed(decimalsFor(step / unit)))}${letter}`;
  }
  return written(value.toFixed(decimalsFor(step)));
}

/** Labels of a logarithmic axis thin out from so many decades on. */
const MANY_DECADES = 2;
const MOST_LABELS = 7;

/** A range is at least so many steps. */
const LEAST_STEPS = 2.5;

/** Round numbers between two, two to six of them: steps of 1, 2 or 5 times a power of ten. */
function roundBetween(min: number, max: number): number[] {
  const power = 10 ** Math.floor(Math.log10((max - min) / LEAST_STEPS));
  const step = ([5, 2].find(times => times * power * LEAST_STEPS <= max - min) ?? 1) * power;
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12))
  );
}

/** Places of labels on a logarithmic axis: powers of ten, with 2 and 5 between where there are few; else round ones. */
export function logSplits(min: number, max: number): number[] {
  const first = Math.floor(Math.log10(min));
  const last = Math.ceil(Math.log10(max));
  const parts = Math.log10(max / min) > MANY_DECADES ? [1] : [1, 2, 5];
  const every = Math.max(1, Math.ceil((last - first) / MOST_LABELS));
  const found: number[] = [];
  for (let power = first; power <= last; power += every) {
    found.push(...parts.map(part => part * 10 ** power));
  }
  const inside = found.filter(split => split >= min && split <= max);
  return inside.length >= 2 ? inside : roundBetween(min, max);
}

const two = (n: number): string => String(n).padStart(2, '0');

/** A time of day on an axis, with seconds or the day where the distance between labels asks for it. */
function clockLabel(ms: number, step: number): string {
  const date = new Date(ms);
  if (step >= 24 * 3600e3) {
    return `${date.getDate()} ${date.toLocaleDateString(spokenLocale() ?? 'en-GB', { month: 'short' })}`;
  }
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return step < 60e3 ? `${minutes}:${two(date.getSeconds())}` : minutes;
}

/** A duration on an axis: 0.25 s, 38 s, 1:05, 12 min; as fine as the distance between labels asks for. */
function relativeLabel(ms: number, step: number): string {
  if (ms < MINUTE) {
    return step < SECOND ? `${axisLabel(ms / SECOND, step / SECOND)} s` : formatDuration(ms);
  }
  return step < MINUTE
    ? `${Math.floor(ms / MINUTE)}:${two(Math.floor((ms % MINUTE) / SECOND))}`
    : formatDuration(ms);
}

/** A label of the x axis. */
export function xLabel(axis: XAxis, value: number, step: number): string {
  if (axis === 'step' || axisMetric(axis) !== null) {
    return axisLabel(value, step);
  }
  if (axis === 'time') {
    return clockLabel(value, step);
  }
  return value === 0 ? '0' : value < 0 ? '' : relativeLabel(value, step);
}

const TIME_STEPS_S = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
  1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 345600, 864000, 1728000, 8640000
];

/** Distances between two labels that read well. */
export function xSteps(axis: XAxis): number[] {
  if (axisMetric(axis) !== null) {
    return Array.from({ length: 30 }, (_, power) =>
      [1, 2, 5].map(n => Number((n * 10 ** (power - 15)).toPrecision(1)))
    ).flat();
  }
  if (axis !== 'step') {
    return TIME_STEPS_S.map(s => s * SECOND);
  }
  return Array.from({ length: 16 }, (_, power) => [1, 2, 5].map(n => n * 10 ** power)).flat();
}
