import React from 'react';
import { formatTook, formatDuration, formatFullTime, formatMoment } from '../../model/format';
import { trans } from '../../model/language';
import {
  durationOf,
  isEnded,
  progressOf,
  remoteTarget,
  stateLook,
  timeLeft
} from '../../model/state';
import type { IRunDetail } from '../../model/types';
import { Button } from '../ui/Button';
import { Progress } from '../ui/Progress';
import { durationLabel, primaryText, stepText } from './facts';

interface IFactProps {
  readonly name: string;
  readonly children: React.ReactNode;
  readonly title?: string;
  readonly className?: string;
}

function Fact({ name, children, title, className }: IFactProps): React.JSX.Element {
  return (
    <div className={className} title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function StateFact({ run }: { readonly run: IRunDetail }): React.JSX.Element {
  const { word, family, ended } = stateLook(run.status);
  const share = progressOf(run);
  const step = stepText(run);
  return (
    <div className="jp-ml-fact-state">
      <dt>{trans.__('State')}</dt>
      <dd>
        <span className="jp-ml-big">{word}</span>
        {step && <span className="jp-ml-fact-step">{step}</span>}
      </dd>
      {share !== null && !ended && <Progress value={share} family={family} />}
    </div>
  );
}

function Commit({
  git
}: {
  readonly git: NonNullable<IRunDetail['git']>;
}): React.JSX.Element | null {
  if (typeof git.commit !== 'string' || git.commit === '') {
    return null;
  }
  return (
    <Fact name={trans.__('Commit')} className="jp-ml-fact-origin" title={String(git.branch ?? '')}>
      <span className="jp-ml-mono">{git.commit.slice(0, 7)}</span>
      {git.dirty === true && trans.__(' and changed files')}
    </Fact>
  );
}

/** "GPU 1, RTX 4090", "2 GPUs, A100" or the host: what the run is on, as people name it. */
export function placeText(run: IRunDetail): string {
  const gpus = run.resources?.gpus ?? [];
  const [first] = gpus;
  const where = remoteTarget(run) ?? run.host;
  if (!first) {
    return where;
  }
  const model = first.name.replace(/^NVIDIA\s+|GeForce\s+/gi, '');
  const which = gpus.length === 1 ? first.label : trans.__('%1 GPUs', gpus.length);
  return `${which}, ${model}`;
}

interface IRunFactsProps {
  readonly run: IRunDetail;
  readonly now: number;
  readonly onOpenRun: (id: string) => void;
}

function Times({ run, now }: IRunFactsProps): React.JSX.Element {
  const left = timeLeft(run, now);
  const took = durationOf(run, now);
  return (
    <>
      {left !== null && <Fact name={trans.__('Time left')}>{formatDuration(left)}</Fact>}
      {took !== null && (
        <Fact
          name={durationLabel(run.status)}
          className={left === null ? undefined : 'jp-ml-fact-mid'}
        >
          {isEnded(run.status) ? formatTook(took) : formatDuration(took)}
        </Fact>
      )}
      {run.ended_ms !== null && (
        <Fact
          name={trans.__('Ended')}
          className="jp-ml-fact-mid"
          title={formatFullTime(run.ended_ms)}
        >
          {formatMoment(run.ended_ms, now)}
        </Fact>
      )}
      {run.started_ms === null && (
        <Fact name={trans.__('Submitted')} title={formatFullTime(run.created_ms)}>
          {formatMoment(run.created_ms, now)}
        </Fact>
      )}
    </>
  );
}

/** State and primary metric first, then times, place and origin. In a narrow page the late ones are left out. */
export function RunFacts(props: IRunFactsProps): React.JSX.Element {
  const { run, onOpenRun } = props;
  const primary = primaryText(run);
  const parent = run.parents[run.parents.length - 1];
  const started = run.started_ms !== null;
  return (
    <dl className="jp-ml-facts">
      <StateFact run={run} />
      {primary && (
        <Fact name={primary.label} title={run.primary_metric?.name}>
          {primary.value === null ? (
            <span className="jp-ml-dim">
              {isEnded(run.status) ? trans.__('Not reached') : trans.__('Not yet')}
            </span>
          ) : (
            <span className="jp-ml-big">{primary.value}</span>
          )}
        </Fact>
      )}
      <Times {...props} />
      {started && (
        <Fact name={trans.__('On')} className="jp-ml-fact-mid">
          {placeText(run)}
        </Fact>
      )}
      <Fact name={trans.__('Experiment')} className="jp-ml-fact-origin">
        {run.experiment}
      </Fact>
      {parent && (
        <Fact name={trans.__('Child of')}>
          <Button kind="link" onClick={() => onOpenRun(parent.id)}>
            {parent.display_name} {parent.number}
          </Button>
        </Fact>
      )}
      {run.git && <Commit git={run.git} />}
    </dl>
  );
}
