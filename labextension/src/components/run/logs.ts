import type { IRunDetail } from '../../model/types';

const STANDARD_LOG = 'user_logs/std_log.txt';

/**
 * Log files of a run: the terminal's own first, then those of its ranks in their order, then the others. A run at work
 * whose files are not known yet has that one.
 */
export function logFiles(run: IRunDetail): readonly string[] {
  const ranks = (run.ranks ?? []).map(rank => rank.log);
  const known = [
    ...new Set([...ranks, ...run.log_files, ...(run.build_log ? [run.build_log] : [])])
  ];
  if (known.length === 0) {
    return [STANDARD_LOG];
  }
  return run.log_files.includes(STANDARD_LOG) || ranks.length > 0
    ? [STANDARD_LOG, ...known.filter(file => file !== STANDARD_LOG)]
    : known;
}
