import React from 'react';
import type { IRunSource } from '../../model/source';
import { useMetrics } from './useMetrics';

export interface IChartGridProps {
  readonly source: IRunSource;
  readonly runId: string;
  /** At most so many charts; absent: all. */
  readonly limit?: number;
  /** Lower charts without controls, for a notebook's output. */
  readonly compact?: boolean;
}

/** Small multiples of a run's scalar metrics, live. */
export function ChartGrid({ source, runId, limit }: IChartGridProps): React.JSX.Element {
  const { series } = useMetrics(source, runId);
  return (
    <div className="jp-ml-charts">
      {series.slice(0, limit).map(one => (
        <figure key={one.name}>{one.name}</figure>
      ))}
    </div>
  );
}
