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

/** What can be done with all selected runs at once. */
export function BulkBar(props: IBulkBarProps): React.JSX.Element {
  return (
    <div className="jp-ml-bulk" role="toolbar" aria-label={trans.__('Selected runs')}>
      <span className="jp-ml-grow jp-ml-num" role="status">
        {trans.__('%1 selected', formatCount(props.count))}
      </span>
      {props.stoppable > 0 && <Button onClick={props.onStop}>{trans.__('Stop')}</Button>}
      {props.onCompare && props.count > 1 && (
        <Button onClick={props.onCompare}>{trans.__('Compare')}</Button>
      )}
      <Button onClick={props.onTag}>{trans.__('Tag')}</Button>
      <Button onClick={props.onArchive}>{trans.__('Archive')}</Button>
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
