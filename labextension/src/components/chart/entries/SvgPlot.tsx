import React from 'react';
import { roundTicks } from '../../plots/scale';
import { axisLabel } from '../ranges';
import type { IRange } from '../lines';

interface ISvgPlotProps {
  /** What it shows, for those who cannot see it. */
  readonly label: string;
  readonly x: IRange;
  readonly y: IRange;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly width?: number;
  readonly height?: number;
  /** Draws by the places of values, px. */
  readonly children: (px: (x: number) => number, py: (y: number) => number) => React.ReactNode;
}

const LEFT_PX = 52;
const RIGHT_PX = 12;
const TOP_PX = 18;
const BOTTOM_PX = 34;
const WIDTH_PX = 420;
const HEIGHT_PX = 240;
const TICKS = 5;

/** Ticks with their labels; between them as many decimals as their distance needs. */
function ticksOf({ min, max }: IRange): { value: number; label: string }[] {
  const values = roundTicks(min, max, TICKS).filter(v => v >= min && v <= max);
  const step = (values[1] ?? max) - (values[0] ?? min);
  return values.map(value => ({ value, label: axisLabel(value, step) }));
}

/** Two axes with titles, and what is drawn between them. */
export function SvgPlot(props: ISvgPlotProps): React.JSX.Element {
  const { label, x, y, xTitle, yTitle, width = WIDTH_PX, height = HEIGHT_PX } = props;
  const [right, bottom] = [width - RIGHT_PX, height - BOTTOM_PX];
  const px = (value: number): number =>
    LEFT_PX + ((right - LEFT_PX) * (value - x.min)) / (x.max - x.min || 1);
  const py = (value: number): number =>
    bottom - ((bottom - TOP_PX) * (value - y.min)) / (y.max - y.min || 1);
  return (
    <svg
      className="jp-ml-svgplot"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      {ticksOf(y).map(({ value, label: text }) => (
        <g key={value}>
          <path className="jp-ml-svgplot-grid" d={`M${LEFT_PX} ${py(value)}H${right}`} />
          <text x={LEFT_PX - 6} y={py(value) + 3} textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {ticksOf(x).map(({ value, label: text }) => (
        <text key={value} x={px(value)} y={bottom + 14} textAnchor="middle">
          {text}
        </text>
      ))}
      {props.children(px, py)}
      <path className="jp-ml-svgplot-axis" d={`M${LEFT_PX} ${bottom}H${right}`} />
      <text x={right} y={height - 4} textAnchor="end">
        {xTitle}
      </text>
      <text x={4} y={10}>
        {yTitle}
      </text>
    </svg>
  );
}
