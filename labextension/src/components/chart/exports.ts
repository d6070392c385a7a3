/** A chart taken out of its page: its points, its picture, the code that fetches the same. */
import { formatCount } from '../../model/format';
import type { IScalarSeries } from '../../model/types';

/** The points of a series as text with a header line: step, time (ISO 8601, UTC), value. */
export function toCsv(series: IScalarSeries): string {
  const rows = series.steps.map((step, i) => {
    const time = new Date(series.times_ms[i] ?? 0).toISOString();
    return `${step},${time},${series.values[i] ?? ''}`;
  });
  return ['step,time,value', ...rows, ''].join('\n');
}

/** A cell that fetches the same points as a DataFrame. */
export function toCode(run: string, metric: string): string {
  const name = JSON.stringify(metric);
  return [
    'import pandas as pd',
    'from ml_jupyter import Workspace',
    '',
    `run = Workspace.from_config().get_run(${JSON.stringify(run)})`,
    `values = run.get_metrics(${name})[${name}]`,
    `frame = pd.DataFrame({${name}: values})`,
    'frame.plot()'
  ].join('\n');
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');

const SVG = { width: 640, height: 360, left: 56, right: 16, top: 32, bottom: 32 } as const;

/** The raw curve as a picture that scales, with its extremes named on the axes. Null: there is nothing to draw. */
export function toSvg(series: IScalarSeries, ink = '#197ec8'): string | null {
  const points = series.steps.flatMap((x, i) => {
    const y = Number(series.values[i] ?? NaN);
    return Number.isFinite(y) ? [{ x, y }] : [];
  });
  if (points.length < 2) {
    return null;
  }
  const [xs, ys] = [points.map(p => p.x), points.map(p => p.y)];
  const [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  const [y0, y1] = [Math.min(...ys), Math.max(...ys)];
  const { width, height, left, right, top, bottom } = SVG;
  const x = (v: number): number => left + ((v - x0) / (x1 - x0 || 1)) * (width - left - right);
  const y = (v: number): number =>
    height - bottom - ((v - y0) / (y1 - y0 || 1)) * (height - top - bottom);
  const path = points.map(p => `${x(p.x).toFixed(1)} ${y(p.y).toFixed(1)}`).join('L');
  const label = (v: number): string => String(Number(v.toPrecision(4)));
  const base = height - bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="20" font-size="13">${escaped(series.name)}</text>`,
    `<path d="M${left} ${top}V${base}H${width - right}" fill="none" stroke="#bdbdbd"/>`,
    `<text x="${left - 6}" y="${top + 4}" text-anchor="end">${label(y1)}</text>`,
    `<text x="${left - 6}" y="${base}" text-anchor="end">${label(y0)}</text>`,
    `<text x="${left}" y="${base + 16}">${formatCount(x0)}</text>`,
    `<text x="${width - right}" y="${base + 16}" text-anchor="end">${formatCount(x1)}</text>`,
    `<path d="M${path}" fill="none" stroke="${ink}" stroke-width="1.5"/>`,
    '</svg>'
  ].join('\n');
}

/** The canvas on its ground as PNG; null where there is none. */
export function toPng(canvas: HTMLCanvasElement | null, ground: string): string | null {
  if (!canvas) {
    return null;
  }
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const draw = copy.getContext('2d');
  if (!draw) {
    return null;
  }
  draw.fillStyle = ground;
  draw.fillRect(0, 0, copy.width, copy.height);
  draw.drawImage(canvas, 0, 0);
  return copy.toDataURL('image/png');
}

/** Has the browser save something under a name. */
export function save(name: string, url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replace(/[\\/:*?"<>|]+/g, '_');
  link.click();
}

export const asUrl = (text: string, kind: string): string =>
  `data:${kind};charset=utf-8,${encodeURIComponent(text)}`;
