/** Where an axis of time has its labels. All pure. */
import { xSteps } from '../chart/ranges';
import type { ISpan } from './series';

const LABEL_PX = 96;

/**
 * Times at which the axis has a label: round ones since `origin`, as many as there is room for.
 *
 * @param width - of the axis, px
 */
export function axisTimes(span: ISpan, origin: number, width: number): readonly number[] {
  const most = Math.max(2, Math.floor(width / LABEL_PX));
  const length = span.max - span.min;
  const step = xSteps('relative').find(one => length / one <= most) ?? length;
  const first = Math.ceil((span.min - origin) / step) * step + origin;
  const count = Math.floor((span.max - first) / step) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => first + i * step);
}
