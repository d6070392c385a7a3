/** What a run used, as rows and curves need it. All pure. */
import { formatSize, localDecimal, toNumber } from '../../model/format';
import { trans } from '../../model/language';
import type { ISystemSeries } from '../../model/use';

/** A stretch of time, ms since the epoch. */
export interface ISpan {
  readonly min: number;
  readonly max: number;
}

/** Order in which series are shown; what is not named here comes last. */
const ORDER = ['utilization', 'cpu', 'memory', 'read', 'write', 'power', 'temperature'];
/** Said by another one too, or of no interest to a person. */
const LEFT_OUT: readonly string[] = ['memory_cgroup'];

/** Names of what is of a GPU, as they sort: GPU 2 before GPU 10, the machine's own after all of them. */
const OF_GPU = /^gpu\.(.+)\.(\w+)$/;
const AFTER_GPUS = '\uffff';

function place({ name }: ISystemSeries): readonly [gpu: string, rank: number] {
  const [, gpu = AFTER_GPUS, kind = name] = OF_GPU.exec(name) ?? [];
  const rank = ORDER.indexOf(kind);
  return [gpu, rank < 0 ? ORDER.length : rank];
}

function inOrder(a: ISystemSeries, b: ISystemSeries): number {
  const [[gpuA, rankA], [gpuB, rankB]] = [place(a), place(b)];
  const own = Number(gpuA === AFTER_GPUS) - Number(gpuB === AFTER_GPUS);
  return own || gpuA.localeCompare(gpuB, 'en', { numeric: true }) || rankA - rankB;
}

const OF_MACHINE: Readonly<Record<string, () => string>> = {
  cpu: () => trans.__('CPU'),
  memory: () => trans.__('Memory'),
  read: () => trans.__('Read from storage'),
  write: () => trans.__('Written to storage'),
  processes: () => trans.__('Processes')
};
const OF_ONE_GPU: Readonly<Record<string, (gpu: string) => string>> = {
  utilization: gpu => trans.__('%1 utilization', gpu),
  memory: gpu => trans.__('%1 memory', gpu),
  power: gpu => trans.__('%1 power', gpu),
  temperature: gpu => trans.__('%1 temperature', gpu)
};

/** What was measured, in the language spoken where it is known, else as whoever measured it says. */
export function seriesLabel({ name, label }: Pick<ISystemSeries, 'name' | 'label'>): string {
  const kind = OF_GPU.exec(name)?.[2];
  const own = kind !== undefined && label.endsWith(` ${kind}`) ? OF_ONE_GPU[kind] : undefined;
  return own ? own(label.slice(0, -` ${kind}`.length)) : (OF_MACHINE[name]?.() ?? label);
}

/** Series to show, those of the GPUs first, each GPU's together. */
export function shownSeries(all: readonly ISystemSeries[]): readonly ISystemSeries[] {
  return all.filter(one => !LEFT_OUT.includes(one.name) && one.count > 0).sort(inOrder);
}

const digits = (n: number): string => localDecimal(n.toFixed(n >= 99.95 ? 0 : 1));

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

/** "Mean 31%, peak 100%", "Mean 6.8, peak 8.2 cores": a unit that both have is said once. */
export function meanPeak(series: ISystemSeries): string {
  const mean = formatUse(series, toNumber(series.mean));
  const peak = formatUse(series, toNumber(series.peak));
  const [number = '', unit] = mean.split(' ');
  const shared = unit !== undefined && unit === peak.split(' ')[1];
  return trans.__('Mean %1, peak %2', shared ? number : mean, peak);
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

const xOf = (value: number, span: ISpan): number =>
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
    const x = xOf(time, span);
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
