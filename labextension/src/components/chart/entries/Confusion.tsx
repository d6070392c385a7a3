import React from 'react';
import { formatCount } from '../../../model/format';
import { trans } from '../../../model/language';
import type { IConfusion } from './shapes';

/** Counts by true and predicted class; the share of the true class tints a cell. */
export function Confusion({ labels, matrix }: IConfusion): React.JSX.Element {
  return (
    <div className="jp-ml-scroll">
      <table className="jp-ml-table jp-mod-fit jp-ml-confusion">
        <caption className="jp-ml-small jp-ml-dim">
          {trans.__('Rows: true class. Columns: predicted class.')}
        </caption>
        <thead>
          <tr>
            <td />
            {labels.map(label => (
              <th key={label} scope="col" className="jp-ml-right">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.map((row, i) => {
            const sum = row.reduce((a, b) => a + b, 0);
            return (
              <tr key={i}>
                <th scope="row">{labels[i]}</th>
                {row.map((count, j) => (
                  <td
                    key={j}
                    className="jp-ml-right"
                    style={{ '--jp-ml-share': `${sum > 0 ? (count / sum) * 60 : 0}%` } as never}
                  >
                    {formatCount(count)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
