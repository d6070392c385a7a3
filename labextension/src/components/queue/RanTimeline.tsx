import React, { useMemo } from 'react';
import { formatDuration, formatPercent } from '../../model/format';
import { trans } from '../../model/language';
import type { HistorySpan, IGpu, IQueueHistory } from '../../model/machine';
import { stateLook } from '../../model/state';
import { EmptyState } from '../ui/EmptyState';
import { StateIcon } from '../ui/StateIcon';
import { TimeAxis } from './TimeAxis';
import { blockText, gpuShare, lanesOf, middleWait, type IBlock, type ILane } from './timeline';

interface IRanTimelineProps {
  readonly history: IQueueHistory;
  readonly gpus: readonly IGpu[];
  readonly onOpenRun: (id: string) => void;
}

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

function spanWords(span: HistorySpan): string {
  switch (span) {
    case 'hour':
      return trans.__('in the last hour');
    case 'day':
      return trans.__('in the last day');
    case 'week':
      return trans.__('in the last week');
  }
}

/** "GPUs were given to runs 71% of the last day. Runs waited 12 min in the middle." */
function sentence(history: IQueueHistory, lanes: readonly ILane[]): string {
  const share = gpuShare(lanes);
  const wait = middleWait(history.runs);
  const when = spanWords(history.span);
  return [
    trans._n('%1 run was at work %2.', '%1 runs were at work %2.', history.runs.length, when),
    share === null
      ? null
      : trans.__('GPUs were given to runs %1 of the time.', formatPercent(share)),
    wait === null
      ? null
      : trans.__('Half of them waited %1 or less.', wait < 1000 ? '1 s' : formatDuration(wait)),
    history.truncated ? trans.__('Older ones are left out.') : null
  ]
    .filter(Boolean)
    .join(' ');
}

function Block(props: {
  readonly block: IBlock;
  readonly now: number;
  readonly onOpenRun: (id: string) => void;
}): React.JSX.Element {
  const { block, now } = props;
  const { run, from, to, waited } = block;
  const text = blockText(block, now);
  const family = stateLook(run.status).family;
  return (
    <>
      {waited !== null && (
        <i
          className="jp-ml-ran-wait"
          style={{ left: percent(waited), width: percent(from - waited) }}
        />
      )}
      <button
        type="button"
        className={`jp-ml-ran jp-mod-${family}`}
        style={{ left: percent(from), width: percent(to - from) }}
        title={text}
        aria-label={text}
        data-ran={run.run_id}
        onClick={() => props.onOpenRun(run.run_id)}
      >
        <StateIcon status={run.status} progress={null} />
        <span className="jp-ml-cut">{run.display_name}</span>
      </button>
    </>
  );
}

/** What ran when on which GPU, and on cores alone; a dotted line before a block is its wait. */
export function RanTimeline(props: IRanTimelineProps): React.JSX.Element {
  const { history, gpus, onOpenRun } = props;
  const lanes = useMemo(() => lanesOf(history, gpus), [history, gpus]);
  if (history.runs.length === 0) {
    return (
      <EmptyState
        title={trans.__('Nothing ran %1.', spanWords(history.span))}
        text={trans.__('Submitted runs of this workspace stand here with where and when they ran.')}
      />
    );
  }
  return (
    <div className="jp-ml-sys jp-ml-lanes">
      <p className="jp-ml-queue-sentence">{sentence(history, lanes)}</p>
      {lanes.map(lane => (
        <div key={lane.key} className="jp-ml-lane" role="group" aria-label={lane.label}>
          <span>
            {lane.label}
            {lane.more > 0 && (
              <span className="jp-ml-small jp-ml-dim"> {trans.__('%1 more', lane.more)}</span>
            )}
          </span>
          <div className="jp-ml-lane-rows">
            {(lane.rows.length > 0 ? lane.rows : [[]]).map((row, i) => (
              <div key={i} className="jp-ml-lane-row">
                {row.map(block => (
                  <Block
                    key={block.run.run_id}
                    block={block}
                    now={history.to_ms}
                    onOpenRun={onOpenRun}
                  />
                ))}
              </div>
            ))}
          </div>
        </div>
      ))}
      <TimeAxis from={history.from_ms} to={history.to_ms} />
    </div>
  );
}
