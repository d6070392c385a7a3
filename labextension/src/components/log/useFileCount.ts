import { useEffect, useState } from 'react';
import type { IRunSource } from '../../model/source';
import type { ISearchQuery } from './search';

/** Typing is let come to rest before the whole file is searched, ms. */
const REST_MS = 300;

export interface IFileCount {
  /** Lines of the file that match. */
  readonly count: number;
  /** Whether the whole file was searched; else so many are there at least. */
  readonly complete: boolean;
}

/**
 * How many lines of the whole file match, as the server counts them; null while that is not known.
 *
 * @param on - false where the view holds the whole file and can count by itself
 */
export function useFileCount(
  source: IRunSource,
  run: string,
  path: string,
  { text, regex, matchCase }: ISearchQuery,
  on: boolean
): IFileCount | null {
  const [found, setFound] = useState<IFileCount | null>(null);
  useEffect(() => {
    setFound(null);
    if (!on || text === '') {
      return;
    }
    let wanted = true;
    const timer = setTimeout(() => {
      source.query('logSearch', { run, path, text, regex, case: matchCase, limit: 1 }).then(
        ({ count, complete }) => wanted && setFound({ count, complete }),
        () => undefined
      );
    }, REST_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [source, run, path, text, regex, matchCase, on]);
  return found;
}
