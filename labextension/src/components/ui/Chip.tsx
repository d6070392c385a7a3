import React from 'react';
import { trans } from '../../model/language';
import { Icon } from './Icon';

interface IChipProps {
  readonly label: string;
  /** Absent: the chip cannot be removed. */
  readonly onRemove?: () => void;
  /** What removing it does; "Remove" and the label when absent. */
  readonly remove?: string;
}

/** A tag or a filter that is set, 20 px high. */
export function Chip({ label, onRemove, remove }: IChipProps): React.JSX.Element {
  const word = remove ?? trans.__('Remove %1', label);
  return (
    <span className="jp-ml-chip">
      <span className="jp-ml-cut" title={label}>
        {label}
      </span>
      {onRemove && (
        <button
          type="button"
          className="jp-ml-chip-x"
          title={word}
          aria-label={word}
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      )}
    </span>
  );
}
