import React from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { Chip } from '../ui/Chip';
import type { IRange, XAxis } from './lines';
import { xLabel } from './ranges';

interface IZoomChipProps {
  readonly zoom: IRange;
  readonly axis: XAxis;
  readonly onReset: () => void;
}

/** "Steps 12,000 to 14,500": the part of the axis that all charts show. */
export function zoomText({ min, max }: IRange, axis: XAxis): string {
  if (axis === 'step') {
    return trans.__('Steps %1 to %2', formatCount(Math.ceil(min)), formatCount(Math.floor(max)));
  }
  const step = (max - min) / 4;
  return trans.__('%1 to %2', xLabel(axis, min, step) || '0', xLabel(axis, max, step));
}

/** Says what is zoomed into, and takes it back. */
export function ZoomChip({ zoom, axis, onReset }: IZoomChipProps): React.JSX.Element {
  return (
    <div className="jp-ml-chart-zoom">
      <Chip label={zoomText(zoom, axis)} onRemove={onReset} />
    </div>
  );
}
