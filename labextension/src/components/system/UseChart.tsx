import React, { useRef, useState } from 'react';
import { formatFullTime } from '../../model/format';
import { trans } from '../../model/language';
import type { ISystemSeries } from '../../model/use';
import { xLabel } from '../chart/ranges';
import { axisTimes } from './axis';
import { UseRow } from './UseRow';
import type { ISpan } from './series';

interface IUseChartProps {
  readonly series: readonly ISystemSeries[];
  readonly span: ISpan;
  /** When the first point was recorded, ms since the epoch: the axis counts from it. */
  readonly origin: number;
  readonly zoomed: boolean;
  readonly live: boolean;
  readonly onZoom: (span: ISpan | null) => void;
}

/** Drags shorter than this are clicks, px. */
const DRAG_PX = 4;

interface IDrag {
  readonly from: number;
  readonly to: number;
}

/** The pointer over the areas, in px from their left edge; null when it is elsewhere. */
function usePointer({ span, onZoom }: IUseChartProps) {
  const [at, setAt] = useState<number | null>(null);
  const [drag, setDrag] = useState<IDrag | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const width = area.current?.clientWidth ?? 0;
  const xOf = (event: React.PointerEvent): number =>
    event.clientX - (area.current?.getBoundingClientRect().left ?? 0);
  const timeOf = (x: number): number =>
    span.min + (Math.min(width, Math.max(0, x)) / Math.max(1, width)) * (span.max - span.min);
  return {
    area,
    width,
    drag,
    time: at === null || at < 0 || at > width ? null : timeOf(at),
    on: {
      onPointerMove: (event: React.PointerEvent) => {
        setAt(xOf(event));
        setDrag(old => old && { ...old, to: xOf(event) });
      },
      onPointerLeave: () => setAt(null),
      onPointerDown: (event: React.PointerEvent) => {
        if (event.button === 0 && xOf(event) >= 0) {
          setDrag({ from: xOf(event), to: xOf(event) });
        }
      },
      onPointerUp: () => {
        setDrag(null);
        if (drag && Math.abs(drag.to - drag.from) > DRAG_PX) {
          const [min = 0, max = 0] = [timeOf(drag.from), timeOf(drag.to)].sort((a, b) => a - b);
          onZoom({ min, max });
        }
      },
      onDoubleClick: () => onZoom(null)
    }
  };
}

/** All that was used over one axis of time: one cursor, drag to zoom, double click to return. */
export function UseChart(props: IUseChartProps): React.JSX.Element {
  const { series, span, origin, zoomed, live, onZoom } = props;
  const { area, width, drag, time, on } = usePointer(props);
  const x = (at: number): number => ((at - span.min) / (span.max - span.min)) * 100;
  return (
    <div className="jp-ml-sys" {...on}>
      {series.map(one => (
        <UseRow key={one.name} series={one} span={span} at={time} />
      ))}
      <div className="jp-ml-sys-over">
        <div ref={area} className="jp-ml-sys-area">
          {time !== null && <i className="jp-ml-sys-cursor" style={{ left: `${x(time)}%` }} />}
          {drag && (
            <i
              className="jp-ml-sys-drag"
              style={{
                left: Math.min(drag.from, drag.to),
                width: Math.abs(drag.to - drag.from)
              }}
            />
          )}
        </div>
      </div>
      <div className="jp-ml-sys-axis">
        <div className="jp-ml-sys-area" aria-hidden="true">
          {axisTimes(span, origin, width || 600).map((at, _i, all) => (
            <span key={at} style={{ left: `${x(at)}%` }} title={formatFullTime(at)}>
              {xLabel('relative', at - origin, (all[1] ?? at) - (all[0] ?? at))}
            </span>
          ))}
        </div>
        {zoomed && (
          <button type="button" className="jp-ml-btn jp-ml-btn-link" onClick={() => onZoom(null)}>
            {live ? trans.__('live →') : trans.__('Whole run')}
          </button>
        )}
      </div>
    </div>
  );
}
