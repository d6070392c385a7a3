import React, { useEffect, useRef, useState } from 'react';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { isEnded, isStoppable, isSubmitted } from '../../model/state';
import type { IRunDetail } from '../../model/types';
import { toClipboard } from '../data/clipboard';
import { giveCommand, loadingCode, runAgain, stopRuns } from '../data/actions';
import { download, exportPath } from '../data/exporting';
import { Button, IconButton } from '../ui/Button';
import { Menu, type MenuEntry } from '../ui/Menu';
import { cloneCode } from './code';

export interface IRunActionsProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
  readonly host: IViewHost;
  /** Stops the run in the host's own way; absent: it is asked and sent from here. */
  readonly onStop?: (id: string) => void;
  /** The address of what the page shows; null where pages have none. */
  readonly link: string | null;
}

function copy(text: string): void {
  void toClipboard(text);
}

async function archive({ source, host, run }: IRunActionsProps): Promise<void> {
  const archived = !run.archived;
  if (await giveCommand(source, host, 'update', { run: run.id, archived })) {
    host.notify(
      'info',
      archived
        ? trans.__('%1 is archived.', run.display_name)
        : trans.__('%1 is back.', run.display_name)
    );
  }
}

async function remove({ source, host, run }: IRunActionsProps): Promise<void> {
  const question = trans.__('Delete %1? It stays in the trash for 7 days.', run.display_name);
  if (await host.confirm(question, trans.__('Delete'))) {
    await giveCommand(source, host, 'delete', { run: run.id });
  }
}

function menuEntries(props: IRunActionsProps): MenuEntry[] {
  const { source, run, host, link } = props;
  const mayWrite = run.can_write && source.command !== undefined;
  const { insertCell } = host;
  const file = source.pageUrl(exportPath(run.workspace_id, [run.id]));
  const again: MenuEntry[] = isSubmitted(run)
    ? [
        {
          label: trans.__('Run again'),
          disabled: !mayWrite,
          run: () => void runAgain(source, host, run)
        },
        insertCell
          ? { label: trans.__('Clone into a cell'), run: () => insertCell(cloneCode(run)) }
          : { label: trans.__('Copy the code that runs it again'), run: () => copy(cloneCode(run)) }
      ]
    : [];
  return [
    ...again,
    insertCell
      ? {
          label: trans.__('Insert the cell that loads it'),
          run: () => insertCell(loadingCode(run))
        }
      : { label: trans.__('Copy the code that loads it'), run: () => copy(loadingCode(run)) },
    {
      label: trans.__('Compare with others'),
      disabled: !host.compareRuns,
      run: () => host.compareRuns?.([run.id])
    },
    'separator',
    { label: trans.__('Copy the run’s id'), run: () => copy(run.id) },
    { label: trans.__('Copy a link'), disabled: link === null, run: () => copy(link ?? '') },
    {
      label: trans.__('Export as one HTML file'),
      disabled: file === null,
      run: () => download(file ?? '')
    },
    'separator',
    {
      label: run.archived ? trans.__('Take out of the archive') : trans.__('Archive'),
      disabled: !mayWrite,
      run: () => void archive(props)
    },
    {
      label: trans.__('Delete'),
      disabled: !mayWrite || !isEnded(run.status),
      run: () => void remove(props)
    }
  ];
}

/** Stop, which answers at once with Stopping. */
function StopButton(props: IRunActionsProps): React.JSX.Element {
  const { source, run, host, onStop } = props;
  const [sent, setSent] = useState(false);
  useEffect(() => setSent(false), [run.status]);
  const stop = (): void => {
    if (onStop) {
      onStop(run.id);
    } else {
      void stopRuns(source, host, [run], () => setSent(true));
    }
  };
  return (
    <Button icon="stop" disabled={sent} onClick={stop}>
      {sent ? trans.__('Stopping') : run.child_count > 0 ? trans.__('Stop all') : trans.__('Stop')}
    </Button>
  );
}

/** What can be done with a run. Stop comes first while it matters; what does not fit is in the menu. */
export function RunActions(props: IRunActionsProps): React.JSX.Element {
  const { source, run, host } = props;
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const mayWrite = run.can_write && source.command !== undefined;
  const open = (): void => {
    const box = button.current?.getBoundingClientRect();
    setAt({ x: box?.left ?? 0, y: box?.bottom ?? 0 });
  };
  return (
    <span className="jp-ml-acts">
      {mayWrite && isStoppable(run) && <StopButton {...props} />}
      {mayWrite && isSubmitted(run) && (
        <Button
          icon="rerun"
          className="jp-ml-page-wide"
          onClick={() => void runAgain(source, host, run)}
        >
          {trans.__('Run again')}
        </Button>
      )}
      {host.insertCell && isSubmitted(run) && (
        <Button
          icon="cells"
          className="jp-ml-page-wide"
          onClick={() => host.insertCell?.(cloneCode(run))}
        >
          {trans.__('Clone into a cell')}
        </Button>
      )}
      <IconButton
        ref={button}
        icon="more"
        label={trans.__('More')}
        aria-haspopup="menu"
        onClick={open}
      />
      {at && (
        <Menu
          at={at}
          label={trans.__('Run')}
          entries={menuEntries(props)}
          onClose={() => setAt(null)}
        />
      )}
    </span>
  );
}
