import React, { useMemo } from 'react';
import { QueuePage } from '../src/components/queue/QueuePage';
import { demoWorld } from '../src/sources/demo';
import { demoMachineHistory, demoQueueHistory } from '../src/sources/demoHistory';
import { FakeRunSource } from '../src/sources/fake';
import { galleryHost } from './host';

const host = galleryHost();

/** The page of queue and machine over the whole window; `show=empty`: nothing waits, ran or was recorded. */
export function QueueSheet(): React.JSX.Element {
  const empty = new URLSearchParams(location.search).get('show') === 'empty';
  const source = useMemo(
    () =>
      new FakeRunSource(
        empty
          ? { runs: [] }
          : {
              ...demoWorld(),
              machineHistory: span => demoMachineHistory(span),
              queueHistory: span => demoQueueHistory(span)
            }
      ),
    [empty]
  );
  return (
    <div className="page">
      <QueuePage source={source} host={host} />
    </div>
  );
}
