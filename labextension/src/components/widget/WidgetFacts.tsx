import React from 'react';
import {
  formatCount,
  formatTook,
  formatDuration,
  formatFullTime,
  formatMetric,
  formatMoment
} from '../../model/format';
import { stateCount } from '../../model/counts';
import { trans } from '../../model/language';
import { durationOf, isEnded, remoteTarget, stateLook, timeLeft } from '../../model/state';
import type { IRunDetail } from '../../model/types';
import { workFacts } from '../data/workFacts';
import { childCounts } from '../run/facts';

/** "step 41,216 of 60,000", "37 of 60 children", or what a waiting run is about. */
export function stepOf(run: IRunDetail, now: number): string | null {
  if (run.child_count > 0) {
    return workFacts(run, now, null);
  }
  if (run.progress && !isEnded(run.status)) {
    const { step, total } = run.progress;
    return total === 1 ? null : trans.__('step %1 of %2', formatCount(step), formatCount(total));
  }
  return null;
}

/** "35 completed, 4 running, 2 failed": children by state, the most first. */
export function childrenByState(run: IRunDetail): string {
  return childCounts(run.children)
    .map(({ statuses: [status], count }) => status && stateCount(status, count))
    .filter(Boolean)
    .join(', ');
}

function Fact(props: {
  name: string;
  children: React.ReactNode;
  title?: string;
  big?: boolean;
  wide?: boolean;
  /** Left out where there is little room. */
  late?: boolean;
}): React.JSX.Element {
  return (
    <div
      className={`jp-ml-fact${props.wide ? ' jp-ml-fact-wide' : ''}${props.late ? ' jp-ml-fact-late' : ''}`}
      title={props.title}
    >
      <dt>{props.name}</dt>
      <dd className={props.big ? 'jp-ml-fact-big' : undefined}>{props.children}</dd>
    </div>
  );
}

/** The newest value while it runs, the best one when it is over. */
function PrimaryMetric({ run }: { run: IRunDetail }): React.JSX.Element | null {
  const metric = run.primary_metric;
  if (!metric) {
    return null;
  }
  const over = isEnded(run.status);
  const best = over && metric.best !== null && metric.best_step !== null;
  return (
    <Fact
      big
      name={
        best
          ? trans.__('%1, best at %2', metric.name, formatCount(metric.best_step ?? 0))
          : metric.name
      }
    >
      {formatMetric(best ? metric.best : metric.last)}
    </Fact>
  );
}

function Times({ run, now }: { run: IRunDetail; now: number }): React.JSX.Element {
  const took = durationOf(run, now);
  const left = timeLeft(run, now);
  const over = isEnded(run.status);
  return (
    <>
      {left !== null && <Fact name={trans.__('Time left')}>{formatDuration(left)}</Fact>}
      {took !== null && (
        <Fact name={over ? trans.__('Took') : trans.__('Running for')}>
          {over ? formatTook(took) : formatDuration(took)}
        </Fact>
      )}
      {run.ended_ms !== null && (
        <Fact name={trans.__('Ended')} title={formatFullTime(run.ended_ms)}>
          {formatMoment(run.ended_ms, now)}
        </Fact>
      )}
    </>
  );
}

/** State and primary metric, then times and place. A run that waits or was not completed says why. */
export function WidgetFacts({ run, now }: { run: IRunDetail; now: number }): React.JSX.Element {
  const { word, family } = stateLook(run.status);
  const step = stepOf(run, now);
  const explains = run.reason !== null && family !== 'running' && family !== 'completed';
  return (
    <dl className="jp-ml-facts-row">
      <Fact name={trans.__('State')}>
        <span className="jp-ml-fact-big">{word}</span>
        {step !== null && <span>{step}</span>}
      </Fact>
      <PrimaryMetric run={run} />
      <Times run={run} now={now} />
      {run.child_count > 0 && <Fact name={trans.__('Children')}>{childrenByState(run)}</Fact>}
      {run.child_count === 0 && (
        <Fact late name={trans.__('On')}>
          {remoteTarget(run) ?? run.host}
        </Fact>
      )}
      {explains && (
        <Fact name={trans.__('Why')} wide>
          {run.reason}
        </Fact>
      )}
      {run.warnings.length > 0 && (
        <Fact name={trans._n('%1 warning', '%1 warnings', run.warnings.length)} wide>
          {run.warnings[run.warnings.length - 1]}
        </Fact>
      )}
    </dl>
  );
}
