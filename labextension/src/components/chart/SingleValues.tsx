import React from 'react';
import { formatMetric } from '../../model/format';
import { trans } from '../../model/language';
import type { IScalarSeries } from '../../model/types';

/** Metrics that were logged once: a value, not a chart. */
export function SingleValues({
  series
}: {
  readonly series: readonly IScalarSeries[];
}): React.JSX.Element | null {
  if (series.length === 0) {
    return null;
  }
  return (
    <dl className="jp-ml-values" aria-label={trans.__('Metrics with one value')}>
      {series.map(({ name, values }) => (
        <div key={name}>
          <dt title={name}>{name}</dt>
          <dd>{formatMetric(values[values.length - 1])}</dd>
        </div>
      ))}
    </dl>
  );
}
