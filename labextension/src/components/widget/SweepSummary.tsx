import React, { useMemo, useState } from 'react';
import { formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { bestTrial } from '../../model/trials';
import { BestChart } from '../sweep/BestChart';
import { METRIC, sorted, trialColumns } from '../sweep/trialColumns';
import { useTrials } from '../sweep/useTrials';
import { Button } from '../ui/Button';
import { countsText } from '../sweep/words';
import { SweepPlots } from './SweepPlots';

const SHOWN = 5;
const HEIGHT_PX = 108;
/** Columns that a notebook's output has no room for. */
const LEFT_OUT = ['state', 'step', 'duration'];

interface ISweepSummaryProps {
  readonly source: IRunSource;
  readonly runId: string;
  readonly onOpen?: (id: string) => void;
  /** Shows all trials elsewhere; absent: there is no such place. */
  readonly onAll?: () => void;
  /** What stands in its place where trials are not told. */
  readonly otherwise: React.ReactNode;
}

/** A sweep in a notebook: the best so far, the best five trials, and on demand all by their parameters. */
export function SweepSummary(props: ISweepSummaryProps): React.JSX.Element | null {
  const { source, runId, onOpen, onAll } = props;
  const { sweep, trials, ready, error } = useTrials(source, runId);
  const [focus, setFocus] = useState<string | null>(null);
  const [plots, setPlots] = useState(false);
  const columns = useMemo(
    () => (sweep ? trialColumns(sweep, onOpen).filter(({ id }) => !LEFT_OUT.includes(id)) : []),
    [sweep, onOpen]
  );
  if (error && !ready) {
    return <>{props.otherwise}</>;
  }
  if (!sweep || trials.length === 0) {
    return null;
  }
  const order = sweep.goal === 'maximize' ? `-${METRIC}` : METRIC;
  const rows = sorted(trials, columns, order, 0).slice(0, SHOWN);
  const best = bestTrial(sweep.goal, trials);
  return (
    <div className="jp-ml-widget-sweep">
      <BestChart
        {...{ sweep, trials, focus, onOpen }}
        onFocus={setFocus}
        height={HEIGHT_PX}
        compact
      />
      <table className="jp-ml-children" aria-label={trans.__('Best trials')}>
        <thead>
          <tr>
            {columns.map(({ id, title, right }) => (
              <th key={id} scope="col" className={right ? 'jp-ml-right' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(trial => (
            <tr key={trial.run_id} className={trial === best ? 'jp-ml-strong' : undefined}>
              {columns.map(({ id, right, cell }) => (
                <td key={id} className={right ? 'jp-ml-right' : undefined}>
                  {cell(trial, 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="jp-ml-small jp-ml-dim">
        {trans.__('Trials: %1', countsText(sweep, trials))}
        {best && `, ${trans.__('best %1', sweep.metric)} ${formatMetric(best.best)}`}
      </p>
      <Button
        kind="link"
        className="jp-ml-all"
        aria-expanded={plots}
        onClick={() => setPlots(!plots)}
      >
        {trans.__('Trials by their parameters')}
      </Button>
      {plots && (
        <SweepPlots {...{ source, runId, sweep, trials, focus, onOpen }} onFocus={setFocus} />
      )}
      {trials.length > SHOWN && onAll && (
        <Button kind="link" className="jp-ml-all" onClick={onAll}>
          {trans.__('Show all %1 trials', trials.length)}
        </Button>
      )}
    </div>
  );
}
