import React, { useMemo, useRef } from 'react';
import { trans } from '../../model/language';
import { useWidth } from '../run/useWidth';
import { rowColours } from './colour';
import type { IPlotColumn, IPlotRow } from './columns';
import { scaleOf } from './scale';

export interface IScatterProps {
  readonly label: string;
  readonly rows: readonly IPlotRow[];
  readonly x: IPlotColumn;
  readonly y: IPlotColumn;
  /** The column whose value colours the points; null: each has its own colour. */
  readonly colourBy?: IPlotColumn | null;
  readonly log?: ReadonlySet<string>;
  readonly focus: string | null;
  readonly onFocus: (id: string | null) => void;
  readonly onOpen?: (id: string) => void;
  /** Px; 320 when absent. */
  readonly height?: number;
}

const LEFT_PX = 56;
const RIGHT_PX = 16;
const TOP_PX = 12;
const BOTTOM_PX = 40;
const HEIGHT_PX = 320;
const RADIUS_PX = 5;
const NONE: ReadonlySet<string> = new Set();
/** Points do not lie on the frame. */
const INSET = 0.04;

/** Any parameter or metric against any other, one point a row; rows without one of the two are left out and counted. */
export function Scatter(props: IScatterProps): React.JSX.Element {
  const { rows, x, y, log = NONE, focus, onFocus, onOpen } = props;
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const height = props.height ?? HEIGHT_PX;
  const [across, up] = useMemo(
    () => [scaleOf(x, log.has(x.id)), scaleOf(y, log.has(y.id))] as const,
    [x, y, log]
  );
  const colourBy = props.colourBy ?? null;
  const colours = useMemo(
    () => rowColours(rows, colourBy, colourBy !== null && log.has(colourBy.id)),
    [rows, colourBy, log]
  );
  const inset = (at: number): number => INSET + at * (1 - 2 * INSET);
  const xOf = (at: number): number =>
    LEFT_PX + inset(at) * Math.max(40, width - LEFT_PX - RIGHT_PX);
  const yOf = (at: number): number => TOP_PX + (1 - inset(at)) * (height - TOP_PX - BOTTOM_PX);
  const points = rows.flatMap((row, i) => {
    const [left, above] = [across.place(x.values[i]), up.place(y.values[i])];
    return left === null || above === null
      ? []
      : [{ row, cx: xOf(left), cy: yOf(above), colour: colours[i] }];
  });
  const inFront = [...points].sort(
    (a, b) => Number(a.row.id === focus) - Number(b.row.id === focus)
  );
  const left = rows.length - points.length;
  return (
    <div ref={place} className="jp-ml-scatter">
      <svg
        width={width}
        height={height}
        role="group"
        aria-label={trans.__(
          '%1: %2 against %3, %4 points, %5 without a value',
          props.label,
          y.label,
          x.label,
          points.length,
          left
        )}
      >
        <g className="jp-ml-scatter-axis">
          {up.ticks.map((tick, i) => (
            <g key={i} transform={`translate(0 ${yOf(tick.place)})`}>
              <line x1={LEFT_PX} x2={width - RIGHT_PX} />
              <text className="jp-ml-plot-tick" x={LEFT_PX - 6} dy="0.32em" textAnchor="end">
                {tick.label}
              </text>
            </g>
          ))}
          {across.ticks.map((tick, i) => (
            <g key={i} transform={`translate(${xOf(tick.place)} 0)`}>
              <line y1={TOP_PX} y2={height - BOTTOM_PX} />
              <text className="jp-ml-plot-tick" y={height - BOTTOM_PX + 14} textAnchor="middle">
                {tick.label}
              </text>
            </g>
          ))}
          <text className="jp-ml-plot-name" x={width - RIGHT_PX} y={height - 8} textAnchor="end">
            {x.label} →
          </text>
          <text className="jp-ml-plot-name" x={LEFT_PX + 6} y={TOP_PX + 4}>
            ↑ {y.label}
          </text>
        </g>
        {inFront.map(({ row, cx, cy, colour }) => (
          <circle
            key={row.id}
            className={`jp-ml-plot-dot${row.id === focus ? ' jp-mod-focus' : ''}`}
            {...{ cx, cy }}
            r={row.id === focus ? RADIUS_PX + 1 : RADIUS_PX}
            style={{ fill: colour }}
            onPointerEnter={() => onFocus(row.id)}
            onPointerLeave={() => onFocus(null)}
            onClick={onOpen && (() => onOpen(row.id))}
          >
            <title>{row.name}</title>
          </circle>
        ))}
      </svg>
      {left > 0 && (
        <p className="jp-ml-small jp-ml-dim">
          {trans._n('%1 run has no value here.', '%1 runs have no value here.', left)}
        </p>
      )}
    </div>
  );
}
