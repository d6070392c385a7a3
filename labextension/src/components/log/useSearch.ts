import { useMemo, useRef, useState } from 'react';
import { LogSearch, toPattern, type IMatch, type ISearchQuery } from './search';
import type { LogStore } from './store';

const NONE: readonly IMatch[] = [];
/** One press of "previous" reads at most so much of the file, in bytes. */
const READ_BYTES = 64 * 2 ** 20;

export interface ISearchState {
  readonly query: ISearchQuery;
  readonly change: (part: Partial<ISearchQuery>) => void;
  readonly matches: readonly IMatch[];
  /** Position of the match in focus; -1 when there is none. */
  readonly current: number;
  readonly invalid: boolean;
  /** Earlier parts of the file are being read for a match. */
  readonly busy: boolean;
  /** Goes to the next or previous match. Resolves to it, or null. */
  readonly go: (by: 1 | -1, near: number) => Promise<IMatch | null>;
}

/** First match at or behind a line (or the last one before it). */
function nearest(matches: readonly IMatch[], line: number, by: 1 | -1): number {
  const after = matches.findIndex(m => m.line >= line);
  if (by === 1) {
    return after < 0 ? 0 : after;
  }
  return after < 0 ? matches.length - 1 : Math.max(0, after - 1);
}

/** Search in the lines that a view holds; going back past the first match reads earlier parts until one has a match. */
export function useSearch(store: LogStore | null): ISearchState {
  const [query, setQuery] = useState<ISearchQuery>({ text: '', matchCase: false, regex: false });
  const [focus, setFocus] = useState<IMatch | null>(null);
  const [busy, setBusy] = useState(false);
  const pattern = useMemo(() => toPattern(query), [query]);
  const search = useMemo(
    () => (pattern instanceof RegExp ? new LogSearch(pattern) : null),
    // A new store is searched from scratch.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [pattern, store]
  );
  const latest = useRef<readonly IMatch[]>(NONE);
  const version = store?.version ?? 0;
  const matches = useMemo(
    () => (search && store ? search.update(store.buffer) : NONE),
    // The version stands for the buffer's content.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [search, store, version]
  );
  latest.current = matches;
  const current = focus
    ? matches.findIndex(m => m.line === focus.line && m.from === focus.from)
    : -1;

  const readEarlier = async (): Promise<IMatch | null> => {
    if (!store || !search) {
      return null;
    }
    const first = store.buffer.first;
    const stop = store.buffer.start - READ_BYTES;
    setBusy(true);
    while (store.buffer.start > stop && (await store.loadEarlier())) {
      const earlier = search.update(store.buffer).filter(m => m.line < first);
      const last = earlier[earlier.length - 1];
      if (last) {
        setBusy(false);
        return last;
      }
    }
    setBusy(false);
    return null;
  };
  const go = async (by: 1 | -1, near: number): Promise<IMatch | null> => {
    const all = latest.current;
    const at = current < 0 ? nearest(all, near, by) : current + by;
    const wrapped = all[(at + all.length) % Math.max(1, all.length)] ?? null;
    const found = at < 0 || all.length === 0 ? ((await readEarlier()) ?? wrapped) : wrapped;
    setFocus(found);
    return found;
  };
  return {
    query,
    change: part => {
      setQuery(old => ({ ...old, ...part }));
      setFocus(null);
    },
    matches,
    current,
    invalid: pattern instanceof Error,
    busy,
    go
  };
}
