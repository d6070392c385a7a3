import React from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { isEnded, stateLook } from '../../model/state';
import type { IRunDetail } from '../../model/types';
import { ChartGrid } from '../chart/ChartGrid';
import { LogTail } from '../log/LogTail';
import { RunModels } from '../models/RunModels';
import { RunUse } from '../system/RunUse';
import { Button } from '../ui/Button';
import { DataUsed } from './DataUsed';
import { Finding } from './Finding';
import { Imported } from './Imported';
import { KeyValues } from './KeyValues';
import { logFiles } from './logs';
import type { ITabProps } from './page';
import { Why } from './Why';

const CHARTS = 6;
const CHARTS_FAILED = 4;
const LOG_LINES = 12;
/** The rail has room from this width on, in px. */
const RAIL_FROM_PX = 1180;
const PARAMETERS = 16;

function Rail({ source, run, onTab }: ITabProps): React.JSX.Element {
  const parameters = Object.entries(run.parameters);
  return (
    <aside className="jp-ml-rail">
      {!isEnded(run.status) && (
        <RunUse source={source} run={run.id} onMore={() => onTab('system')} />
      )}
      {parameters.length > 0 && (
        <section aria-label={trans.__('Parameters')}>
          <h3>
            {trans.__('Parameters')}
            {parameters.length > PARAMETERS && (
              <button
                type="button"
                className="jp-ml-btn jp-ml-btn-link"
                onClick={() => onTab('details')}
              >
                {trans.__('%1 of %2', PARAMETERS, formatCount(parameters.length))}
              </button>
            )}
          </h3>
          <KeyValues compact entries={parameters.slice(0, PARAMETERS)} />
        </section>
      )}
      {run.description && (
        <section aria-label={trans.__('Description')}>
          <h3>{trans.__('Description')}</h3>
          <p>{run.description}</p>
        </section>
      )}
    </aside>
  );
}

const hasRail = (run: IRunDetail): boolean =>
  !isEnded(run.status) || Object.keys(run.parameters).length > 0 || Boolean(run.description);

function logEnd(run: IRunDetail): string {
  const code = run.error?.code;
  return code !== null && code !== undefined && /^\d+$/.test(code)
    ? trans.__('Ended, exit code %1', code)
    : trans.__('Ended');
}

/** What an ended run used, in one sentence; the finding of a failed one says it where it matters. */
function Used({ run, onMore }: { run: IRunDetail; onMore: () => void }): React.JSX.Element | null {
  const sentence = run.resources?.sentence;
  if (!sentence || !isEnded(run.status) || run.status === 'Failed') {
    return null;
  }
  return (
    <p className="jp-ml-used jp-ml-dim">
      {sentence}{' '}
      <Button kind="link" onClick={onMore}>
        {trans.__('Show it by time')}
      </Button>
    </p>
  );
}

/** The log whose end is shown: that of the build until the run has started; null while nothing can have been printed. */
function tailFile(run: IRunDetail): string | null {
  if (run.started_ms === null) {
    return run.build_log && stateLook(run.status).family !== 'queued' ? run.build_log : null;
  }
  return logFiles(run)[0] ?? null;
}

/** The first page: what it is about (the finding, why it waits), charts, the end of the log, parameters. */
export function OverviewTab(props: ITabProps): React.JSX.Element {
  const { source, run, host, width, at, onAt, onTab, onOpenRun } = props;
  const failed = run.status === 'Failed';
  const rail = width >= RAIL_FROM_PX && hasRail(run) && !failed;
  const tail = tailFile(run);
  return (
    <div className={rail ? 'jp-ml-overview jp-mod-rail' : 'jp-ml-overview'}>
      <div className="jp-ml-column">
        {failed && <Finding {...props} />}
        <Why source={source} run={run} host={host} />
        {run.imported && <Imported from={run.imported} />}
        <Used run={run} onMore={() => onTab('system')} />
        {(run.started_ms !== null || run.metrics.length > 0) && (
          <ChartGrid
            {...{ source, at, onAt }}
            runId={run.id}
            insertCell={host.insertCell}
            limit={failed ? CHARTS_FAILED : CHARTS}
          />
        )}
        {tail !== null && (
          <LogTail
            key={tail}
            source={source}
            runId={run.id}
            path={tail}
            lines={LOG_LINES}
            ended={logEnd(run)}
            onFrame={(file, line) => onTab('code', { file, line: String(line) })}
            onOpen={() => onTab('log', tail === run.build_log ? { log: tail } : {})}
          />
        )}
        <DataUsed data={run.data} onOpenRun={onOpenRun} />
        <RunModels key={run.id} {...{ source, run, host }} />
      </div>
      {rail && <Rail {...props} />}
    </div>
  );
}
