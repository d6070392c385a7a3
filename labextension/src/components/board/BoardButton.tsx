import React, { useState } from 'react';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { giveCommand } from '../data/actions';
import type { ISidebarHost } from '../sidebar/host';
import { Button } from '../ui/Button';

/** As many as the server starts one TensorBoard for. */
export const MOST_BOARD_RUNS = 100;

interface IBoardButtonProps {
  readonly source: IRunSource;
  readonly host: ISidebarHost;
  /** Ids; of more than the server takes, the first ones are shown. */
  readonly runs: readonly string[];
  readonly kind?: 'quiet';
  readonly title?: string;
}

/** Starts a TensorBoard for some runs and shows it. */
async function openBoard({ source, host, runs }: IBoardButtonProps): Promise<void> {
  const ids = runs.slice(0, MOST_BOARD_RUNS);
  const board = await giveCommand(source, host, 'tensorboard', { runs: ids });
  const url = board && source.pageUrl(board.url);
  if (url !== null) {
    host.openPage?.(url, trans.__('TensorBoard'));
  }
}

/** One click to the TensorBoard of some runs; nothing where there is no place for it. */
export function BoardButton(props: IBoardButtonProps): React.JSX.Element | null {
  const { source, host, runs, kind, title } = props;
  const [starting, setStarting] = useState(false);
  if (!source.command || !host.openPage) {
    return null;
  }
  const open = (): void => {
    setStarting(true);
    void openBoard(props).finally(() => setStarting(false));
  };
  return (
    <Button
      {...(kind ? { kind } : {})}
      title={title}
      disabled={starting || runs.length === 0}
      aria-busy={starting}
      onClick={open}
    >
      {starting ? trans.__('Starting TensorBoard') : trans.__('TensorBoard')}
    </Button>
  );
}
