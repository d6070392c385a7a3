import React from 'react';
import { trans } from '../../model/language';
import { Icon } from './Icon';

interface IChipProps {
  readonly label: string;
  /** Absent: the chip cannot be removed. */
  readonly onRemove?: () => void;
}

/** A tag or a filter that is set, 20 px high. */
export function Chip({ label, onRemove }: IChipProps): React.JSX.Element {
  return (
    <span className="jp-ml-chip">
      <span className="jp-ml-cut" title={label}>
        {label}
      </span>
      {onRemove && (
        <button
          type="button"
          className="jp-ml-chip-x"
          title={trans.__('Remove %1', label)}
          aria-label={trans.__('Remove %1', label)}
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      )}
    </span>
  );
}
