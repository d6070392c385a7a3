import React, { useMemo, useState } from 'react';
import { formatCount } from '../../model/format';
import { trans } from '../../model/language';
import { isEnded } from '../../model/state';
import { bestTrial, type ISweep, type ITrial } from '../../model/trials';
import { useNow } from '../data/useNow';
import { inRange, type Brushes } from '../plots/brush';
import { scaleOf } from '../plots/scale';
import type { ITabProps } from '../run/page';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { BestChart } from './BestChart';
import { Importance } from './Importance';
import { sweepPlot } from './plotData';
import { SweepFacts } from './SweepFacts';
import { SweepParallel } from './SweepParallel';
import { TrialTable } from './TrialTable';
import { useImportance } from './useImportance';
import { useTrials } from './useTrials';

const BEST_PX = 200;
const PARALLEL_PX = 280;
/** The trials inside all ranges that were dragged on the axes. */
function useWithin(sweep: ISweep, trials: readonly ITrial[], brushes: Brushes): readonly ITrial[] {
  return useMemo(() => {
    if (Object.keys(brushes).length === 0) {
      return trials;
    }
    const { rows, columns, log } = sweepPlot(sweep, trials);
    const scales = new Map(columns.map(one => [one.id, scaleOf(one, log.has(one.id))]));
    const within = inRange(rows.length, columns, scales, brushes);
    const kept = new Set(rows.filter((_, i) => within[i]).map(row => row.id));
    return trials.filter(trial => kept.has(trial.run_id));
  }, [sweep, trials, brushes]);
}

function Sweep(
  props: ITabProps & { readonly sweep: ISweep; readonly trials: readonly ITrial[] }
): React.JSX.Element {
  const { source, run, sweep, trials, onOpenRun } = props;
  const [focus, setFocus] = useState<string | null>(null);
  const [brushes, setBrushes] = useState<Brushes>({});
  const ended = trials.filter(trial => isEnded(trial.status)).length;
  const importance = useImportance(source, run.id, ended);
  const now = useNow(isEnded(run.status) ? null : 1000);
  const best = useMemo(() => bestTrial(sweep.goal, trials), [sweep.goal, trials]);
  const within = useWithin(sweep, trials, brushes);
  const shared = { sweep, focus, onFocus: setFocus, onOpen: onOpenRun };
  return (
    <>
      <SweepFacts {...{ sweep, trials, best }} onOpen={onOpenRun} />
      <div className="jp-ml-sweep-charts">
        <BestChart {...shared} trials={trials} height={BEST_PX} />
        <Importance {...importance} />
      </div>
      <SweepParallel
        {...shared}
        {...{ trials, brushes }}
        onBrushes={setBrushes}
        height={PARALLEL_PX}
      />
      {within.length < trials.length && (
        <p className="jp-ml-small jp-ml-dim" role="status">
          {trans.__('%1 of %2 trials', formatCount(within.length), formatCount(trials.length))}{' '}
          <Button kind="link" onClick={() => setBrushes({})}>
            {trans.__('Show all')}
          </Button>
        </p>
      )}
      <TrialTable {...shared} trials={within} best={best?.run_id ?? null} now={now} />
    </>
  );
}

/** A sweep: what it looks for, its best so far, which parameters mattered, and every trial. */
export function TrialsTab(props: ITabProps): React.JSX.Element {
  const { sweep, trials, ready, error } = useTrials(props.source, props.run.id);
  return (
    <div className="jp-ml-sweep">
      {error && <p className="jp-ml-err">{error.message}</p>}
      {!ready && !error && <SkeletonRows />}
      {ready && sweep && trials.length > 0 && <Sweep {...props} sweep={sweep} trials={trials} />}
      {ready && trials.length === 0 && (
        <EmptyState
          title={trans.__('No trial yet.')}
          text={
            isEnded(props.run.status)
              ? trans.__('The sweep ended before its first one.')
              : trans.__('The first one comes when the sweep has started.')
          }
        />
      )}
    </div>
  );
}
