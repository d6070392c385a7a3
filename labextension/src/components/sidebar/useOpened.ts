import { useCallback, useState } from 'react';

const KEY = 'ml-jupyter:opened-runs';
const KEPT = 500;

function load(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

/** Runs whose page was opened in this browser: their finding need not stand in the list any more. */
export function useOpened(): [ReadonlySet<string>, (id: string) => void] {
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(load()));
  const open = useCallback((id: string): void => {
    setOpened(old => {
      if (old.has(id)) {
        return old;
      }
      const kept = [...old, id].slice(-KEPT);
      try {
        localStorage.setItem(KEY, JSON.stringify(kept));
      } catch {
        // A browser that keeps nothing shows the finding again after a reload.
      }
      return new Set(kept);
    });
  }, []);
  return [opened, open];
}
