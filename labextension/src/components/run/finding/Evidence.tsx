import React, { useMemo } from 'react';
import type { ICurve } from '../../../model/finding';
import { formatSize, toNumber } from '../../../model/format';
import { trans } from '../../../model/language';
import { xLabel } from '../../chart/ranges';
import { PLOT, evidenceOf } from './curve';

const CROSS_PX = 4;

/** All that the drawing says, in words. */
function summary(curve: ICurve): string {
  const last = toNumber(curve.values[curve.values.length - 1]) ?? 0;
  const limit =
    curve.limit === null ? '' : trans.__(' of %1 that there were', formatSize(curve.limit));
  return trans.__('%1 at the end: %2%3.', curve.label, formatSize(last), limit);
}

/** What the job held up to its end, on the scale of what there was; × where it ended. */
export function Evidence({ curve }: { readonly curve: ICurve }): React.JSX.Element | null {
  const drawn = useMemo(() => evidenceOf(curve), [curve]);
  if (!drawn) {
    return null;
  }
  const { width, height, left, right, bottom } = PLOT;
  const { end, limit } = drawn;
  return (
    <figure className="jp-ml-finding-part jp-ml-evidence">
      <h3>{trans.__('%1 by time', curve.label)}</h3>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="img"
        aria-label={summary(curve)}
      >
        {drawn.rows.map(({ y, text }) => (
          <g key={y}>
            <line className="jp-mod-grid" x1={left} x2={width - right} y1={y} y2={y} />
            <text x={left - 6} y={y + 3} textAnchor="end">
              {text}
            </text>
          </g>
        ))}
        {drawn.columns.map(({ x, ms, step }) => (
          <text key={ms} x={x} y={height - bottom + 14} textAnchor={ms === 0 ? 'start' : 'middle'}>
            {xLabel('relative', ms, step)}
          </text>
        ))}
        {limit && (
          <>
            <line className="jp-mod-limit" x1={left} x2={width - right} y1={limit.y} y2={limit.y} />
            <text x={left + 4} y={limit.y - 4}>
              {trans.__('%1 in all', limit.text)}
            </text>
          </>
        )}
        <path d={drawn.line} />
        <path
          className="jp-mod-end"
          d={`M${end.x - CROSS_PX} ${end.y - CROSS_PX}l${2 * CROSS_PX} ${2 * CROSS_PX}m0 ${-2 * CROSS_PX}l${-2 * CROSS_PX} ${2 * CROSS_PX}`}
        />
        {curve.asked !== null && (
          <text className="jp-mod-asked" x={end.x - 8} y={end.y + 40} textAnchor="end">
            {trans.__('asked for %1 more', formatSize(curve.asked))}
          </text>
        )}
      </svg>
    </figure>
  );
}
