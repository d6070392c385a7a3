import React, { useState } from 'react';
import { trans } from '../../model/language';
import { ChartGrid } from '../chart/ChartGrid';
import { SearchField } from '../ui/SearchField';
import type { ITabProps } from './page';

/** From so many metrics on a field to find one is shown. */
const FIND_FROM = 6;

/** Every metric of a run: curves, single values, and the other kinds below. */
export function MetricsTab({ source, run, host, at, onAt, onTab }: ITabProps): React.JSX.Element {
  const [filter, setFilter] = useState('');
  return (
    <div className="jp-ml-column jp-ml-metrics-tab">
      <ChartGrid
        {...{ source, at, onAt, filter }}
        runId={run.id}
        onChildren={() => onTab('children', { show: 'curves' })}
        insertCell={host.insertCell}
        before={
          run.metrics.length >= FIND_FROM && (
            <SearchField
              label={trans.__('Find a metric')}
              placeholder={trans.__('Find a metric')}
              text={filter}
              onChange={setFilter}
            />
          )
        }
        entries
      />
    </div>
  );
}
