import type { IRunDetail } from '../../model/types';

const STANDARD_LOG = 'user_logs/std_log.txt';

/** Log files of a run, the terminal's own first. A run at work whose files are not known yet has that one. */
export function logFiles(run: IRunDetail): readonly string[] {
  const { log_files: files } = run;
  if (files.length === 0) {
    return [STANDARD_LOG];
  }
  return files.includes(STANDARD_LOG)
    ? [STANDARD_LOG, ...files.filter(file => file !== STANDARD_LOG)]
    : files;
}
