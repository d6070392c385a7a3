/** The curve up to a failure, as a drawing needs it. All pure. */
import type { ICurve } from '../../../model/finding';
import { formatSize, toNumber } from '../../../model/format';
import { axisTimes } from '../../system/axis';

export const PLOT = { width: 320, height: 150, left: 44, right: 10, top: 14, bottom: 20 } as const;
const ABOVE = 1.12;

export interface IEvidence {
  readonly line: string;
  /** Where it ended. */
  readonly end: { readonly x: number; readonly y: number };
  readonly limit: { readonly y: number; readonly text: string } | null;
  readonly rows: readonly { readonly y: number; readonly text: string }[];
  readonly columns: readonly { readonly x: number; readonly ms: number; readonly step: number }[];
}

/** Round distances between lines, for at most four of them. */
function roundStep(top: number): number {
  const raw = top / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 5, 10].find(n => n * power >= raw) ?? 10) * power;
}

const label = (value: number, unit: string): string =>
  unit === 'bytes' ? formatSize(value).replace(/\.0 /, ' ') : String(value);

/** Null: there is nothing to draw. */
export function evidenceOf(curve: ICurve): IEvidence | null {
  const points = curve.times_ms.flatMap((ms, i) => {
    const value = toNumber(curve.values[i]);
    return value === null || !Number.isFinite(value) ? [] : [{ ms, value }];
  });
  const first = points[0];
  const last = points[points.length - 1];
  if (!first || !last || points.length < 2) {
    return null;
  }
  const peak = Math.max(...points.map(p => p.value), curve.limit ?? 0);
  const top = peak * ABOVE || 1;
  const { width, height, left, right, bottom } = PLOT;
  const span = Math.max(1, last.ms - first.ms);
  const x = (ms: number): number => left + ((ms - first.ms) / span) * (width - left - right);
  const y = (value: number): number =>
    height - bottom - (value / top) * (height - bottom - PLOT.top);
  const step = roundStep(top);
  const times = axisTimes({ min: first.ms, max: last.ms }, first.ms, width - left);
  return {
    line: `M${points.map(p => `${x(p.ms).toFixed(1)} ${y(p.value).toFixed(1)}`).join('L')}`,
    end: { x: x(last.ms), y: y(last.value) },
    limit:
      curve.limit === null ? null : { y: y(curve.limit), text: label(curve.limit, curve.unit) },
    rows: Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => ({
      y: y(i * step),
      text: i === 0 ? '0' : label(i * step, curve.unit)
    })),
    columns: times.map(ms => ({
      x: x(ms),
      ms: ms - first.ms,
      step: (times[1] ?? ms) - (times[0] ?? ms)
    }))
  };
}
