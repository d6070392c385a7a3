import React, { memo, useMemo, useRef } from 'react';
import { trans } from '../../model/language';
import { useWidth } from '../run/useWidth';
import { inRange, type Brushes } from './brush';
import { rowColours } from './colour';
import type { IPlotColumn, IPlotRow } from './columns';
import { axisX, rowPath, type IFrame } from './lines';
import { ParallelAxis } from './ParallelAxis';
import { scaleOf } from './scale';

export interface IParallelCoordinatesProps {
  /** What it is, for those who cannot see it. */
  readonly label: string;
  readonly rows: readonly IPlotRow[];
  /** The axes, from the left; each has one value a row. */
  readonly columns: readonly IPlotColumn[];
  /** Ids of columns with a logarithmic axis; one that cannot be shown so stays linear. */
  readonly log?: ReadonlySet<string>;
  /** The column whose value colours the rows; null: each has its own colour. */
  readonly colourBy?: IPlotColumn | null;
  readonly brushes: Brushes;
  readonly onBrushes: (brushes: Brushes) => void;
  /** The row that stands out; null: all alike. */
  readonly focus: string | null;
  readonly onFocus: (id: string | null) => void;
  readonly onOpen?: (id: string) => void;
  /** Px; 320 when absent. */
  readonly height?: number;
}

const TOP_PX = 34;
const BOTTOM_PX = 12;
const SIDE_PX = 56;
const HEIGHT_PX = 320;
/** Axes stand no closer, so that their names can be read; a narrow place scrolls sideways. */
const BETWEEN_PX = 96;
const NONE: ReadonlySet<string> = new Set();

/** The brushes without a column's, or with another one. */
function withBrush(brushes: Brushes, id: string, brush: Brushes[string] | null): Brushes {
  const rest = Object.entries(brushes).filter(([key]) => key !== id);
  return Object.fromEntries(brush ? [...rest, [id, brush] as const] : rest);
}

interface ILinesProps {
  readonly rows: readonly IPlotRow[];
  readonly paths: readonly string[];
  readonly colours: readonly string[];
  readonly within: readonly boolean[];
}

/** The lines, those out of range below; drawn again only when they change, not when another one stands out. */
const Lines = memo(function Lines({ rows, paths, colours, within }: ILinesProps) {
  const indices = rows.map((_, i) => i);
  const line = (i: number): React.JSX.Element => (
    <path
      key={rows[i]?.id}
      data-row={i}
      d={paths[i]}
      style={{ stroke: colours[i] }}
      className={within[i] === true ? 'jp-ml-plot-line' : 'jp-ml-plot-line jp-mod-out'}
    >
      <title>{rows[i]?.name}</title>
    </path>
  );
  return (
    <>
      {indices.filter(i => within[i] !== true).map(line)}
      {indices.filter(i => within[i] === true).map(line)}
    </>
  );
});

/**
 * One line a row over one axis a column. A range dragged on an axis keeps the rows inside it and fades the others.
 * Paths are plain SVG, so that a picture of it can be saved and a thousand rows need no canvas.
 */
export function ParallelCoordinates(props: IParallelCoordinatesProps): React.JSX.Element {
  const { rows, columns, log = NONE, brushes, focus, onFocus, onOpen } = props;
  const place = useRef<HTMLDivElement>(null);
  const room = useWidth(place);
  const width = Math.max(room, 2 * SIDE_PX + BETWEEN_PX * (columns.length - 1));
  const height = props.height ?? HEIGHT_PX;
  const frame = useMemo<IFrame>(
    () => ({
      left: SIDE_PX,
      top: TOP_PX,
      width: Math.max(80, width - 2 * SIDE_PX),
      height: Math.max(40, height - TOP_PX - BOTTOM_PX)
    }),
    [width, height]
  );
  const scales = useMemo(
    () => new Map(columns.map(column => [column.id, scaleOf(column, log.has(column.id))])),
    [columns, log]
  );
  const paths = useMemo(
    () => rows.map((_, i) => rowPath(i, columns, scales, frame)),
    [rows, columns, scales, frame]
  );
  const colourBy = props.colourBy ?? null;
  const colours = useMemo(
    () => rowColours(rows, colourBy, colourBy !== null && log.has(colourBy.id)),
    [rows, colourBy, log]
  );
  const within = useMemo(
    () => inRange(rows.length, columns, scales, brushes),
    [rows, columns, scales, brushes]
  );
  const focused = focus === null ? -1 : rows.findIndex(row => row.id === focus);
  const rowAt = (event: React.SyntheticEvent): string | null => {
    const at = event.target instanceof Element ? event.target.getAttribute('data-row') : null;
    return (at !== null && within[Number(at)] === true && rows[Number(at)]?.id) || null;
  };
  const between = columns.length > 1 ? frame.width / (columns.length - 1) : frame.width;
  return (
    <div ref={place} className="jp-ml-parallel">
      <svg
        width={width}
        height={height}
        role="group"
        aria-label={trans.__(
          '%1: %2 of %3 in range, %4 axes',
          props.label,
          within.filter(Boolean).length,
          rows.length,
          columns.length
        )}
      >
        <g
          className={focused >= 0 ? 'jp-ml-plot-lines jp-mod-dim' : 'jp-ml-plot-lines'}
          onPointerOver={event => onFocus(rowAt(event))}
          onPointerLeave={() => onFocus(null)}
          onClick={event => {
            const id = rowAt(event);
            if (id !== null) {
              onOpen?.(id);
            }
          }}
        >
          <Lines {...{ rows, paths, colours, within }} />
        </g>
        {focused >= 0 && within[focused] === true && (
          <path
            d={paths[focused]}
            style={{ stroke: colours[focused] }}
            className="jp-ml-plot-line jp-mod-focus"
          />
        )}
        {columns.map((column, i) => {
          const scale = scales.get(column.id);
          return scale ? (
            <ParallelAxis
              key={column.id}
              {...{ column, scale, frame }}
              room={between}
              x={axisX(frame, i, columns.length)}
              side={i === columns.length - 1 && columns.length > 1 ? 'right' : 'left'}
              brush={brushes[column.id] ?? null}
              onBrush={brush => props.onBrushes(withBrush(brushes, column.id, brush))}
            />
          ) : null;
        })}
      </svg>
    </div>
  );
}
