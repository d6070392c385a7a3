import React, { useEffect, useMemo, useState } from 'react';
import { asSourceError } from '../model/errors';
import type { IViewHost } from '../model/host';
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
}

const ASK_AGAIN_MS = 10_000;
const GONE = 'This run was deleted. What the notebook kept is shown.';

/** Asks the server for the run now, again whenever its connection comes back, and every ten seconds until then. */
function useReach(live: IRunSource, runId: string): Reach {
  const [reach, setReach] = useState<Reach>('asking');
  useEffect(() => {
    let open = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      clearTimeout(timer);
      live.query('run', { run: runId }).then(
        () => open && setReach('live'),
        (reason: unknown) => {
          if (!open) {
            return;
          }
          const { code } = asSourceError(reason);
          setReach(code === 'run_not_found' ? 'deleted' : 'unreachable');
          if (code === 'network') {
            timer = setTimeout(ask, ASK_AGAIN_MS);
          }
        }
      );
    };
    ask();
    return () => {
      open = false;
      clearTimeout(timer);
    };
  }, [live, runId]);
  return reach;
}

/** A run in a notebook's output: live where the server can be asked, else as the notebook has kept it. */
export function LiveOrSaved({ snapshot, live, host }: ILiveOrSavedProps): React.JSX.Element {
  const reach = useReach(live, snapshot.run_id);
  const saved = useMemo(() => new SnapshotRunSource(snapshot), [snapshot]);
  const isLive = reach === 'live';
  return (
    <RunWidget
      source={isLive ? live : saved}
      runId={snapshot.run_id}
      host={host}
      hasPages={isLive}
      notice={reach === 'deleted' ? GONE : undefined}
      quiet={reach === 'asking'}
    />
  );
}
