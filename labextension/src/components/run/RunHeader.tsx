import React from 'react';
import { trans } from '../../model/language';
import { formatCount, formatMetric } from '../../model/format';
import { isEnded, isStoppable, progressOf, stateLook } from '../../model/state';
import type { IRunDetail } from '../../model/types';
import { useNow } from '../data/useNow';
import { MiddleText } from '../ui/MiddleText';
import { StateIcon } from '../ui/StateIcon';
import { oneLine } from './facts';
import { RunActions, type IRunActionsProps } from './RunActions';
import { RunFacts } from './RunFacts';
import { TagEditor } from './TagEditor';

const CLOCK_MS = 1000;

interface IRunHeaderProps extends IRunActionsProps {
  /** Facts and tags are shown; otherwise one line says the state. */
  readonly full: boolean;
  readonly onOpenRun: (id: string) => void;
}

function Short({
  run,
  now
}: {
  readonly run: IRunDetail;
  readonly now: number;
}): React.JSX.Element {
  const metric = run.primary_metric;
  return (
    <>
      <span className="jp-ml-head-line jp-ml-num">{oneLine(run, now)}</span>
      {metric && metric.last !== null && (
        <span className="jp-ml-head-line jp-mod-metric jp-ml-num jp-ml-strong">
          <MiddleText text={metric.name} /> <span>{formatMetric(metric.last)}</span>
        </span>
      )}
    </>
  );
}

/** Why there is no Stop, for somebody who may only look. */
function LookOnly({ run }: { readonly run: IRunDetail }): React.JSX.Element | null {
  if (run.can_write || isEnded(run.status)) {
    return null;
  }
  return (
    <p className="jp-ml-small jp-ml-dim">
      {trans.__('You may look at this run. Only %1 may stop it.', run.user)}
    </p>
  );
}

/** State icon, name, number, tags and actions; below them the facts. */
export function RunHeader(props: IRunHeaderProps): React.JSX.Element {
  const { source, run, host, full, onOpenRun } = props;
  const now = useNow(isEnded(run.status) ? null : CLOCK_MS);
  const looks = !isStoppable({ ...run, can_write: true });
  return (
    <div className={full ? 'jp-ml-head' : 'jp-ml-head jp-mod-short'}>
      <div className="jp-ml-head-title">
        <StateIcon status={run.status} progress={progressOf(run)} large />
        <h1 data-text={run.display_name}>
          <MiddleText text={run.display_name} />
        </h1>
        <span className="jp-ml-dim jp-ml-num">{formatCount(run.number)}</span>
        {full ? <TagEditor {...{ source, run, host }} /> : <Short run={run} now={now} />}
        <RunActions {...props} />
      </div>
      {!looks && <LookOnly run={run} />}
      {full && <RunFacts run={run} now={now} onOpenRun={onOpenRun} />}
      <span className="jp-ml-vh" role="status">
        {stateLook(run.status).word}
      </span>
    </div>
  );
}
