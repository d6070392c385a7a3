import React, { useState } from 'react';
import { formatCount } from '../../model/format';
import { Icon } from '../ui/Icon';

interface IMetricGroupProps {
  readonly name: string;
  readonly count: number;
  readonly children: React.ReactNode;
}

/** Charts of one group below a head that folds them; without a name there is no head. */
export function MetricGroup({ name, count, children }: IMetricGroupProps): React.JSX.Element {
  const [open, setOpen] = useState(true);
  if (name === '') {
    return <div className="jp-ml-charts">{children}</div>;
  }
  return (
    <section aria-label={name}>
      <h3>
        <button
          type="button"
          className="jp-ml-chart-group"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'down' : 'right'} />
          {name}
          <span className="jp-ml-dim jp-ml-num">{formatCount(count)}</span>
        </button>
      </h3>
      {open && <div className="jp-ml-charts">{children}</div>}
    </section>
  );
}
