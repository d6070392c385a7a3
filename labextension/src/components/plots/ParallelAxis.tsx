import React, { useRef } from 'react';
import { formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import { brushOf, placesOf, type IBrush } from './brush';
import type { IPlotColumn } from './columns';
import { placeY, type IFrame } from './lines';
import type { IScale } from './scale';

interface IParallelAxisProps {
  readonly column: IPlotColumn;
  readonly scale: IScale;
  readonly frame: IFrame;
  readonly x: number;
  /** Px that a label may take. */
  readonly room: number;
  /** On which side of the axis its numbers stand. */
  readonly side: 'left' | 'right';
  readonly brush: IBrush | null;
  readonly onBrush: (brush: IBrush | null) => void;
}

/** Half the width of what can be grabbed, px. */
const GRAB_PX = 12;
const BRUSH_PX = 5;
/** A shorter drag is a click, which clears the range. */
const CLICK_PX = 3;
const STEP = 0.05;
const CHAR_PX = 6;

const cut = (text: string, room: number): string => {
  const most = Math.max(3, Math.floor(room / CHAR_PX));
  const letters = Array.from(text);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
};

/** What the range says aloud. */
function rangeText(scale: IScale, brush: IBrush | null): string {
  if (!brush) {
    return trans.__('no range');
  }
  if (scale.kind === 'number') {
    return trans.__('%1 to %2', formatMetric(brush.min), formatMetric(brush.max));
  }
  const [low, high] = placesOf(scale, brush);
  return scale.ticks
    .filter(tick => tick.place >= low && tick.place <= high)
    .map(tick => tick.label)
    .join(', ');
}

/** The range that a key leads to: arrows move it, Shift and arrows widen or narrow it. Undefined: not our key. */
function keyed(
  event: React.KeyboardEvent,
  scale: IScale,
  brush: IBrush | null
): IBrush | null | undefined {
  const by = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
  if (by === undefined) {
    return event.key === 'Escape' && brush ? null : undefined;
  }
  const [low, high] = brush ? placesOf(scale, brush) : ([0, 1] as const);
  if (!brush) {
    return by > 0 ? brushOf(scale, STEP, 1) : brushOf(scale, 0, 1 - STEP);
  }
  if (event.shiftKey) {
    return brushOf(scale, low, Math.max(low + STEP / 2, high + by));
  }
  const move = by > 0 ? Math.min(by, 1 - high) : Math.max(by, -low);
  // At an end it narrows in the place of moving.
  return move === 0
    ? brushOf(scale, low + Math.max(0, by), Math.max(low + STEP / 2, high + Math.min(0, by)))
    : brushOf(scale, low + move, high + move);
}

/** One axis: its name, its numbers, and the range that is dragged on it or moved with the arrow keys. */
export function ParallelAxis(props: IParallelAxisProps): React.JSX.Element {
  const { column, scale, frame, x, side, brush, onBrush } = props;
  const start = useRef<number | null>(null);
  const places = brush ? placesOf(scale, brush) : null;
  const placeAt = (event: React.PointerEvent<SVGElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return 1 - (event.clientY - box.top) / Math.max(1, box.height);
  };
  const drag = (event: React.PointerEvent<SVGElement>): void => {
    if (start.current !== null) {
      onBrush(brushOf(scale, start.current, placeAt(event)));
    }
  };
  const end = (event: React.PointerEvent<SVGElement>): void => {
    if (start.current !== null && event.type === 'pointerup') {
      const moved = Math.abs(placeAt(event) - start.current) * frame.height;
      if (moved < CLICK_PX) {
        onBrush(null);
      }
    }
    start.current = null;
  };
  const anchor = side === 'left' ? 'end' : 'start';
  const shift = side === 'left' ? -7 : 7;
  return (
    <g className="jp-ml-plot-axis" transform={`translate(${x} 0)`}>
      <text className="jp-ml-plot-name" y={frame.top - 14} textAnchor="middle">
        <title>{column.label}</title>
        {cut(column.label, props.room)}
      </text>
      <line y1={frame.top} y2={frame.top + frame.height} />
      {scale.ticks.map((tick, i) => (
        <g key={i} transform={`translate(0 ${placeY(frame, tick.place)})`}>
          <line x1={side === 'left' ? -4 : 0} x2={side === 'left' ? 0 : 4} />
          <text className="jp-ml-plot-tick" x={shift} dy="0.32em" textAnchor={anchor}>
            <title>{tick.label}</title>
            {cut(tick.label, props.room * 0.6)}
          </text>
        </g>
      ))}
      {places && (
        <rect
          className="jp-ml-plot-brush"
          x={-BRUSH_PX}
          width={2 * BRUSH_PX}
          y={placeY(frame, places[1])}
          height={Math.max(2, (places[1] - places[0]) * frame.height)}
        />
      )}
      <rect
        className="jp-ml-plot-grab"
        x={-GRAB_PX}
        width={2 * GRAB_PX}
        y={frame.top}
        height={frame.height}
        role="slider"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={trans.__('Range of %1', column.label)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((places ? (places[0] + places[1]) / 2 : 0.5) * 100)}
        aria-valuetext={rangeText(scale, brush)}
        onPointerDown={event => {
          event.currentTarget.setPointerCapture?.(event.pointerId);
          start.current = placeAt(event);
        }}
        onPointerMove={drag}
        onPointerUp={end}
        onPointerCancel={end}
        onKeyDown={event => {
          const next = keyed(event, scale, brush);
          if (next !== undefined) {
            event.preventDefault();
            event.stopPropagation();
            onBrush(next);
          }
        }}
      />
    </g>
  );
}
