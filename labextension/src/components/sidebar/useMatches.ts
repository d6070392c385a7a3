import { useEffect, useState } from 'react';
import type { IRunSource } from '../../model/source';
import type { IRunQuery } from '../../model/types';

/** How many runs a query would find; null while that is not known, or when there is no question. */
export function useMatches(source: IRunSource, query: IRunQuery | null): number | null {
  const [found, setFound] = useState<number | null>(null);
  const key = JSON.stringify(query);
  useEffect(() => {
    setFound(null);
    const asked = JSON.parse(key) as IRunQuery | null;
    if (!asked) {
      return;
    }
    let current = true;
    source.query('runs', { ...asked, limit: 1, offset: 0 }).then(
      ({ total }) => current && setFound(total),
      () => undefined
    );
    return () => {
      current = false;
    };
  }, [source, key]);
  return found;
}
