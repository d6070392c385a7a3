import { useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import type { IRunSummary } from '../../model/types';
import type { IRunPages } from '../sidebar/rows';
import { moved } from '../sidebar/RunList';
import type { IRowActs } from './RunRow';
import { onSecondPress } from './secondPress';
import { ROW_PX } from './useWindow';

export interface ITableActions {
  readonly pages: IRunPages;
  readonly selected: ReadonlyMap<string, IRunSummary>;
  readonly onSelected: (selected: ReadonlyMap<string, IRunSummary>) => void;
  readonly onOpen: (run: IRunSummary, pin: boolean) => void;
  readonly onMenu: (run: IRunSummary, at: { x: number; y: number }) => void;
  /** Other keys; true when the key meant something. */
  readonly onKey: (event: KeyboardEvent, run: IRunSummary | undefined) => boolean;
}

interface ITableKeys {
  /** Index of the row that keys act on; -1: none. */
  readonly active: number;
  readonly setActive: (index: number) => void;
  readonly acts: IRowActs;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The selection after a row is chosen, alone or with all up to it. */
function toggled(
  { pages, selected }: ITableActions,
  from: number,
  to: number,
  range: boolean
): ReadonlyMap<string, IRunSummary> {
  const next = new Map(selected);
  for (let i = Math.min(from, to); i <= Math.max(from, to); i += 1) {
    const run = pages.at(i);
    if (run && !range && next.has(run.id)) {
      next.delete(run.id);
    } else if (run) {
      next.set(run.id, run);
    }
  }
  return next;
}

function scrollTo(table: HTMLElement | null, index: number): void {
  const [top, bottom] = [index * ROW_PX, (index + 2) * ROW_PX];
  if (table && top < table.scrollTop) {
    table.scrollTop = top;
  } else if (table && bottom > table.scrollTop + table.clientHeight) {
    table.scrollTop = bottom - table.clientHeight;
  }
}

/** What keys and the mouse do in the table. */
export function useTableKeys(actions: ITableActions, table: RefObject<HTMLElement>): ITableKeys {
  const [wanted, setActive] = useState(-1);
  /** Where a range begins: at the row that keys or the mouse came to last without one. */
  const anchor = useRef(0);
  const latest = useRef(actions);
  latest.current = actions;
  const { pages } = actions;
  const active = Math.min(wanted, pages.total - 1);
  const toggle = useRef((index: number, range: boolean): void => {
    const now = latest.current;
    now.onSelected(toggled(now, range ? anchor.current : index, index, range));
    anchor.current = range ? anchor.current : index;
  }).current;
  const acts = useMemo((): IRowActs => rowActs(latest, table, setActive, toggle), [table, toggle]);
  const move = (to: number, range: boolean): void => {
    setActive(to);
    scrollTo(table.current, to);
    if (range) {
      toggle(to, true);
    } else {
      anchor.current = to;
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) {
      return;
    }
    const run = pages.at(active);
    const to = moved(event.key, active, pages.total);
    const held = event.ctrlKey || event.metaKey;
    if (to !== null && !held) {
      move(to, event.shiftKey);
    } else if (event.key === ' ' && active >= 0) {
      toggle(active, false);
    } else if (event.key === 'Escape') {
      actions.onSelected(new Map());
    } else if (event.key === 'Enter' && run) {
      actions.onOpen(run, held);
    } else if (!actions.onKey(event, run)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return { active, setActive, acts, onKeyDown };
}

function rowActs(
  latest: RefObject<ITableActions>,
  table: RefObject<HTMLElement>,
  setActive: (index: number) => void,
  toggle: (index: number, range: boolean) => void
): IRowActs {
  const run = (index: number): IRunSummary | undefined => latest.current?.pages.at(index);
  const open = (index: number, pin: boolean): void => {
    const found = run(index);
    if (found) {
      latest.current?.onOpen(found, pin);
    }
  };
  return {
    press: (index, pick) => {
      setActive(index);
      table.current?.focus({ preventScroll: true });
      if (pick) {
        toggle(index, pick.range);
      } else {
        open(index, false);
        onSecondPress(() => open(index, true));
      }
    },
    menu: (index, at) => {
      const found = run(index);
      setActive(index);
      if (found) {
        latest.current?.onMenu(found, at);
      }
    },
    select: (index, range) => {
      setActive(index);
      toggle(index, range);
    }
  };
}
