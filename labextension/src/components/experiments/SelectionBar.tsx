import React, { useState } from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IRunSummary } from '../../model/types';
import { giveCommand } from '../data/actions';
import type { ISidebarHost } from '../sidebar/host';
import type { IRunActions } from '../sidebar/useRunActions';
import { Button, IconButton } from '../ui/Button';

/** As many as the server starts one TensorBoard for. */
const MOST_BOARD_RUNS = 100;

interface ISelectionBarProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  readonly runs: readonly IRunSummary[];
  readonly canWrite: boolean;
  readonly stoppable: number;
  readonly actions: IRunActions;
  readonly onClear: () => void;
}

/** Starts a TensorBoard for some runs and shows it. */
async function openBoard(
  source: IRunSource,
  host: ISidebarHost,
  runs: readonly IRunSummary[]
): Promise<void> {
  const ids = runs.slice(0, MOST_BOARD_RUNS).map(run => run.id);
  const board = await giveCommand(source, host, 'tensorboard', { runs: ids });
  const url = board && source.pageUrl(board.url);
  if (url !== null) {
    host.openPage?.(url, trans.__('TensorBoard'));
  }
}

/** What can be done with all selected runs at once. */
export function SelectionBar(props: ISelectionBarProps): React.JSX.Element {
  const { source, host, runs, actions } = props;
  const [starting, setStarting] = useState(false);
  const board = (): void => {
    setStarting(true);
    void openBoard(source, host, runs).finally(() => setStarting(false));
  };
  return (
    <div className="jp-ml-bulk" role="toolbar" aria-label={trans.__('Selected runs')}>
      <span className="jp-ml-grow jp-ml-num" role="status">
        {trans.__('%1 selected', formatCount(runs.length))}
      </span>
      {host.compareRuns && runs.length > 1 && (
        <Button onClick={() => host.compareRuns?.(runs.map(run => run.id))}>
          {trans.__('Compare')}
        </Button>
      )}
      {source.command && host.openPage && (
        <Button disabled={starting} aria-busy={starting} onClick={board}>
          {starting ? trans.__('Starting TensorBoard') : trans.__('TensorBoard')}
        </Button>
      )}
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
