import React from 'react';
import { formatCount } from '../../model/format';
import { isEnded } from '../../model/state';
import type { IRunDetail } from '../../model/types';
import { ChartGrid } from '../chart/ChartGrid';
import { LogTail } from '../log/LogTail';
import { Finding } from './Finding';
import { KeyValues } from './KeyValues';
import { logFiles } from './logs';
import { MachineUse } from './MachineUse';
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
      {!isEnded(run.status) && <MachineUse source={source} />}
      {parameters.length > 0 && (
        <section aria-label="Parameters">
          <h3>
            Parameters
            {parameters.length > PARAMETERS && (
              <button
                type="button"
                className="jp-ml-btn jp-ml-btn-link"
                onClick={() => onTab('details')}
              >
                {PARAMETERS} of {formatCount(parameters.length)}
              </button>
            )}
          </h3>
          <KeyValues compact entries={parameters.slice(0, PARAMETERS)} />
        </section>
      )}
      {run.description && (
        <section aria-label="Description">
          <h3>Description</h3>
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
    ? `Ended, exit code ${code}`
    : 'Ended';
}

/** The first page: what it is about (the finding, why it waits), charts, the end of the log, parameters. */
export function OverviewTab(props: ITabProps): React.JSX.Element {
  const { source, run, host, width, onTab } = props;
  const failed = run.status === 'Failed';
  const rail = width >= RAIL_FROM_PX && hasRail(run) && !failed;
  const [log] = logFiles(run);
  return (
    <div className={rail ? 'jp-ml-overview jp-mod-rail' : 'jp-ml-overview'}>
      <div className="jp-ml-column">
        {failed && <Finding {...{ source, run, host }} onLog={() => onTab('log')} />}
        <Why source={source} run={run} />
        {(run.started_ms !== null || run.metrics.length > 0) && (
          <ChartGrid source={source} runId={run.id} limit={failed ? CHARTS_FAILED : CHARTS} />
        )}
        {log !== undefined && run.started_ms !== null && (
          <LogTail
            source={source}
            runId={run.id}
            path={log}
            lines={LOG_LINES}
            ended={logEnd(run)}
            onOpen={() => onTab('log')}
          />
        )}
      </div>
      {rail && <Rail {...props} />}
    </div>
  );
}
