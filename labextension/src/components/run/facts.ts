/** Facts about a run as the head of its page says them. All pure. */
import { trans } from '../../model/language';
import {
  formatCount,
  formatTook,
  formatDuration,
  formatMetric,
  formatPercent
} from '../../model/format';
import { shortenMiddle } from '../../model/shorten';
import { durationOf, isEnded, progressOf, stateLook, timeLeft } from '../../model/state';
import type { IRunDetail, RunStatus } from '../../model/types';

/** "step 41,216 of 60,000", "at step 812 of 60,000", "60,000 steps"; null where nothing counts steps. */
export function stepText(run: IRunDetail): string | null {
  if (run.child_count > 0) {
    const over = (['Completed', 'Failed', 'Canceled'] as const).reduce(
      (sum, status) => sum + (run.children[status] ?? 0),
      0
    );
    return trans.__('%1 of %2 children', formatCount(over), formatCount(run.child_count));
  }
  if (!run.progress) {
    return null;
  }
  const { step, total } = run.progress;
  if (total <= 1) {
    return isEnded(run.status) && step >= total ? null : formatPercent(progressOf(run) ?? 0);
  }
  if (run.status === 'Completed') {
    return trans.__('%1 steps', formatCount(step));
  }
  const [at, of] = [formatCount(step), formatCount(total)];
  return isEnded(run.status)
    ? trans.__('at step %1 of %2', at, of)
    : trans.__('step %1 of %2', at, of);
}

/** More of a metric's name would push the times out of the row; the chart below says the whole. */
const LABEL_CHARS = 48;

/** Label and value of the primary metric; null when the run has none. */
export function primaryText(run: IRunDetail): { label: string; value: string | null } | null {
  const metric = run.primary_metric;
  if (!metric) {
    return null;
  }
  const name = shortenMiddle(metric.name, LABEL_CHARS, part => part.length);
  const best =
    metric.best !== null && metric.best_step !== null && metric.count > 1
      ? trans.__(', best at %1: %2', formatCount(metric.best_step), formatMetric(metric.best))
      : '';
  return metric.last === null
    ? { label: name, value: null }
    : { label: name + best, value: formatMetric(metric.last) };
}

/** What the duration of a run in this state is called. */
export function durationLabel(status: RunStatus): string {
  return status === 'Completed'
    ? trans.__('Took')
    : isEnded(status)
      ? trans.__('Ran for')
      : trans.__('Running for');
}

/** "Running, 69%, 38 min left": the head in one line, for tabs other than the overview. */
export function oneLine(run: IRunDetail, now: number): string {
  const share = progressOf(run);
  const left = timeLeft(run, now);
  const took = durationOf(run, now);
  const ended = isEnded(run.status);
  const parts = [
    stateLook(run.status).word,
    share !== null && !ended ? formatPercent(share) : null,
    left !== null
      ? trans.__('%1 left', formatDuration(left))
      : took !== null
        ? ended
          ? trans.__('after %1', formatTook(took))
          : trans.__('for %1', formatDuration(took))
        : null
  ];
  return parts.filter(Boolean).join(', ');
}

/** Children by state, most first: "35 completed", "4 running". */
export function childCounts(
  children: IRunDetail['children']
): readonly { word: string; statuses: RunStatus[]; count: number }[] {
  const groups = new Map<string, { word: string; statuses: RunStatus[]; count: number }>();
  for (const [status, count] of Object.entries(children) as [RunStatus, number][]) {
    const { word } = stateLook(status);
    const group = groups.get(word) ?? { word, statuses: [], count: 0 };
    group.statuses.push(status);
    group.count += count;
    groups.set(word, group);
  }
  return [...groups.values()].filter(g => g.count > 0).sort((a, b) => b.count - a.count);
}
