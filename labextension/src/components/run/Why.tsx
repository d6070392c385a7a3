import React from 'react';
import { formatOrdinal } from '../../model/format';
import { stateLook } from '../../model/state';
import type { IRunSource } from '../../model/source';
import type { IRunDetail, RunStatus } from '../../model/types';
import { useStream } from '../data/useStream';

interface IWaitingProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
}

function QueuePlace({ source, run }: IWaitingProps): React.JSX.Element | null {
  const queue = useStream(source, 'queue', {}).value;
  const entry = queue?.entries.find(one => one.run_id === run.id);
  if (!queue || !entry) {
    return null;
  }
  return (
    <p className="jp-ml-dim jp-ml-num">
      {entry.position === 1 ? 'First in line' : `${formatOrdinal(entry.position)} in line`}.{' '}
      {queue.slots.free === 0 ? 'None' : queue.slots.free} of {queue.slots.total} slots are free.
      {queue.ends_with_server && ' Runs end with this server.'}
    </p>
  );
}

/** What a state means by itself, where the run gives no reason of its own. */
const GENERAL: Readonly<Partial<Record<RunStatus, string>>> = {
  NotStarted: 'Waiting to be started.',
  Queued: 'Waiting to be started.',
  Preparing: 'The source is laid out and the environment is made ready.',
  Provisioning: 'Waiting for the machine to be ready.',
  Starting: 'The process is being started.',
  CancelRequested: 'Stop was sent. Waiting for its processes to end.',
  NotResponding: 'The process that owns this run does not answer.'
};

/** Why a run that is not at work waits, stops or was stopped, in one sentence. Nothing for one at work or completed. */
export function Why({ source, run }: IWaitingProps): React.JSX.Element | null {
  const { family } = stateLook(run.status);
  const quiet = family === 'running' || family === 'completed' || family === 'failed';
  const reason = run.reason ?? GENERAL[run.status];
  if (quiet || reason === undefined) {
    return null;
  }
  return (
    <section className="jp-ml-why" aria-label="Why">
      <p>{reason}</p>
      {family === 'queued' && <QueuePlace source={source} run={run} />}
    </section>
  );
}
