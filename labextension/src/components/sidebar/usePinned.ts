import { useCallback, useEffect, useMemo, useState } from 'react';
import type { IRunSource } from '../../model/source';
import type { IRunSummary } from '../../model/types';

const KEY = 'ml-jupyter:pinned';
const MOST = 50;

/** The browser may refuse storage: then runs stay pinned as long as the view lives. */
function load(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(one => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

function save(ids: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    return;
  }
}

export interface IPinned {
  readonly ids: readonly string[];
  /** The pinned runs that are there, in the order in which they were pinned. */
  readonly runs: readonly IRunSummary[];
  /** Pins those that are not; when all are, takes them off. */
  readonly toggle: (ids: readonly string[]) => void;
}

/** Runs that a person keeps at the top of the panel, live, kept in this browser. */
export function usePinned(source: IRunSource): IPinned {
  const [ids, setIds] = useState(load);
  const [runs, setRuns] = useState<ReadonlyMap<string, IRunSummary>>(new Map());
  const key = ids.join('\n');
  useEffect(() => {
    setRuns(old => new Map([...old].filter(([id]) => key.split('\n').includes(id))));
    const subscriptions = (key === '' ? [] : key.split('\n')).map(id =>
      source.subscribe(
        'run',
        { run: id },
        {
          next: run => setRuns(old => new Map([...old, [id, run]])),
          // Deleted, or of another workspace: it stays pinned and is not shown here.
          error: () => setRuns(old => new Map([...old].filter(([other]) => other !== id)))
        }
      )
    );
    return () => subscriptions.forEach(one => one.dispose());
  }, [source, key]);
  const toggle = useCallback((wanted: readonly string[]) => {
    setIds(old => {
      const all = wanted.every(id => old.includes(id));
      const rest = old.filter(id => !wanted.includes(id));
      const next = all ? rest : [...rest, ...wanted].slice(-MOST);
      save(next);
      return next;
    });
  }, []);
  const found = useMemo(() => ids.flatMap(id => runs.get(id) ?? []), [ids, runs]);
  return { ids, runs: found, toggle };
}
