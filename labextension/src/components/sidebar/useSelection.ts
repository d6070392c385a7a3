import { useCallback, useMemo, useState } from 'react';
import type { IRunSummary } from '../../model/types';
import { rowKey, type ListRow } from './rows';

export interface ISelection {
  /** Ids of the selected runs. */
  readonly ids: ReadonlySet<string>;
  /** Key of the row that the arrows move from; null before the first. */
  readonly active: string | null;
  /** Moves to a row and selects nothing. */
  moveTo: (row: ListRow) => void;
  toggle: (row: ListRow) => void;
  /** Selects all runs from the row the selection began at to this one. */
  extendTo: (row: ListRow, rows: readonly ListRow[]) => void;
  clear: () => void;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Which rows are selected, and the one in use. */
export function useSelection(): ISelection {
  const [ids, setIds] = useState(NOTHING);
  const [active, setActive] = useState<string | null>(null);
  const [anchor, setAnchor] = useState<string | null>(null);

  const moveTo = useCallback((row: ListRow) => {
    setActive(rowKey(row));
    setAnchor(rowKey(row));
  }, []);
  const toggle = useCallback(
    (row: ListRow) => {
      moveTo(row);
      if (row.kind === 'run') {
        setIds(old => {
          const next = new Set(old);
          if (!next.delete(row.run.id)) {
            next.add(row.run.id);
          }
          return next;
        });
      }
    },
    [moveTo]
  );
  const extendTo = useCallback(
    (row: ListRow, rows: readonly ListRow[]) => {
      const keys = rows.map(rowKey);
      const to = keys.indexOf(rowKey(row));
      const from = anchor === null ? to : keys.indexOf(anchor);
      const range = rows.slice(Math.min(from < 0 ? to : from, to), Math.max(from, to) + 1);
      setActive(rowKey(row));
      setIds(new Set(range.flatMap(one => (one.kind === 'run' ? [one.run.id] : []))));
    },
    [anchor]
  );
  const clear = useCallback(() => setIds(NOTHING), []);
  return useMemo(
    () => ({ ids, active, moveTo, toggle, extendTo, clear }),
    [ids, active, moveTo, toggle, extendTo, clear]
  );
}

/** The runs that a command is about: the selection if the run is part of it, else the run alone. */
export function targets(
  run: IRunSummary,
  ids: ReadonlySet<string>,
  rows: readonly ListRow[]
): readonly IRunSummary[] {
  if (!ids.has(run.id)) {
    return [run];
  }
  return selectedRuns(ids, rows);
}

/** Selected runs in the order of the list, each once: a pinned one is in two sections. */
export function selectedRuns(
  ids: ReadonlySet<string>,
  rows: readonly ListRow[]
): readonly IRunSummary[] {
  const found = rows.flatMap(row => (row.kind === 'run' && ids.has(row.run.id) ? [row.run] : []));
  return [...new Map(found.map(run => [run.id, run])).values()];
}
