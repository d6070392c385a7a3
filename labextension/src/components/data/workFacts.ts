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
    return `${done} of ${run.child_count} children${failed ? `, ${failed} failed` : ''}`;
  }
  const share = progressOf(run);
  const percent = share === null ? null : formatPercent(share);
  if (asOf !== null && percent !== null) {
    return `${percent} at ${formatTime(asOf, now)}`;
  }
  const facts = [percent, paceOf(run, now), remoteTarget(run)];
  return facts.filter(Boolean).join(', ');
}

function paceOf(run: IRunSummary, now: number): string | null {
  const left = timeLeft(run, now);
  if (left !== null) {
    return `${formatDuration(left)} left`;
  }
  return run.started_ms === null
    ? null
    : `for ${formatDuration(Math.max(0, now - run.started_ms))}`;
}
