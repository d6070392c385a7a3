import React from 'react';
import {
  formatAge,
  formatDuration,
  formatFullTime,
  formatMetric,
  formatOrdinal
} from '../../model/format';
import { trans } from '../../model/language';
import { durationOf, isEnded, isStoppable, progressOf, stateLook } from '../../model/state';
import type { IRunSummary } from '../../model/types';
import { workFacts } from '../data/workFacts';
import type { IRemedy } from '../machine/devices';
import { Button, IconButton } from '../ui/Button';
import { MiddleText } from '../ui/MiddleText';
import { Progress } from '../ui/Progress';
import { Sparkline } from '../ui/Sparkline';
import { StateIcon } from '../ui/StateIcon';
import { isAtWork, rowSentence, type IRunRow } from './rows';

export interface IRowActions {
  stop(run: IRunSummary): void;
  open(run: IRunSummary): void;
  menu(run: IRunSummary, at: { x: number; y: number }): void;
  /** Ends the notebook that a run waits for, after asking. */
  free(remedy: IRemedy): void;
}

interface IRunRowProps {
  readonly row: IRunRow;
  readonly now: number;
  /** When the data is from, while the connection is lost. */
  readonly asOf: number | null;
  readonly opened: ReadonlySet<string>;
  readonly canStop: boolean;
  readonly actions: IRowActions;
}

/** The row in one sentence, for those who do not see it. */
export function rowLabel({ run, position }: IRunRow, now: number): string {
  const metric = run.primary_metric;
  return [
    run.display_name,
    stateLook(run.status).word,
    trans.__('run %1 of %2', run.number, run.experiment),
    metric ? `${metric.name} ${formatMetric(metric.last)}` : null,
    position === null ? null : trans.__('%1 in line', formatOrdinal(position)),
    isAtWork(run) ? workFacts(run, now, null) : run.reason
  ]
    .filter(Boolean)
    .join(', ');
}

function RowButtons({ row, canStop, actions }: IRunRowProps): React.JSX.Element {
  const { run } = row;
  const openMenu = (event: React.MouseEvent): void => {
    const box = event.currentTarget.getBoundingClientRect();
    actions.menu(run, { x: box.left, y: box.bottom });
  };
  return (
    <span className="jp-ml-run-acts" onDoubleClick={event => event.stopPropagation()}>
      {canStop && isStoppable(run) && (
        <IconButton
          tabIndex={-1}
          icon="stop"
          label={trans.__('Stop')}
          onClick={() => actions.stop(run)}
        />
      )}
      <IconButton
        tabIndex={-1}
        icon="open"
        label={trans.__('Open')}
        onClick={() => actions.open(run)}
      />
      <IconButton tabIndex={-1} icon="more" label={trans.__('More')} onClick={openMenu} />
    </span>
  );
}

function WorkLines(props: IRunRowProps): React.JSX.Element {
  const { run } = props.row;
  const share = progressOf(run);
  const metric = run.primary_metric;
  return (
    <>
      <p className="jp-ml-run-sub">
        <span className="jp-ml-grow jp-ml-cut">
          {[workFacts(run, props.now, props.asOf), run.experiment].filter(Boolean).join(', ')}
        </span>
        <span className="jp-ml-run-end">
          {metric && <Sparkline values={metric.spark} live={props.asOf === null} />}
          {metric && <span className="jp-ml-cut">{metric.name}</span>}
        </span>
      </p>
      {share !== null && <Progress value={share} />}
    </>
  );
}

function Value({ row, now }: IRunRowProps): React.JSX.Element {
  const { run, position } = row;
  const metric = run.primary_metric;
  const atWork = isAtWork(run);
  return (
    <span className="jp-ml-run-val">
      {metric && (
        <span className={atWork ? 'jp-ml-strong' : undefined} title={metric.name}>
          {formatMetric(metric.last)}
        </span>
      )}
      {position !== null && (
        <span className="jp-ml-small jp-ml-dim">{formatOrdinal(position)}</span>
      )}
      {isEnded(run.status) && run.ended_ms !== null && (
        <span className="jp-ml-run-age jp-ml-small" title={formatFullTime(run.ended_ms)}>
          {formatAge(run.ended_ms, now)}
        </span>
      )}
    </span>
  );
}

/** "Run 412 of pcam. Took 2 h 03 min.": what a row that is one line high leaves out. */
export function rowTitle({ run, needs }: IRunRow, now: number): string {
  const took = durationOf(run, now);
  const time =
    took === null
      ? ''
      : isEnded(run.status)
        ? ` ${trans.__('Took %1.', formatDuration(took))}`
        : ` ${trans.__('For %1.', formatDuration(took))}`;
  return [trans.__('Run %1 of %2.', run.number, run.experiment) + time, needs]
    .filter(Boolean)
    .join(' ');
}

/** Why it waits or what was found, and what can be done about it. */
function Sentence({ text, row, actions }: IRunRowProps & { text: string }): React.JSX.Element {
  const { remedy } = row;
  return (
    <p className={remedy ? 'jp-ml-run-why jp-mod-remedy' : 'jp-ml-run-why'} title={text}>
      {text}
      {remedy && (
        <>
          {' '}
          <Button kind="link" tabIndex={-1} onClick={() => actions.free(remedy)}>
            {remedy.label}
          </Button>
        </>
      )}
    </p>
  );
}

/** One run: shape, name and number; below it how far it is, why it waits, or what was found. */
export function RunRow(props: IRunRowProps): React.JSX.Element {
  const { run } = props.row;
  const sentence = rowSentence(run, props.opened);
  return (
    <>
      <StateIcon status={run.status} progress={progressOf(run)} />
      <MiddleText text={run.display_name} />
      <Value {...props} />
      {isAtWork(run) ? (
        <WorkLines {...props} />
      ) : (
        sentence && <Sentence {...props} text={sentence} />
      )}
      <RowButtons {...props} />
    </>
  );
}
