/** Trials as the plots of tables take them. All pure. */
import { bestOf, parameterValue, type ISweep, type ITrial } from '../../model/trials';
import type { IPlotColumn, IPlotRow } from '../plots/columns';

export interface ISweepPlot {
  readonly rows: readonly IPlotRow[];
  /** The parameters in the order of the space, the metric last. */
  readonly columns: readonly IPlotColumn[];
  readonly metric: IPlotColumn;
  /** Ids of the columns on a logarithmic axis. */
  readonly log: ReadonlySet<string>;
}

const idOf = (parameter: string): string => `parameter:${parameter}`;

/** One row a trial, with its parameters and its best value; trials without one are left out. */
export function sweepPlot(sweep: ISweep, all: readonly ITrial[]): ISweepPlot {
  const trials = all.filter(trial => bestOf(trial) !== null);
  const metric = { id: 'metric', label: sweep.metric, values: trials.map(bestOf) };
  const columns = sweep.parameters.map(({ name }) => ({
    id: idOf(name),
    label: name,
    values: trials.map(trial => parameterValue(trial, name))
  }));
  return {
    rows: trials.map(trial => ({ id: trial.run_id, name: trial.display_name })),
    columns: [...columns, metric],
    metric,
    log: new Set(sweep.parameters.filter(({ log }) => log).map(({ name }) => idOf(name)))
  };
}
