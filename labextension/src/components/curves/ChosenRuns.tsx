import React from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { Button } from '../ui/Button';
import { Chip } from '../ui/Chip';

/** A comparison takes at most so many runs. */
const MOST_COMPARED = 200;

interface IChosenRunsProps {
  /** Ids of the runs that were selected. */
  readonly chosen: readonly string[];
  readonly total: number;
  readonly onClear: () => void;
  readonly onOpen: (id: string) => void;
  /** Absent: there is no page to compare runs. */
  readonly onCompare?: (ids: readonly string[]) => void;
}

/** How many runs are selected, and what can be done with them. */
export function ChosenRuns(props: IChosenRunsProps): React.JSX.Element {
  const { chosen, total, onClear, onOpen, onCompare } = props;
  const [only] = chosen;
  return (
    <div className="jp-ml-row jp-ml-curves-chosen" role="status">
      <Chip
        label={trans.__('%1 of %2 runs selected', formatCount(chosen.length), formatCount(total))}
        onRemove={onClear}
      />
      {chosen.length === 1 && only !== undefined && (
        <Button kind="link" onClick={() => onOpen(only)}>
          {trans.__('Open')}
        </Button>
      )}
      {chosen.length > 1 && chosen.length <= MOST_COMPARED && onCompare && (
        <Button kind="link" onClick={() => onCompare(chosen)}>
          {trans.__('Compare')}
        </Button>
      )}
      {chosen.length > MOST_COMPARED && onCompare && (
        <span className="jp-ml-small jp-ml-dim">
          {trans.__('Up to %1 can be compared.', MOST_COMPARED)}
        </span>
      )}
    </div>
  );
}
