import React, { useEffect, useRef, useState } from 'react';
import { formatDay, formatTime } from '../../model/format';
import { trans } from '../../model/language';
import type { Connection, IRunSource } from '../../model/source';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { useConnection } from './useConnection';
import { useNow } from './useNow';

const HEALED_MS = 4000;

/** True for four seconds after a lost connection has come back. */
function useHealed(connection: Connection): boolean {
  const [healed, setHealed] = useState(false);
  const wasLost = useRef(false);
  const { state } = connection;
  useEffect(() => {
    if (state === 'lost') {
      wasLost.current = true;
      setHealed(false);
    } else if (state === 'live' && wasLost.current) {
      wasLost.current = false;
      setHealed(true);
      const timer = setTimeout(() => setHealed(false), HEALED_MS);
      return () => clearTimeout(timer);
    }
    return;
  }, [state]);
  return healed && state === 'live';
}

/** Says that the connection is lost and when the next try comes, that it came back, or that this is a saved picture. */
export function ConnectionBanner({ source }: { source: IRunSource }): React.JSX.Element | null {
  const connection = useConnection(source);
  const healed = useHealed(connection);
  const now = useNow(connection.state === 'lost' ? 1000 : null);
  if (healed) {
    return <Banner icon="check">{trans.__('Connected again. Nothing was lost.')}</Banner>;
  }
  if (connection.state === 'lost') {
    const seconds = Math.max(0, Math.ceil((connection.retry - now) / 1000));
    const next =
      seconds > 0 ? trans.__('Trying again in %1 s.', seconds) : trans.__('Trying again now.');
    return (
      <Banner
        icon="offline"
        action={
          <Button kind="link" onClick={() => source.retryNow()}>
            {trans.__('Try now')}
          </Button>
        }
      >
        {trans.__('No connection since %1. Runs go on.', formatTime(connection.since, now))}{' '}
        <span aria-live="off">{next}</span>
      </Banner>
    );
  }
  if (connection.state === 'saved' && connection.exported !== true) {
    return (
      <Banner icon="clock">
        {trans.__(
          'Saved in this notebook on %1. The workspace is not reachable, so this picture is not live.',
          formatDay(connection.at, now)
        )}
      </Banner>
    );
  }
  return null;
}
