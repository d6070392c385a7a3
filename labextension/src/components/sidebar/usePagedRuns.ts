import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { IRunSource, ISourceError } from '../../model/source';
import type { IRunQuery, IRunSummary } from '../../model/types';
import { useStream } from '../data/useStream';
import type { IRunPages } from './rows';

const PAGE = 100;

interface IPagedRuns extends IRunPages {
  /** The first answer has come. */
  readonly ready: boolean;
  readonly error: ISourceError | null;
  /** Sees to it that the rows from `first` to `last` are fetched. */
  ensure: (first: number, last: number) => void;
}

type Pages = ReadonlyMap<number, readonly IRunSummary[]>;
const NONE: Pages = new Map();

/**
 * A list of any length: its first hundred are live, further pages are fetched when they are scrolled to and again
 * when the list has changed. Null asks for nothing.
 */
export function usePagedRuns(source: IRunSource, query: IRunQuery | null): IPagedRuns {
  const key = JSON.stringify(query);
  const args = useMemo(() => {
    const parsed = JSON.parse(key) as IRunQuery | null;
    return parsed && { ...parsed, limit: PAGE, offset: 0 };
  }, [key]);
  const { value, error } = useStream(source, 'runs', args);
  const [pages, setPages] = useState<Pages>(NONE);
  const asked = useRef(new Set<number>());
  const window = useRef<readonly [number, number]>([0, 0]);

  const fetchPage = useCallback(
    (page: number): void => {
      if (!args || asked.current.has(page)) {
        return;
      }
      const questions = asked.current;
      questions.add(page);
      source.query('runs', { ...args, offset: page * PAGE }).then(
        answer => {
          if (questions === asked.current) {
            setPages(old => new Map(old).set(page, answer.runs));
          }
        },
        () => questions.delete(page)
      );
    },
    [source, args]
  );
  const ensure = useCallback(
    (first: number, last: number): void => {
      window.current = [first, last];
      const from = Math.max(1, Math.floor(first / PAGE));
      for (let page = from; page <= Math.floor(last / PAGE); page += 1) {
        fetchPage(page);
      }
    },
    [fetchPage]
  );
  useEffect(() => setPages(NONE), [source, key]);
  useEffect(() => {
    // The head has changed, so everything after it may have moved: what is in view is fetched again.
    asked.current = new Set();
    const [first, last] = window.current;
    if (last >= PAGE) {
      ensure(first, last);
    }
  }, [value, ensure]);

  return useMemo(
    () => ({
      total: value?.total ?? 0,
      ready: value !== null,
      error,
      ensure,
      at: index =>
        index < PAGE ? value?.runs[index] : pages.get(Math.floor(index / PAGE))?.[index % PAGE]
    }),
    [value, error, pages, ensure]
  );
}
