/** How far the axes of a chart of many curves reach. All pure. */
import { padded, paddedLog } from '../chart/ranges';
import type { IRange } from '../chart/lines';
import { fromZero } from '../chart/plotOptions';
import { placeRange, valueRange, type ICurves } from './unpack';

export interface IRanges {
  readonly x: IRange;
  readonly y: IRange;
}

const wide = ({ min, max }: IRange): IRange =>
  min === max ? { min: min - 0.5, max: max + 0.5 } : { min, max };

/** The ranges that show all curves, or what of them lies in a range of the x axis. */
export function rangesOf(
  curves: ICurves,
  zoom: IRange | null,
  how: { readonly logY: boolean; readonly ignoreOutliers: boolean }
): IRanges {
  const x = zoom ?? wide(fromZero(placeRange(curves.x)));
  const found = valueRange(curves, x.min, x.max, {
    positive: how.logY,
    ignoreOutliers: how.ignoreOutliers
  });
  const y = found && (how.logY ? paddedLog(found) : padded(found));
  return { x, y: y ?? (how.logY ? { min: 0.1, max: 10 } : { min: 0, max: 1 }) };
}
