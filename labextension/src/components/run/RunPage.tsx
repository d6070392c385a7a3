import React from 'react';
import type { IViewHost } from '../../model/host';
import type { IRunSource } from '../../model/source';
import { ChartGrid } from '../chart/ChartGrid';
import { useStream } from '../data/useStream';

export type RunTab =
  'overview' | 'metrics' | 'log' | 'files' | 'tensorboard' | 'children' | 'details';

export interface IRunPageProps {
  readonly source: IRunSource;
  readonly runId: string;
  /** The tab shown; an unknown name shows the overview. */
  readonly tab: string;
  readonly onTab: (tab: RunTab) => void;
  readonly onOpenRun: (id: string, tab?: string) => void;
  /** Asked to stop the run; the host confirms and sends the command. */
  readonly onStop: (id: string) => void;
  readonly host: IViewHost;
}

/** Everything about one run. */
export function RunPage({ source, runId }: IRunPageProps): React.JSX.Element {
  const run = useStream(source, 'run', { run: runId });
  return (
    <div className="jp-ml-page">
      <h1>{run.value?.display_name}</h1>
      <ChartGrid source={source} runId={runId} limit={6} />
    </div>
  );
}
