import React, { useState } from 'react';
import { trans } from '../../model/language';
import { ChartGrid } from '../chart/ChartGrid';
import { Icon } from '../ui/Icon';
import type { ITabProps } from './page';

/** From so many metrics on a field to find one is shown. */
const FIND_FROM = 6;

/** Every metric of a run: curves, single values, and the other kinds below. */
export function MetricsTab({ source, run, host, at, onAt, onTab }: ITabProps): React.JSX.Element {
  const [filter, setFilter] = useState('');
  return (
    <div className="jp-ml-column jp-ml-metrics-tab">
      {run.metrics.length >= FIND_FROM && (
        <div className="jp-ml-field jp-ml-find">
          <Icon name="search" />
          <input
            type="search"
            placeholder={trans.__('Find a metric')}
            aria-label={trans.__('Find a metric')}
            value={filter}
            onChange={event => setFilter(event.target.value)}
          />
        </div>
      )}
      <ChartGrid
        {...{ source, at, onAt, filter }}
        runId={run.id}
        onChildren={() => onTab('children', { show: 'curves' })}
        insertCell={host.insertCell}
        entries
      />
    </div>
  );
}
