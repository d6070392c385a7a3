import React, { useMemo } from 'react';
import { trans } from '../../model/language';
import type { ISweep, ITrial } from '../../model/trials';
import type { Brushes } from '../plots/brush';
import { ParallelCoordinates } from '../plots/ParallelCoordinates';
import { sweepPlot } from './plotData';

/** Least room of one axis, px. */
const AXIS_PX = 96;
/** Lines at most: the newest; more are one grey field. */
const MOST_LINES = 2000;

interface ISweepParallelProps {
  readonly sweep: ISweep;
  readonly trials: readonly ITrial[];
  readonly brushes: Brushes;
  readonly onBrushes: (brushes: Brushes) => void;
  readonly focus: string | null;
  readonly onFocus: (runId: string | null) => void;
  readonly onOpen?: (runId: string) => void;
  readonly height: number;
}

/** A line a trial through its parameters and what it reached; nothing where there is only one axis. */
export function SweepParallel(props: ISweepParallelProps): React.JSX.Element | null {
  const { sweep, trials, onOpen, ...others } = props;
  const plot = useMemo(() => sweepPlot(sweep, trials.slice(-MOST_LINES)), [sweep, trials]);
  if (plot.columns.length < 2 || plot.rows.length === 0) {
    return null;
  }
  return (
    <div className="jp-ml-sweep-parallel">
      <div style={{ minWidth: plot.columns.length * AXIS_PX }}>
        <ParallelCoordinates
          label={trans.__('Trials by their parameters')}
          rows={plot.rows}
          columns={plot.columns}
          log={plot.log}
          colourBy={plot.metric}
          {...others}
          {...(onOpen && { onOpen })}
        />
      </div>
    </div>
  );
}
