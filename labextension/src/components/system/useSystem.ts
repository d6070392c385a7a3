import { useEffect, useState } from 'react';
import type { IRunSource } from '../../model/source';
import type { ISystemUse } from '../../model/use';
import { useStream, type IStreamState } from '../data/useStream';
import type { ISpan } from './series';

const POINTS = 600;
const ZOOM_POINTS = 2000;

interface IDetail {
  readonly zoom: ISpan;
  readonly use: ISystemUse;
}

/** What a run used, live; within a stretch of time as finely as it was recorded. */
export function useSystem(
  source: IRunSource,
  run: string,
  zoom: ISpan | null
): IStreamState<ISystemUse> {
  const live = useStream(source, 'system', { run, points: POINTS });
  const [detail, setDetail] = useState<IDetail | null>(null);
  const thinned = live.value?.series.some(one => one.downsampled) ?? false;
  useEffect(() => {
    setDetail(null);
    if (!zoom || !thinned) {
      return;
    }
    let wanted = true;
    source.query('system', { run, points: ZOOM_POINTS, x_min: zoom.min, x_max: zoom.max }).then(
      use => wanted && setDetail({ zoom, use }),
      () => undefined
    );
    return () => {
      wanted = false;
    };
  }, [source, run, zoom, thinned]);
  return detail && detail.zoom === zoom ? { value: detail.use, error: null } : live;
}
