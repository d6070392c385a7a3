import { useEffect, useMemo, useState } from 'react';
import type { IRunSource } from '../../../model/source';
import type { IScalarSeries } from '../../../model/types';
import { axisMetric, positiveOnly, stepsWithin, toLine, type IRange } from '../lines';
import type { IPalette } from '../palette';
import type { IChartSettings } from '../settings';
import { isRough, smooth } from '../smoothing';
import { scalarOf, type IOtherLine, type IOverlay } from './lines';

const ZOOM_POINTS = 2000;

interface IDetail {
  readonly zoom: IRange;
  readonly series: ReadonlyMap<string, IScalarSeries>;
}

/** What the source has of the zoomed range, for the runs whose lines were thinned. */
function useDetail(
  source: IRunSource,
  overlays: readonly IOverlay[],
  name: string,
  axis: IChartSettings['axis'],
  zoom: IRange | null
): IDetail | null {
  const [detail, setDetail] = useState<IDetail | null>(null);
  const ids = overlays.map(one => one.id).join();
  useEffect(() => {
    setDetail(null);
    if (!zoom || axisMetric(axis) !== null) {
      return;
    }
    let wanted = true;
    const ask = async (
      overlay: IOverlay
    ): Promise<readonly (readonly [string, IScalarSeries])[]> => {
      const whole = scalarOf(overlay.series, name);
      const steps = whole?.downsampled ? stepsWithin(toLine(whole, axis), zoom) : null;
      if (!steps) {
        return [];
      }
      const range = { x_min: steps.min, x_max: steps.max };
      const args = { run: overlay.id, names: [name], points: ZOOM_POINTS, ...range };
      const found = scalarOf(await source.query('metrics', args), name);
      return found ? [[overlay.id, found]] : [];
    };
    Promise.all(overlays.map(ask)).then(
      answers => wanted && setDetail({ zoom, series: new Map(answers.flat()) }),
      () => undefined
    );
    return () => {
      wanted = false;
    };
    // A zoomed chart stays as it is while data comes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [source, ids, name, axis, zoom]);
  return detail?.zoom === zoom ? detail : null;
}

/** The lines of the other runs in the chart of a metric; hidden ones and those without it are left out. */
export function useOtherLines(
  source: IRunSource,
  overlays: readonly IOverlay[],
  name: string,
  settings: IChartSettings,
  zoom: IRange | null,
  palette: IPalette | null
): readonly IOtherLine[] {
  const { axis, logY, smoothing } = settings;
  const detail = useDetail(source, overlays, name, axis, zoom);
  return useMemo(
    () =>
      overlays.flatMap((overlay): IOtherLine[] => {
        const whole = scalarOf(overlay.series, name);
        if (overlay.hidden || !whole || !palette) {
          return [];
        }
        const series = detail?.series.get(overlay.id) ?? whole;
        const metric = axisMetric(axis);
        const along = metric === null ? null : scalarOf(overlay.series, metric);
        const line = toLine(series, axis, whole.times_ms[0], along);
        const y = logY ? positiveOnly(line.y).y : line.y;
        const { length } = palette.series;
        return [
          {
            id: overlay.id,
            name: overlay.name,
            line: { ...line, y },
            smoothed: smoothing > 0 && isRough(y) ? smooth(y, smoothing) : null,
            colour: palette.series[overlay.colour % length] ?? palette.ink,
            dashed: overlay.colour >= length
          }
        ];
      }),
    [overlays, detail, name, axis, logY, smoothing, palette]
  );
}
