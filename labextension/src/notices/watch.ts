/** Events of runs that a person may want to be told of, as one workspace's server tells them. */
import type { IActivity, IDisposable, IRunSource } from '../model/source';
import { ENDED_STATUSES } from '../model/state';
import type { IRunSummary } from '../model/types';
import type { ISeen } from './seen';

/** Newest ends that are looked at; more at once are not news of single runs any more. */
const ENDS = 20;
const LOOK_MS = 30_000;

export interface INotice {
  readonly kind: 'ended' | 'failed' | 'stalled';
  /** The same on every page that sees the event. */
  readonly key: string;
  readonly run: string;
  readonly user: string;
  /** The run, where the event came with it. */
  readonly summary: IRunSummary | null;
  /** Ms without a sign of life, for a stall. */
  readonly silent_ms: number | null;
}

/** The runs of a list, newest end first, that ended after a moment of the server's clock. */
export function endsAfter(runs: readonly IRunSummary[], since: number): readonly INotice[] {
  return runs
    .filter(run => run.ended_ms !== null && run.ended_ms > since)
    .map(run => ({
      kind: run.status === 'Failed' ? ('failed' as const) : ('ended' as const),
      key: `${run.workspace_id}/${run.id}/ended`,
      run: run.id,
      user: run.user,
      summary: run,
      silent_ms: null
    }));
}

/** Runs that fell silent for `limit` ms after a moment of the server's clock. */
export function stallsAfter(activity: IActivity, limit: number, since: number): readonly INotice[] {
  return activity.runs
    .map(run => ({ ...run, silent: activity.now_ms - run.last_ms }))
    .filter(run => run.silent >= limit && run.last_ms + limit > since)
    .map(run => ({
      kind: 'stalled' as const,
      key: `${run.run_id}/stalled/${Math.round(run.last_ms)}`,
      run: run.run_id,
      user: run.user,
      summary: null,
      silent_ms: run.silent
    }));
}

interface IWatchOptions {
  readonly source: IRunSource;
  /** Ms of silence that make a stall; null: stalls are not looked for. */
  readonly stallMs: () => number | null;
  /** All that is there already is news: the workspace was made after the page was opened. */
  readonly fromBeginning: boolean;
  /** What this tab saw before it was loaded again. */
  readonly seen: { readonly read: () => ISeen; readonly write: (seen: ISeen) => void };
  readonly onNotice: (notice: INotice, me: string | null) => void;
}

/** What ends from a moment on. */
class Ends {
  constructor(private since: number | null) {}

  get newest(): number | null {
    return this.since;
  }

  /** Those of a list that are news. */
  next(runs: readonly IRunSummary[]): readonly INotice[] {
    const last = Math.max(0, ...runs.map(run => run.ended_ms ?? 0));
    const since = this.since ?? last;
    this.since = Math.max(since, last);
    return endsAfter(runs, since);
  }
}

/** Follows a workspace: what ends or falls silent from now on. The server's clock alone counts. */
export function watchRuns(options: IWatchOptions): IDisposable {
  const { source, seen, onNotice } = options;
  const first = options.fromBeginning ? { ended: 0, begun: 0 } : seen.read();
  const ends = new Ends(first.ended);
  let { begun } = first;
  let me: string | null = null;
  const keep = (): void => seen.write({ ended: ends.newest, begun });
  const look = async (): Promise<void> => {
    try {
      const activity = await source.query('activity', {});
      me = activity.user;
      begun ??= activity.now_ms;
      const limit = options.stallMs();
      if (limit !== null) {
        stallsAfter(activity, limit, begun).forEach(notice => onNotice(notice, me));
      }
      keep();
    } catch {
      // Looked at again in half a minute; the views say that the connection is lost.
    }
  };
  // What ended during a reload is told at once: whose it is must be known by then.
  const known = look();
  const ended = source.subscribe(
    'runs',
    { status: ENDED_STATUSES, sort: '-ended', limit: ENDS },
    {
      next: ({ runs }) => {
        const found = ends.next(runs);
        keep();
        void known.then(() => found.forEach(notice => onNotice(notice, me)));
      },
      // The workspace is gone: nothing ends there any more.
      error: () => undefined
    }
  );
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    dispose: () => {
      clearInterval(timer);
      ended.dispose();
    }
  };
}
