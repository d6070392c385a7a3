import React, { useEffect, useMemo, useState } from 'react';
import { asSourceError } from '../model/errors';
import type { IViewHost } from '../model/host';
import { trans } from '../model/language';
import type { IRunSource } from '../model/source';
import type { IRunSnapshot } from '../model/types';
import { RunWidget } from '../components/widget/RunWidget';
import { SnapshotRunSource } from '../sources/snapshot';

/** Whether the server knows the run: not asked yet, yes, no longer, or it cannot be asked. */
type Reach = 'asking' | 'live' | 'deleted' | 'unreachable';

interface ILiveOrSavedProps {
  readonly snapshot: IRunSnapshot;
  /** The workspace that the run is in, at the server. */
  readonly live: IRunSource;
  readonly host: IViewHost;
  /** Has the server look for the workspace near the notebook; rejected where it lies not there. */
  readonly lookBeside?: () => Promise<unknown>;
}

const ASK_AGAIN_MS = 10_000;
/** A run of this age may have been written before the server has come to know it. */
const NEW_MS = 60_000;
const ASK_SOON_MS = 1000;

/** When to ask again after an answer that was not the run; null: only when the connection has come back. */
function askAgainIn(code: string, saved: number): number | null {
  if (Date.now() - saved < NEW_MS) {
    return ASK_SOON_MS;
  }
  return code === 'network' ? ASK_AGAIN_MS : null;
}

/** What is known after an answer that was not the run. */
function reachAfter(code: string, again: number | null): Reach {
  if (code === 'network') {
    return 'unreachable';
  }
  if (again !== null) {
    return 'asking';
  }
  return code === 'run_not_found' ? 'deleted' : 'unreachable';
}

/** Asks for a run; where its workspace is not known, once more after it was looked for near the notebook. */
async function find(
  live: IRunSource,
  run: string,
  lookBeside?: () => Promise<unknown>
): Promise<void> {
  try {
    await live.query('run', { run });
  } catch (reason) {
    if (!lookBeside || asSourceError(reason).code !== 'workspace_not_found') {
      throw reason;
    }
    await lookBeside();
    await live.query('run', { run });
  }
}

/** Asks the server for the run: now, when its connection has come back, and while the answer may yet change. */
function useReach({ live, snapshot, lookBeside }: ILiveOrSavedProps): Reach {
  const { run_id, saved_ms } = snapshot;
  const [reach, setReach] = useState<Reach>('asking');
  useEffect(() => {
    let open = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refused = (reason: unknown): void => {
      const { code } = asSourceError(reason);
      const again = askAgainIn(code, saved_ms);
      setReach(reachAfter(code, again));
      if (again !== null) {
        timer = setTimeout(ask, again);
      }
    };
    const ask = (): void => {
      clearTimeout(timer);
      find(live, run_id, lookBeside).then(
        () => open && setReach('live'),
        (reason: unknown) => open && refused(reason)
      );
    };
    ask();
    let state = live.connection.state;
    const listening = live.onConnection(connection => {
      if (connection.state === 'live' && state !== 'live') {
        ask();
      }
      ({ state } = connection);
    });
    return () => {
      open = false;
      clearTimeout(timer);
      listening.dispose();
    };
  }, [live, run_id, saved_ms, lookBeside]);
  return reach;
}

/** A run in a notebook's output: live where the server can be asked, else as the notebook has kept it. */
export function LiveOrSaved(props: ILiveOrSavedProps): React.JSX.Element {
  const { snapshot, live, host } = props;
  const reach = useReach(props);
  const saved = useMemo(() => new SnapshotRunSource(snapshot), [snapshot]);
  const isLive = reach === 'live';
  return (
    <RunWidget
      source={isLive ? live : saved}
      runId={snapshot.run_id}
      host={host}
      hasPages={isLive}
      notice={
        reach === 'deleted'
          ? trans.__('This run was deleted. What the notebook kept is shown.')
          : undefined
      }
      quiet={reach === 'asking'}
    />
  );
}
