import React from 'react';
import type { IParts } from './devices';

interface IDeviceBarProps {
  readonly label: string;
  readonly parts: IParts;
  /** All that the bar says, in words. */
  readonly text: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** How full a device is and whose that is: ours solid in the brand's colour, notebooks hatched, others grey. */
export function DeviceBar({ label, parts, text }: IDeviceBarProps): React.JSX.Element {
  const { runs, notebooks, others } = parts;
  const all = Math.min(1, runs + notebooks + others);
  return (
    <span
      className="jp-ml-use"
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(all * 100)}
      aria-valuetext={text}
    >
      {runs > 0 && <i className="jp-mod-runs" style={{ width: percent(runs) }} />}
      {notebooks > 0 && <i className="jp-mod-notebooks" style={{ width: percent(notebooks) }} />}
      {others > 0 && <i style={{ width: percent(others) }} />}
    </span>
  );
}
