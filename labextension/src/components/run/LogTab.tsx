import React from 'react';
import { trans } from '../../model/language';
import { stateLook } from '../../model/state';
import { LogView, type ILogFile } from '../log/LogView';
import { logFiles } from './logs';
import type { ITabProps } from './page';

/** Logs by what they are: all ranks together, each rank, the build of the environment, the others. */
export function namedLogs(run: ITabProps['run']): readonly ILogFile[] {
  const ranks = new Map((run.ranks ?? []).map(rank => [rank.log, rank]));
  const several = ranks.size > 1;
  const files = logFiles(run).map((path, i): ILogFile => {
    const rank = ranks.get(path);
    if (rank) {
      const name = /^\d*$/.test(rank.name) ? trans.__('Rank %1', rank.rank) : rank.name;
      return { path, name: rank.failed_first ? trans.__('%1, failed first', name) : name };
    }
    if (path === run.build_log) {
      return { path, name: trans.__('Environment') };
    }
    return { path, name: i === 0 && several ? trans.__('All ranks') : null };
  });
  const preparing = stateLook(run.status).family === 'preparing';
  const build = files.find(file => file.path === run.build_log);
  return preparing && build ? [build, ...files.filter(file => file !== build)] : files;
}

/** The run's logs: of all ranks, of one, of the environment's build while it is being made. */
export function LogTab({ source, run, at, onAt, onTab }: ITabProps): React.JSX.Element {
  return (
    <LogView
      source={source}
      runId={run.id}
      files={namedLogs(run)}
      path={at.log}
      line={at.line === undefined ? undefined : Number(at.line)}
      onPath={log => onAt({ log, line: undefined })}
      onFrame={(file, line) => onTab('code', { file, line: String(line) })}
      startedMs={run.started_ms}
    />
  );
}
