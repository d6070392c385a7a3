import React from 'react';
import { formatFullTime, formatTime } from '../../model/format';
import { clockTimes } from './timeline';

interface ITimeAxisProps {
  readonly from: number;
  readonly to: number;
}

const MOST_LABELS = 7;

/** Times of day below curves and lanes; on a week's axis with the day. */
export function TimeAxis({ from, to }: ITimeAxisProps): React.JSX.Element {
  return (
    <div className="jp-ml-sys-axis" aria-hidden="true">
      <div className="jp-ml-sys-area">
        {clockTimes(from, to, MOST_LABELS).map(at => (
          <span
            key={at}
            style={{ left: `${((at - from) / (to - from)) * 100}%` }}
            title={formatFullTime(at)}
          >
            {formatTime(at, to)}
          </span>
        ))}
      </div>
    </div>
  );
}
