import React from 'react';
import { toNumber } from '../../model/format';
import type { JsonNumber } from '../../model/types';

const PAD = 2;

interface ISparklineProps {
  readonly values: readonly JsonNumber[];
  readonly width?: number;
  readonly height?: number;
  /** A run that is alive has a dot at its newest value. */
  readonly live?: boolean;
}

/** Path through the finite values; a gap is left where there is none. Null when fewer than two are finite. */
export function sparkPath(
  values: readonly JsonNumber[],
  width: number,
  height: number
): { path: string; end: readonly [number, number] } | null {
  const numbers = values.map(v => toNumber(v) ?? Number.NaN);
  const finite = numbers.filter(Number.isFinite);
  if (finite.length < 2) {
    return null;
  }
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low || 1;
  const x = (i: number): number => PAD + (i / (numbers.length - 1)) * (width - 2 * PAD);
  const y = (v: number): number => height - PAD - ((v - low) / span) * (height - 2 * PAD);
  let path = '';
  let end: readonly [number, number] = [0, 0];
  let pen = false;
  numbers.forEach((v, i) => {
    if (Number.isFinite(v)) {
      end = [x(i), y(v)];
      path += `${pen ? 'L' : 'M'}${end[0].toFixed(1)} ${end[1].toFixed(1)}`;
    }
    pen = Number.isFinite(v);
  });
  return { path, end };
}

/** A metric's course in 48 × 16 px. Decorative: the value stands beside it as text. */
export function Sparkline({
  values,
  width = 48,
  height = 16,
  live = false
}: ISparklineProps): React.JSX.Element | null {
  const line = sparkPath(values, width, height);
  if (!line) {
    return null;
  }
  return (
    <svg
      className="jp-ml-spark"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      <path d={line.path} />
      {live && <circle cx={line.end[0]} cy={line.end[1]} r="2" />}
    </svg>
  );
}
