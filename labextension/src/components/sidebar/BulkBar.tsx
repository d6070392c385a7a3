import React from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { Button, IconButton } from '../ui/Button';

interface IBulkBarProps {
  readonly count: number;
  /** Runs among them that can be stopped. */
  readonly stoppable: number;
  readonly onStop: () => void;
  /** Shows them side by side; absent: there is no place for that. */
  readonly onCompare?: () => void;
  readonly onTag: () => void;
  readonly onArchive: () => void;
  readonly onMore: (at: { x: number; y: number }) => void;
  readonly onClear: () => void;
}

/** What can be done with all selected runs at once; in a narrow panel the menu has what finds no place. */
export function BulkBar(props: IBulkBarProps): React.JSX.Element {
  return (
    <div className="jp-ml-bulk" role="toolbar" aria-label={trans.__('Selected runs')}>
      <span className="jp-ml-grow jp-ml-cut jp-ml-num" role="status">
        {trans.__('%1 selected', formatCount(props.count))}
      </span>
      {props.onCompare && props.count > 1 && (
        <Button kind="primary" onClick={props.onCompare}>
          {trans.__('Compare')}
        </Button>
      )}
      {props.stoppable > 0 && (
        <Button className="jp-ml-bulk-mid" onClick={props.onStop}>
          {trans.__('Stop')}
        </Button>
      )}
      <Button className="jp-ml-bulk-mid" onClick={props.onTag}>
        {trans.__('Tag')}
      </Button>
      <Button className="jp-ml-bulk-wide" onClick={props.onArchive}>
        {trans.__('Archive')}
      </Button>
      <IconButton
        icon="more"
        label={trans.__('More')}
        aria-haspopup="menu"
        onClick={event => {
          const box = event.currentTarget.getBoundingClientRect();
          props.onMore({ x: box.left, y: box.bottom });
        }}
      />
      <IconButton icon="close" label={trans.__('Clear selection')} onClick={props.onClear} />
    </div>
  );
}
