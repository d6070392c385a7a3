import React, { useEffect } from 'react';
import { trans } from '../../model/language';
import { isEnded } from '../../model/state';
import type { IFileEntry } from '../../model/types';
import { themed, useDark } from '../board/theme';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import type { ITabProps } from './page';
import { useTensorBoard, type ITensorBoard } from './useTensorBoard';

const EXAMPLE = 'SummaryWriter("./logs")';

interface ITensorBoardTabProps extends ITabProps {
  /** Null until the run's files are known. */
  readonly files: readonly IFileEntry[] | null;
}

/** Whether TensorBoard would find something: its event files carry this in their names. */
export function hasEvents(files: readonly IFileEntry[]): boolean {
  return files.some(file => file.path.startsWith('logs/') && file.path.includes('tfevents'));
}

function NoEvents(props: { ended: boolean; onStart: () => void }): React.JSX.Element {
  return (
    <EmptyState
      title={
        props.ended
          ? trans.__('No TensorBoard event files.')
          : trans.__('No TensorBoard event files yet.')
      }
      text={
        <>
          {props.ended
            ? trans.__('The script wrote none to ./logs. ')
            : trans.__('This page looks for them in ./logs. ')}
          <code className="jp-ml-mono">{EXAMPLE}</code>{' '}
          {trans.__('in the script writes them there.')}
        </>
      }
    >
      <Button onClick={props.onStart}>{trans.__('Start TensorBoard anyway')}</Button>
    </EmptyState>
  );
}

function Running({ board }: { readonly board: ITensorBoard }): React.JSX.Element | null {
  const dark = useDark();
  if (board.now.state !== 'running') {
    return null;
  }
  const url = themed(board.now.url, dark);
  return (
    <>
      <div className="jp-ml-bar jp-ml-tb-bar">
        <span className="jp-ml-small jp-ml-dim">
          {trans.__('TensorBoard runs. It ends by itself when nobody looks.')}
        </span>
        <span className="jp-ml-grow" />
        <a className="jp-ml-btn jp-ml-btn-quiet" href={url} target="_blank" rel="noopener">
          {trans.__('Open in a browser tab')}
        </a>
        <Button icon="stop" onClick={board.stop}>
          {trans.__('Stop TensorBoard')}
        </Button>
      </div>
      <iframe className="jp-ml-frame jp-ml-tb" src={url} title={trans.__('TensorBoard')} />
    </>
  );
}

/** TensorBoard of the run's ./logs: starts when the tab is opened and there is something to see. */
export function TensorBoardTab(props: ITensorBoardTabProps): React.JSX.Element {
  const { source, run, files } = props;
  const board = useTensorBoard(source, run.id);
  const { now, start } = board;
  const found = files !== null && hasEvents(files);
  const idle = now.state === 'idle';
  const mayStart = source.command !== undefined;
  useEffect(() => {
    if (idle && found && mayStart) {
      start();
    }
  }, [idle, found, mayStart, start]);

  if (!mayStart) {
    return (
      <EmptyState
        title={trans.__('TensorBoard is not available here.')}
        text={trans.__('This is a saved picture; TensorBoard needs the server.')}
      />
    );
  }
  if (now.state === 'running') {
    return <Running board={board} />;
  }
  if (now.state === 'starting') {
    return (
      <EmptyState
        title={trans.__('Starting TensorBoard.')}
        text={trans.__('This takes a few seconds.')}
      />
    );
  }
  if (now.state === 'failed') {
    return (
      <EmptyState title={trans.__('TensorBoard did not start.')} text={now.message}>
        <Button onClick={start}>{trans.__('Try again')}</Button>
      </EmptyState>
    );
  }
  if (now.state === 'stopped') {
    return (
      <EmptyState title={trans.__('TensorBoard is stopped.')}>
        <Button onClick={start}>{trans.__('Start TensorBoard')}</Button>
      </EmptyState>
    );
  }
  return files === null || found ? (
    <SkeletonRows count={3} />
  ) : (
    <NoEvents ended={isEnded(run.status)} onStart={start} />
  );
}
