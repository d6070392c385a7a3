/** How many runs are in a state, as it is said of several. */
import { formatCount } from './format';
import { trans } from './language';
import { ALL_STATUSES, stateLook, type StateFamily } from './state';
import type { RunStatus } from './types';

type Says = (n: number, text: string) => string;

const SAYS: Readonly<Record<StateFamily, Says>> = {
  queued: (n, text) => trans._n('%2 queued', '%2 queued', n, text),
  preparing: (n, text) => trans._n('%2 preparing', '%2 preparing', n, text),
  running: (n, text) => trans._n('%2 running', '%2 running', n, text),
  finalizing: (n, text) => trans._n('%2 finalizing', '%2 finalizing', n, text),
  stopping: (n, text) => trans._n('%2 stopping', '%2 stopping', n, text),
  completed: (n, text) => trans._n('%2 completed', '%2 completed', n, text),
  failed: (n, text) => trans._n('%2 failed', '%2 failed', n, text),
  canceled: (n, text) => trans._n('%2 canceled', '%2 canceled', n, text),
  lost: (n, text) => trans._n('%2 not responding', '%2 not responding', n, text)
};

/** "19 completed": a count of runs in this state or one that looks the same. */
export function stateCount(status: RunStatus, n: number): string {
  const { family, word } = stateLook(status);
  const text = formatCount(n);
  return ALL_STATUSES.includes(status) ? SAYS[family](n, text) : `${text} ${word}`;
}
