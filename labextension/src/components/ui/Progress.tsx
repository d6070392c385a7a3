import React from 'react';
import { trans } from '../../model/language';
import type { StateFamily } from '../../model/state';

interface IProgressProps {
  /** Share done, 0..1. */
  readonly value: number;
  readonly family?: StateFamily;
  readonly label?: string;
}

/** Progress as a 2 px hairline in the state's colour. */
export function Progress({ value, family = 'running', label }: IProgressProps): React.JSX.Element {
  return (
    <div
      className="jp-ml-progress"
      data-state={family}
      role="progressbar"
      aria-label={label ?? trans.__('Progress')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(value * 100)}
    >
      <i style={{ width: `${(value * 100).toFixed(2)}%` }} />
    </div>
  );
}
