import { useEffect, useState } from 'react';
import type { Connection, IRunSource } from '../../model/source';

/** How the source is connected now; re-renders at each change. */
export function useConnection(source: IRunSource): Connection {
  const [connection, setConnection] = useState(source.connection);
  useEffect(() => {
    const listening = source.onConnection(setConnection);
    return () => listening.dispose();
  }, [source]);
  return connection;
}
