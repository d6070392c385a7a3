import React from 'react';
import { formatCount, formatPercent } from '../../model/format';
import { trans } from '../../model/language';
import type { IImportanceState } from './useImportance';

/** How much each parameter had to do with a trial being among the best, as bars with their shares. */
export function Importance({ value, error }: IImportanceState): React.JSX.Element {
  const title = trans.__('What mattered');
  return (
    <section className="jp-ml-importance" aria-label={title}>
      <h3>{title}</h3>
      {error && !value && <p className="jp-ml-dim">{error.message}</p>}
      {!value && !error && <p className="jp-ml-dim">{trans.__('Being computed')}</p>}
      {value && value.parameters.length > 0 && (
        <dl>
          {value.parameters.map(({ name, importance }) => (
            <div key={name}>
              <dt className="jp-ml-cut" title={name}>
                {name}
              </dt>
              <dd>
                <i style={{ width: `${(importance * 100).toFixed(1)}%` }} aria-hidden="true" />
                <span>{formatPercent(importance)}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {value && (
        <p className="jp-ml-small jp-ml-dim">
          {value.note ??
            trans.__(
              'Share in being among the best %1 of %2 trials, by %3. It tells what went together, not what caused it.',
              formatPercent(value.best_part ?? 0),
              formatCount(value.trials),
              value.method
            )}
        </p>
      )}
    </section>
  );
}
