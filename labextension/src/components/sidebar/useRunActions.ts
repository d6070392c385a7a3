import { useMemo, useState } from 'react';
import { asSourceError } from '../../model/errors';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { isEnded, isStoppable, isSubmitted } from '../../model/state';
import type { IRunSummary } from '../../model/types';
import { giveCommand, loadingCode, parseTag, runAgain, stopRuns } from '../data/actions';
import { cloneCode } from '../run/code';
import type { MenuEntry } from '../ui/Menu';
import type { ISidebarHost } from './host';
import { copyText } from '../data/copyText';
import type { IPinned } from './usePinned';

type Runs = readonly IRunSummary[];

export interface IRunActions {
  stop: (runs: Runs) => void;
  again: (runs: Runs) => void;
  clone: (runs: Runs) => void;
  compare: (runs: Runs) => void;
  tag: (runs: Runs) => void;
  archive: (runs: Runs) => void;
  copyIds: (runs: Runs) => void;
  pin: (runs: Runs) => void;
  readonly pinned: readonly string[];
}

const named = (runs: Runs): string =>
  runs.length === 1 && runs[0] ? runs[0].display_name : trans._n('%1 run', '%1 runs', runs.length);

/** Inserts the cell that submits each run again, or loads one that was made in a notebook. */
async function cloneRuns(source: IRunSource, host: ISidebarHost, runs: Runs): Promise<void> {
  try {
    const details = await Promise.all(runs.map(r => source.query('run', { run: r.id })));
    const cells = details.map(run => (isSubmitted(run) ? cloneCode(run) : loadingCode(run)));
    cells.forEach(code => host.insertCell?.(code));
  } catch (reason) {
    host.notify('error', asSourceError(reason).message);
  }
}

async function tagRuns(source: IRunSource, host: ISidebarHost, runs: Runs): Promise<void> {
  const text = await host.prompt(trans.__('Tag %1', named(runs)), trans.__('key or key=value'));
  const tags = text === null ? null : parseTag(text);
  if (tags) {
    await Promise.all(runs.map(r => giveCommand(source, host, 'update', { run: r.id, tags })));
  }
}

async function archiveRuns(source: IRunSource, host: ISidebarHost, runs: Runs): Promise<void> {
  const ended = runs.filter(r => isEnded(r.status));
  if (ended.length === 0) {
    host.notify('info', trans.__('A run that is not over cannot be archived. Stop it first.'));
    return;
  }
  const set = (archived: boolean): Promise<unknown[]> =>
    Promise.all(ended.map(r => giveCommand(source, host, 'update', { run: r.id, archived })));
  const archived = !ended.every(r => r.archived);
  const done = await set(archived);
  if (done.some(one => one !== null)) {
    host.offerUndo(
      archived
        ? trans.__('Archived %1.', named(ended))
        : trans.__('Brought back %1.', named(ended)),
      () => {
        void set(!archived);
      }
    );
  }
}

/** What a person can do to runs from the sidebar, and the runs that were told to stop and have not answered yet. */
export function useRunActions(
  source: IRunSource,
  host: ISidebarHost,
  pinned: Pick<IPinned, 'ids' | 'toggle'>
): { actions: IRunActions; stopping: ReadonlySet<string> } {
  const [stopping, setStopping] = useState<ReadonlySet<string>>(new Set());
  const { ids: pinnedIds, toggle: togglePinned } = pinned;
  const actions = useMemo<IRunActions>(
    () => ({
      stop: runs => {
        const alive = runs.filter(isStoppable);
        void stopRuns(source, host, alive, ids => {
          setStopping(old => new Set([...old, ...ids]));
        }).then(() => {
          setStopping(old => new Set([...old].filter(id => !alive.some(r => r.id === id))));
        });
      },
      again: runs => runs.filter(isSubmitted).forEach(run => void runAgain(source, host, run)),
      clone: runs => void cloneRuns(source, host, runs),
      compare: runs => host.compareRuns?.(runs.map(r => r.id)),
      tag: runs => void tagRuns(source, host, runs),
      archive: runs => void archiveRuns(source, host, runs),
      copyIds: runs =>
        void copyText(
          host,
          runs.map(r => r.id).join('\n'),
          runs.length === 1 ? trans.__('the id') : trans.__('the ids')
        ),
      pin: runs => togglePinned(runs.map(r => r.id)),
      pinned: pinnedIds
    }),
    [source, host, pinnedIds, togglePinned]
  );
  return { actions, stopping };
}

/** The menu of a run or of the selection, with the keys that do the same. */
export function runMenu(
  runs: Runs,
  actions: IRunActions,
  host: ISidebarHost,
  writable: boolean
): readonly MenuEntry[] {
  const [run] = runs;
  const off = !writable;
  const archived = runs.every(r => r.archived);
  const compare = {
    label: runs.length === 1 ? trans.__('Compare with others') : trans.__('Compare'),
    keys: 'C',
    disabled: !host.compareRuns,
    run: () => actions.compare(runs)
  };
  return [
    ...(run && runs.length === 1
      ? ([
          { label: trans.__('Open'), keys: trans.__('Enter'), run: () => host.openRun(run.id) },
          { label: trans.__('Open log'), run: () => host.openRun(run.id, 'log') },
          'separator'
        ] as const)
      : [compare]),
    {
      label: trans.__('Run again'),
      keys: 'R',
      disabled: off || !runs.some(isSubmitted),
      run: () => actions.again(runs)
    },
    {
      label: trans.__('Clone into a new cell'),
      keys: 'N',
      disabled: !host.insertCell,
      run: () => actions.clone(runs)
    },
    ...(runs.length === 1 ? [compare] : []),
    'separator',
    { label: trans.__('Add tag'), keys: 'T', disabled: off, run: () => actions.tag(runs) },
    {
      label: runs.every(r => actions.pinned.includes(r.id)) ? trans.__('Unpin') : trans.__('Pin'),
      keys: 'P',
      run: () => actions.pin(runs)
    },
    {
      label: runs.length === 1 ? trans.__('Copy id') : trans.__('Copy ids'),
      keys: trans.__('Ctrl C'),
      run: () => actions.copyIds(runs)
    },
    'separator',
    {
      label: archived ? trans.__('Bring back') : trans.__('Archive'),
      keys: trans.__('Del'),
      disabled: off || !runs.some(r => isEnded(r.status)),
      run: () => actions.archive(runs)
    },
    {
      label: runs.length === 1 ? trans.__('Stop') : trans.__('Stop all'),
      keys: trans.__('Shift Del'),
      disabled: off || !runs.some(isStoppable),
      run: () => actions.stop(runs)
    }
  ];
}

/** Does what a key stands for; false when it stands for nothing. */
export function actByKey(
  event: Pick<React.KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  runs: Runs,
  actions: IRunActions
): boolean {
  const { key } = event;
  if (runs.length === 0 || event.altKey) {
    return false;
  }
  if (event.ctrlKey || event.metaKey) {
    if (key === 'c') {
      actions.copyIds(runs);
      return true;
    }
    return false;
  }
  const act: ((runs: Runs) => void) | undefined = {
    c: actions.compare,
    r: actions.again,
    n: actions.clone,
    t: actions.tag,
    p: actions.pin,
    delete: event.shiftKey ? actions.stop : actions.archive
  }[key.toLowerCase()];
  act?.(runs);
  return act !== undefined;
}
