import React from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IRunSummary } from '../../model/types';
import { BoardButton } from '../board/BoardButton';
import type { ISidebarHost } from '../sidebar/host';
import type { IRunActions } from '../sidebar/useRunActions';
import { Button, IconButton } from '../ui/Button';

interface ISelectionBarProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  readonly runs: readonly IRunSummary[];
  readonly canWrite: boolean;
  readonly stoppable: number;
  readonly actions: IRunActions;
  readonly onClear: () => void;
}

/** What can be done with all selected runs at once. */
export function SelectionBar(props: ISelectionBarProps): React.JSX.Element {
  const { source, host, runs, actions } = props;
  return (
    <div className="jp-ml-bulk" role="toolbar" aria-label={trans.__('Selected runs')}>
      <span className="jp-ml-grow jp-ml-num" role="status">
        {trans.__('%1 selected', formatCount(runs.length))}
      </span>
      {host.compareRuns && runs.length > 1 && (
        <Button kind="primary" onClick={() => host.compareRuns?.(runs.map(run => run.id))}>
          {trans.__('Compare')}
        </Button>
      )}
      <BoardButton {...{ source, host }} runs={runs.map(run => run.id)} />
      {props.canWrite && props.stoppable > 0 && (
        <Button onClick={() => actions.stop(runs)}>{trans.__('Stop')}</Button>
      )}
      {props.canWrite && <Button onClick={() => actions.tag(runs)}>{trans.__('Tag')}</Button>}
      {props.canWrite && (
        <Button onClick={() => actions.archive(runs)}>{trans.__('Archive')}</Button>
      )}
      <IconButton icon="close" label={trans.__('Clear selection')} onClick={props.onClear} />
    </div>
  );
}
