import React, { useCallback, useState } from 'react';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { isEnded, isStoppable, isSubmitted, progressOf, stateLook } from '../../model/state';
import type { IRunDetail } from '../../model/types';
import { ChartGrid } from '../chart/ChartGrid';
import { runAgain, stopRuns } from '../data/actions';
import { ConnectionBanner } from '../data/ConnectionBanner';
import { useConnection } from '../data/useConnection';
import { useNow } from '../data/useNow';
import { useStream } from '../data/useStream';
import { LogTail } from '../log/LogTail';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { MiddleText } from '../ui/MiddleText';
import { Progress } from '../ui/Progress';
import { SkeletonRows } from '../ui/Skeleton';
import { StateIcon } from '../ui/StateIcon';
import { ChildrenTable } from './ChildrenTable';
import { SweepSummary } from './SweepSummary';
import { WidgetFacts } from './WidgetFacts';

const CHARTS = 3;
const LOG_LINES = 4;
const STANDARD_LOG = 'user_logs/std_log.txt';
const CLOCK_MS = 1000;

export interface IRunWidgetProps {
  readonly source: IRunSource;
  readonly runId: string;
  readonly host: IViewHost;
  /** The host has pages of runs: Open and links to children are shown. */
  readonly hasPages: boolean;
  /** A sentence about this view as a whole, such as that the run was deleted. */
  readonly notice?: string;
  /** Nothing is said about the connection: whether it can be live is being found out. */
  readonly quiet?: boolean;
}

interface IHeadProps extends IRunWidgetProps {
  readonly run: IRunDetail;
}

function Actions({ source, run, host, hasPages }: IHeadProps): React.JSX.Element {
  const [sent, setSent] = useState(false);
  const saved = useConnection(source).state === 'saved';
  const mayChange = source.command !== undefined && run.can_write && !saved;
  const canRunAgain = mayChange && hasPages && isEnded(run.status) && isSubmitted(run);
  return (
    <span className="jp-ml-widget-acts">
      {mayChange && isStoppable(run) && (
        <Button
          icon="stop"
          disabled={sent}
          onClick={() =>
            void stopRuns(source, host, [run], () => setSent(true)).then(() => setSent(false))
          }
        >
          {sent
            ? trans.__('Stopping')
            : run.child_count > 0
              ? trans.__('Stop all')
              : trans.__('Stop')}
        </Button>
      )}
      {canRunAgain && (
        <Button icon="rerun" onClick={() => void runAgain(source, host, run)}>
          {trans.__('Run again')}
        </Button>
      )}
      {hasPages && (
        <Button icon="open" onClick={() => host.openRun(run.id)}>
          {trans.__('Open')}
        </Button>
      )}
    </span>
  );
}

function Head(props: IHeadProps): React.JSX.Element {
  const { run } = props;
  const share = progressOf(run);
  return (
    <>
      <div className="jp-ml-widget-head">
        <StateIcon status={run.status} progress={share} />
        <MiddleText className="jp-ml-strong" text={run.display_name} />
        <span className="jp-ml-dim jp-ml-num">{run.number}</span>
        <Actions {...props} />
      </div>
      {share !== null && !isEnded(run.status) && (
        <Progress value={share} family={stateLook(run.status).family} />
      )}
    </>
  );
}

/** Charts and the end of the log, once there is something in them; children in their place where there are some. */
function Body(props: IHeadProps): React.JSX.Element | null {
  const { source, run, host, hasPages } = props;
  const open = hasPages ? (tab?: string) => host.openRun(run.id, tab) : undefined;
  const openRun = useCallback((id: string) => host.openRun(id), [host]);
  const children = (
    <ChildrenTable
      source={source}
      runId={run.id}
      onOpen={hasPages ? openRun : undefined}
      onAll={open && (() => open('children'))}
    />
  );
  const hasScalars = run.metrics.some(metric => metric.kind === 'scalar');
  const log = run.log_files.includes(STANDARD_LOG) ? STANDARD_LOG : run.log_files[0];
  return (
    <>
      {run.child_count > 0 &&
        (run.sweep ? (
          <SweepSummary
            source={source}
            runId={run.id}
            onOpen={hasPages ? openRun : undefined}
            onAll={open && (() => open('trials'))}
            otherwise={children}
          />
        ) : (
          children
        ))}
      {hasScalars && (
        <div className="jp-ml-widget-charts">
          <ChartGrid source={source} runId={run.id} limit={CHARTS} compact />
        </div>
      )}
      {log !== undefined && run.started_ms !== null && (
        <div className="jp-ml-widget-log">
          <LogTail source={source} runId={run.id} path={log} lines={LOG_LINES} />
        </div>
      )}
    </>
  );
}

/** A run as a notebook shows it: state and primary metric, how far it is, three charts, four lines of its log. */
export function RunWidget(props: IRunWidgetProps): React.JSX.Element {
  const { source, runId } = props;
  const { value: run, error } = useStream(source, 'run', { run: runId });
  const now = useNow(run && isEnded(run.status) ? null : CLOCK_MS);
  if (!run) {
    return (
      <section className="jp-ml-root jp-ml-widget">
        {error ? <Banner icon="warning">{error.message}</Banner> : <SkeletonRows count={3} />}
      </section>
    );
  }
  const { word } = stateLook(run.status);
  const notice =
    props.notice ??
    (error?.code === 'run_not_found'
      ? trans.__('This run was deleted. What was known of it is shown.')
      : undefined);
  return (
    <section
      className="jp-ml-root jp-ml-widget"
      aria-label={trans.__('Run %1, %2', run.display_name, word.toLowerCase())}
    >
      <Head {...props} run={run} />
      <WidgetFacts run={run} now={now} />
      <span className="jp-ml-vh" role="status">
        {word}
      </span>
      <Body {...props} run={run} />
      {notice !== undefined ? (
        <Banner icon="info">{notice}</Banner>
      ) : (
        props.quiet !== true && <ConnectionBanner source={source} />
      )}
    </section>
  );
}
