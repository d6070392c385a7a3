import { useEffect, useMemo, useState } from 'react';
import type { IRunSource } from '../../model/source';
import type { IScalarSeries } from '../../model/types';
import { axisMetric, stepsWithin, toLine, type ILine, type IRange, type XAxis } from './lines';

/** Points asked for inside a zoomed range. */
const ZOOM_POINTS = 2000;

interface IDetail {
  readonly zoom: IRange;
  readonly line: ILine;
}

/**
 * The line to draw: the live one, or, once a range was zoomed into, what the source has in that range. The zoomed one
 * stays as it is while new data comes; until it has come, the live one is shown in the same range.
 */
export function useZoomed(
  source: IRunSource,
  runId: string,
  series: IScalarSeries,
  axis: XAxis,
  zoom: IRange | null,
  along: IScalarSeries | null = null
): ILine {
  const whole = useMemo(() => toLine(series, axis, undefined, along), [series, axis, along]);
  const [detail, setDetail] = useState<IDetail | null>(null);
  const { name, downsampled } = series;
  const origin = series.times_ms[0];
  const steps = zoom && stepsWithin(whole, zoom);
  const from = steps?.min;
  const to = steps?.max;

  useEffect(() => {
    setDetail(null);
    // Along another metric a range is no range of steps.
    if (
      !zoom ||
      !downsampled ||
      axisMetric(axis) !== null ||
      from === undefined ||
      to === undefined
    ) {
      return;
    }
    let wanted = true;
    const args = { run: runId, names: [name], points: ZOOM_POINTS, x_min: from, x_max: to };
    source.query('metrics', args).then(
      answer => {
        const found = answer.find(one => one.name === name);
        if (wanted && found?.kind === 'scalar' && found.values.length > 0) {
          setDetail({ zoom, line: toLine(found, axis, origin) });
        }
      },
      () => undefined
    );
    return () => {
      wanted = false;
    };
    // A zoomed chart stays as it is while data comes: the origin and the range in steps are read once a zoom.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [source, runId, name, axis, zoom, downsampled]);

  return detail && detail.zoom === zoom ? detail.line : whole;
}
