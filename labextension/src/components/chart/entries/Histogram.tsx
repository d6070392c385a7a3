import React from 'react';
import { formatCount, formatMetric } from '../../../model/format';
import { trans } from '../../../model/language';

interface IHistogramProps {
  /** One more than counts. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** Counts by bin as bars in a table: bar and number beside the bin's edges. */
export function Histogram({ edges, counts }: IHistogramProps): React.JSX.Element {
  const most = Math.max(1, ...counts);
  return (
    <table className="jp-ml-table jp-mod-fit">
      <thead>
        <tr>
          <th scope="col">{trans.__('From')}</th>
          <th scope="col">{trans.__('to')}</th>
          <th scope="col" className="jp-ml-right">
            {trans.__('Count')}
          </th>
          <td className="jp-ml-hist" />
        </tr>
      </thead>
      <tbody>
        {counts.map((count, i) => (
          <tr key={i}>
            <td>{formatMetric(edges[i])}</td>
            <td>{formatMetric(edges[i + 1])}</td>
            <td className="jp-ml-right">{formatCount(count)}</td>
            <td className="jp-ml-hist" aria-hidden="true">
              <i style={{ width: `${((count / most) * 100).toFixed(1)}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
