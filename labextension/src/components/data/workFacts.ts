import { trans } from '../../model/language';
import { formatDuration, formatPercent, formatTime } from '../../model/format';
import { progressOf, remoteTarget, timeLeft } from '../../model/state';
import type { IRunSummary } from '../../model/types';

/**
 * "69%, 38 min left, gpu-box" or "37 of 60 children, 2 failed": how far a run at work is.
 *
 * @param asOf - when the data is from (ms since the epoch) while the connection is lost; null: it is of now
 */
export function workFacts(run: IRunSummary, now: number, asOf: number | null): string {
  if (run.child_count > 0) {
    const over = ['Completed', 'Failed', 'Canceled'] as const;
    const done = over.reduce((sum, state) => sum + (run.children[state] ?? 0), 0);
    const failed = run.children.Failed ?? 0;
    const all = trans.__('%1 of %2 children', done, run.child_count);
    return failed ? `${all}, ${trans.__('%1 failed', failed)}` : all;
  }
  const share = progressOf(run);
  const percent = share === null ? null : formatPercent(share);
  if (asOf !== null && percent !== null) {
    return trans.__('%1 at %2', percent, formatTime(asOf, now));
  }
  const facts = [percent, paceOf(run, now), remoteTarget(run)];
  return facts.filter(Boolean).join(', ');
}

function paceOf(run: IRunSummary, now: number): string | null {
  const left = timeLeft(run, now);
  if (left !== null) {
    return trans.__('%1 left', formatDuration(left));
  }
  return run.started_ms === null
    ? null
    : trans.__('for %1', formatDuration(Math.max(0, now - run.started_ms)));
}
