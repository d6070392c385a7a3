/** From an event to what is said of it: once, to who wants it, unless the run is being looked at. */
import { formatDuration, formatMetric } from '../model/format';
import { trans } from '../model/language';
import type { IRunSource } from '../model/source';
import { durationOf, stateLook } from '../model/state';
import type { IRunDetail } from '../model/types';
import type { Claims } from './claims';
import type { INoticeChoices } from './choices';
import type { INotice } from './watch';

/** A page that nobody sees lets the others tell first, in ms. */
const HIDDEN_MS = 1000;

/** What is shown of an event. */
export interface IMessage {
  readonly level: 'success' | 'info' | 'warning' | 'error';
  readonly text: string;
  readonly run: string;
  readonly key: string;
}

export interface ITellerHost {
  readonly choices: () => INoticeChoices;
  /** Whether the page is hidden behind other windows or tabs. */
  readonly hidden: () => boolean;
  /** Whether this run's page is in front of the person's eyes. */
  readonly lookedAt: (run: string) => boolean;
  readonly show: (message: IMessage) => void;
  readonly wait: (ms: number) => Promise<void>;
}

/** Whether the person asked to be told of it. */
export function isWanted(notice: INotice, choices: INoticeChoices, me: string | null): boolean {
  if (choices.onlyMine && me !== null && notice.user !== me) {
    return false;
  }
  return { ended: choices.ends, failed: choices.failures, stalled: choices.stalls }[notice.kind];
}

/** "digits-sgd 12 completed after 8 min, val_accuracy 0.9700." and the like. */
export function messageOf(notice: INotice, run: IRunDetail): IMessage {
  const name = `${run.display_name} ${run.number}`;
  const base = { run: run.id, key: notice.key };
  if (notice.kind === 'stalled') {
    const silent = formatDuration(notice.silent_ms ?? 0);
    return {
      ...base,
      level: 'warning',
      text: trans.__('%1 has been silent for %2: no log line and no metric.', name, silent)
    };
  }
  if (notice.kind === 'failed') {
    const why = run.finding?.title ?? run.reason ?? '';
    return { ...base, level: 'error', text: trans.__('%1 failed. %2', name, why).trim() };
  }
  const took = durationOf(run, run.ended_ms ?? 0);
  const metric = run.primary_metric;
  const facts = [
    took === null ? null : trans.__('after %1', formatDuration(took)),
    typeof metric?.last === 'number' ? `${metric.name} ${formatMetric(metric.last)}` : null
  ].filter(Boolean);
  const word = stateLook(run.status).word.toLowerCase();
  return {
    ...base,
    level: run.status === 'Completed' ? 'success' : 'info',
    text: `${name} ${word}${facts.length ? ` ${facts.join(', ')}` : ''}.`
  };
}

/** Tells of an event when it is wanted and no other page has told of it. */
export async function tell(
  notice: INotice,
  me: string | null,
  source: IRunSource,
  claims: Claims,
  host: ITellerHost
): Promise<void> {
  if (!isWanted(notice, host.choices(), me)) {
    return;
  }
  if (host.hidden()) {
    await host.wait(HIDDEN_MS);
  }
  if (!(await claims.take(notice.key)) || host.lookedAt(notice.run)) {
    return;
  }
  const run = await source.query('run', { run: notice.run }).catch(() => null);
  if (run) {
    host.show(messageOf(notice, run));
  }
}
