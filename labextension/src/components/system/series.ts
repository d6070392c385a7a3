/** What a run used, as rows and curves need it. All pure. */
import { formatSize, toNumber } from '../../model/format';
import { trans } from '../../model/language';
import type { ISystemSeries } from '../../model/use';

/** A stretch of time, ms since the epoch. */
export interface ISpan {
  readonly min: number;
  readonly max: number;
}

/** Order in which series are shown; what is not named here comes last. */
const ORDER = ['utilization', 'cpu', 'memory', 'read', 'write', 'power', 'temperature'];
/** Said in the tooltip of another one, or of no interest to a person. */
const LEFT_OUT: readonly string[] = ['memory_cgroup'];

const kind = ({ name, gpu }: ISystemSeries): string =>
  gpu === null ? name : (name.split('.').pop() ?? name);

function rank(series: ISystemSeries): number {
  const place = ORDER.indexOf(kind(series));
  return (series.gpu === null ? 100 : 0) + (place < 0 ? ORDER.length : place);
}

/** Series to show, those of the GPUs first, each GPU's together. */
export function shownSeries(all: readonly ISystemSeries[]): readonly ISystemSeries[] {
  return all
    .filter(one => !LEFT_OUT.includes(one.name) && one.count > 0)
    .sort(
      (a, b) =>
        (a.gpu ?? '').localeCompare(b.gpu ?? '') * Number(a.gpu !== null && b.gpu !== null) ||
        rank(a) - rank(b)
    );
}

const digits = (n: number): string => n.toFixed(n >= 99.95 ? 0 : 1);

/** "0.9 cores", "18.2 GB", "97%", "71 °C", "390 W", "1.2 MB/s", "12". Null is an en dash. */
export function formatUse(series: ISystemSeries, value: number | null): string {
  if (value === null || !Number.isFinite(value)) {
    return '–';
  }
  if (series.name === 'cpu') {
    return trans._n('%2 core', '%2 cores', value === 100 ? 1 : 2, digits(value / 100));
  }
  switch (series.unit) {
    case '%':
      return `${Math.round(value)}%`;
    case 'bytes':
      return formatSize(value);
    case 'bytes/s':
    case 'B/s':
      return `${formatSize(value)}/s`;
    case '':
      return String(Math.round(value));
    default:
      return `${Math.round(value)} ${series.unit}`;
  }
}

/** The value on the machine's full scale where it has one: "0.9 of 16 cores", "18.2 of 24 GB". */
export function formatOfFull(series: ISystemSeries, value: number | null): string {
  const text = formatUse(series, value);
  if (series.full === null || value === null || series.unit === '°C') {
    return text;
  }
  if (series.name === 'cpu') {
    return trans.__('%1 of %2 cores', digits(value / 100), Math.round(series.full / 100));
  }
  return series.unit === 'bytes' ? sizeOf(text, formatSize(series.full)) : text;
}

/** "21.4 of 24 GB", "512 MB of 24 GB": a unit that both have is said once. */
function sizeOf(part: string, whole: string): string {
  const [number = '', unit] = part.split(' ');
  const round = whole.replace(/\.0 /, ' ');
  return trans.__('%1 of %2', unit === whole.split(' ')[1] ? number : part, round);
}

/** "Mean 31%, peak 100%". */
export function meanPeak(series: ISystemSeries): string {
  const mean = formatUse(series, toNumber(series.mean));
  return trans.__('Mean %1, peak %2', mean, formatUse(series, toNumber(series.peak)));
}

/** The value that reaches the upper edge: the machine's full scale, else a little more than the peak. */
export function scaleOf(series: ISystemSeries): number {
  const peak = toNumber(series.peak) ?? 0;
  return series.full !== null && series.full > 0 ? Math.max(series.full, peak) : peak * 1.1 || 1;
}

/** The time that all series cover; null when there is no point. */
export function spanOf(all: readonly ISystemSeries[]): ISpan | null {
  const firsts = all.flatMap(one => one.times_ms[0] ?? []);
  const lasts = all.flatMap(one => one.times_ms[one.times_ms.length - 1] ?? []);
  return firsts.length === 0
    ? null
    : { min: Math.min(...firsts), max: Math.max(...lasts, Math.min(...firsts) + 1000) };
}

/** Position of the point nearest to a time; -1 when there is none. */
export function nearest(times: readonly number[], time: number): number {
  let best = -1;
  let distance = Infinity;
  times.forEach((at, i) => {
    if (Math.abs(at - time) < distance) {
      best = i;
      distance = Math.abs(at - time);
    }
  });
  return best;
}

/** Width and height of the drawing that paths are in; it is stretched to its place. */
export const BOX = { width: 1000, height: 56 } as const;

const place = (value: number, span: ISpan): number =>
  ((value - span.min) / (span.max - span.min)) * BOX.width;

/** Line over the values, and the area under it down to zero; a missing value is a gap. */
export function areaPath(
  series: Pick<ISystemSeries, 'times_ms' | 'values'>,
  span: ISpan,
  full: number
): { line: string; area: string } {
  const strokes: string[][] = [[]];
  const ends: [number, number][] = [];
  series.times_ms.forEach((time, i) => {
    const value = toNumber(series.values[i]);
    if (value === null || !Number.isFinite(value)) {
      strokes.push([]);
      return;
    }
    const x = place(time, span);
    const y = BOX.height - Math.min(1, Math.max(0, value / full)) * (BOX.height - 1);
    const at = strokes.length - 1;
    const first = ends[at]?.[0] ?? x;
    ends[at] = [first, x];
    strokes[at]?.push(`${x.toFixed(1)} ${y.toFixed(1)}`);
  });
  const lines = strokes.map(points => (points.length > 0 ? `M${points.join('L')}` : ''));
  const areas = lines.map((line, i) => {
    const [first, last] = ends[i] ?? [0, 0];
    return line && `${line}L${last.toFixed(1)} ${BOX.height}L${first.toFixed(1)} ${BOX.height}Z`;
  });
  return { line: lines.join(''), area: areas.join('') };
}
