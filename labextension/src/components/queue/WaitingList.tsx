import React, { useLayoutEffect, useRef, useState } from 'react';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IMachineInfo, IQueueEntry } from '../../model/machine';
import { freeGpu } from '../data/actions';
import { useNow } from '../data/useNow';
import { remedyFor } from '../machine/devices';
import { EmptyState } from '../ui/EmptyState';
import { Menu, type MenuEntry } from '../ui/Menu';
import { dropOf, type Step } from './line';
import { nameOf, type ILine } from './useLine';
import { WaitingRow } from './WaitingRow';

interface IWaitingListProps {
  readonly line: ILine;
  readonly machine: IMachineInfo | null;
  readonly host: IViewHost;
  readonly canWrite: boolean;
}

const KEYS: Readonly<Record<string, Step>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'top',
  End: 'bottom'
};
const MOVES: readonly (readonly [Step, string])[] = [
  ['top', 'Alt+Home'],
  ['up', 'Alt+↑'],
  ['down', 'Alt+↓'],
  ['bottom', 'Alt+End']
];

function stepWord(step: Step): string {
  switch (step) {
    case 'top':
      return trans.__('Move to the Front');
    case 'up':
      return trans.__('Move Up');
    case 'down':
      return trans.__('Move Down');
    case 'bottom':
      return trans.__('Move to the End');
  }
}

function entriesOf(entry: IQueueEntry, line: ILine): readonly MenuEntry[] {
  const last = line.entries.length - 1;
  const at = line.entries.findIndex(one => one.run_id === entry.run_id);
  return [
    ...MOVES.map(([step, keys]) => ({
      label: stepWord(step),
      keys,
      disabled: step === 'top' || step === 'up' ? at === 0 : at === last,
      run: () => line.step(entry.run_id, step)
    })),
    'separator',
    {
      label: entry.held ? trans.__('Release') : trans.__('Hold'),
      keys: 'H',
      run: () => line.hold(entry, !entry.held)
    },
    { label: trans.__('Stop'), keys: trans.__('Shift+Del'), run: () => line.cancel(entry) }
  ];
}

/** Whether the pointer is in the lower half of a row. */
function below(event: React.DragEvent): boolean {
  const box = event.currentTarget.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
}

/** Those who wait, the next one first: why, and in which order; rows are dragged, or moved with Alt and arrows. */
export function WaitingList(props: IWaitingListProps): React.JSX.Element {
  const { line, machine, host, canWrite } = props;
  const { entries } = line;
  const now = useNow(1000);
  const [chosen, setChosen] = useState<string | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [gap, setGap] = useState<number | null>(null);
  const [menu, setMenu] = useState<{ at: { x: number; y: number }; entry: IQueueEntry } | null>(
    null
  );
  const list = useRef<HTMLDivElement>(null);
  const active = entries.some(one => one.run_id === chosen) ? chosen : (entries[0]?.run_id ?? null);

  const focus = (index: number): void => {
    const row = list.current?.children[index];
    if (row instanceof HTMLElement) {
      row.focus();
    }
  };
  // A row that changes places in the document loses the focus; the person moved it and goes on with it.
  const kept = useRef<string | null>(null);
  useLayoutEffect(() => {
    const at = entries.findIndex(one => one.run_id === kept.current);
    if (at >= 0 && !list.current?.contains(document.activeElement)) {
      focus(at);
    }
  }, [entries]);
  const onKeyDown = (event: React.KeyboardEvent, entry: IQueueEntry, at: number): void => {
    const step = KEYS[event.key];
    if (step && event.altKey && canWrite) {
      kept.current = entry.run_id;
      line.step(entry.run_id, step);
    } else if (step && !event.altKey) {
      const next = { up: at - 1, down: at + 1, top: 0, bottom: entries.length - 1 }[step];
      focus(next);
    } else if (event.target !== event.currentTarget) {
      return;
    } else if (event.key === 'Enter') {
      host.openRun(entry.run_id);
    } else if (event.key.toLowerCase() === 'h' && canWrite) {
      line.hold(entry, !entry.held);
    } else if (event.key === 'Delete' && event.shiftKey && canWrite) {
      line.cancel(entry);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  if (entries.length === 0) {
    return (
      <EmptyState
        title={trans.__('Nothing waits.')}
        text={trans.__('A run that is submitted now starts as soon as what it asks for is free.')}
      />
    );
  }
  return (
    <>
      <div
        ref={list}
        role="grid"
        aria-label={trans.__('Runs that wait')}
        className="jp-ml-waiting"
        onDragLeave={event =>
          !event.currentTarget.contains(event.relatedTarget as Node | null) && setGap(null)
        }
      >
        {entries.map((entry, at) => (
          <div
            key={entry.run_id}
            role="row"
            className={[
              'jp-ml-wait',
              entry.held ? 'jp-mod-held' : '',
              dragged === entry.run_id ? 'jp-mod-dragged' : '',
              gap === at ? 'jp-mod-before' : '',
              gap === entries.length && at === entries.length - 1 ? 'jp-mod-after' : ''
            ]
              .filter(Boolean)
              .join(' ')}
            data-queued={entry.run_id}
            aria-label={`${entry.position}. ${nameOf(entry)}`}
            aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Alt+Home Alt+End H Shift+Delete"
            tabIndex={active === entry.run_id ? 0 : -1}
            draggable={canWrite}
            onFocus={() => setChosen(entry.run_id)}
            onBlur={event => {
              if (event.relatedTarget !== null) {
                kept.current = null;
              }
            }}
            onKeyDown={event => onKeyDown(event, entry, at)}
            onDragStart={event => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', nameOf(entry));
              setDragged(entry.run_id);
            }}
            onDragOver={event => {
              if (dragged !== null) {
                event.preventDefault();
                setGap(below(event) ? at + 1 : at);
              }
            }}
            onDrop={event => {
              event.preventDefault();
              if (dragged !== null) {
                line.move(dropOf(entries, dragged, below(event) ? at + 1 : at));
              }
            }}
            onDragEnd={() => {
              setDragged(null);
              setGap(null);
            }}
          >
            <WaitingRow
              entry={entry}
              now={now}
              remedy={host.restartKernel ? remedyFor(entry.needs, machine) : null}
              active={active === entry.run_id}
              onHold={canWrite ? () => line.hold(entry, !entry.held) : null}
              onMenu={canWrite ? place => setMenu({ at: place, entry }) : null}
              onOpen={() => host.openRun(entry.run_id)}
              onFree={remedy => void freeGpu(host, remedy)}
            />
          </div>
        ))}
      </div>
      <p className="jp-ml-vh" role="status">
        {line.said}
      </p>
      {menu && (
        <Menu
          at={menu.at}
          label={nameOf(menu.entry)}
          entries={entriesOf(menu.entry, line)}
          onClose={() => setMenu(null)}
        />
      )}
    </>
  );
}
