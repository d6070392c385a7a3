import React, { memo, useMemo } from 'react';
import { toNumber } from '../../model/format';
import type { ISystemSeries } from '../../model/use';
import {
  BOX,
  areaPath,
  formatOfFull,
  seriesLabel,
  meanPeak,
  nearest,
  scaleOf,
  type ISpan
} from './series';

interface IUseRowProps {
  readonly series: ISystemSeries;
  readonly span: ISpan;
  /** Time under the pointer; null when it is elsewhere. */
  readonly at: number | null;
}

/** The grey area, on the machine's full scale so that idle looks idle. */
const Area = memo(function Area({ series, span }: Omit<IUseRowProps, 'at'>): React.JSX.Element {
  const { line, area } = useMemo(() => areaPath(series, span, scaleOf(series)), [series, span]);
  const peaks = useMemo(
    () => series.peaks && areaPath({ ...series, values: series.peaks }, span, scaleOf(series)).line,
    [series, span]
  );
  return (
    <svg viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none" aria-hidden="true">
      <line x1="0" x2={BOX.width} y1={BOX.height - 0.5} y2={BOX.height - 0.5} />
      <path className="jp-mod-area" d={area} />
      <path d={line} />
      {peaks && <path className="jp-mod-peak" d={peaks} />}
    </svg>
  );
});

/** One thing that was used: its name and value, its course, its mean and peak. */
export function UseRow({ series, span, at }: IUseRowProps): React.JSX.Element {
  const index = at === null ? -1 : nearest(series.times_ms, at);
  const value = index < 0 ? toNumber(series.last) : toNumber(series.values[index]);
  const name = seriesLabel(series);
  const text = formatOfFull(series, value);
  return (
    <div className="jp-ml-sys-row" role="img" aria-label={`${name}: ${text}. ${meanPeak(series)}.`}>
      <div className="jp-ml-sys-name">
        <span>{name}</span>
        <span className="jp-ml-small jp-ml-dim">{meanPeak(series)}</span>
      </div>
      <div className="jp-ml-sys-area">
        <Area series={series} span={span} />
      </div>
      <span className="jp-ml-sys-value">{text}</span>
    </div>
  );
}
