import React, { useMemo, useState } from 'react';
import { formatTime } from '../../model/format';
import { trans } from '../../model/language';
import type { IMachineHistory } from '../../model/machine';
import { UseRow } from '../system/UseRow';
import { shownSeries } from '../system/series';
import { EmptyState } from '../ui/EmptyState';
import { TimeAxis } from './TimeAxis';

/** What the machine was used for: an area for each of its devices over one axis, with one cursor. */
export function UseOverTime({ history }: { readonly history: IMachineHistory }): React.JSX.Element {
  const { from_ms: from, to_ms: to } = history;
  const series = useMemo(() => shownSeries(history.series), [history.series]);
  const [at, setAt] = useState<number | null>(null);
  if (series.length === 0) {
    return (
      <EmptyState
        title={trans.__('Nothing was recorded yet.')}
        text={trans.__('The server looks every few seconds while it runs, and keeps a week of it.')}
      />
    );
  }
  const share = at === null ? 0 : (at - from) / (to - from);
  return (
    <div
      className="jp-ml-sys"
      onPointerLeave={() => setAt(null)}
      onPointerMove={event => {
        const area = event.currentTarget.querySelector('.jp-ml-sys-over > .jp-ml-sys-area');
        const box = area?.getBoundingClientRect();
        const x = box ? (event.clientX - box.left) / box.width : -1;
        setAt(x >= 0 && x <= 1 ? from + x * (to - from) : null);
      }}
    >
      {series.map(one => (
        <UseRow key={one.name} series={one} span={{ min: from, max: to }} at={at} />
      ))}
      <div className="jp-ml-sys-over">
        <div className="jp-ml-sys-area">
          {at !== null && (
            <i
              className="jp-ml-sys-cursor"
              style={{ left: `${share * 100}%` }}
              data-time={formatTime(at, to)}
            />
          )}
        </div>
      </div>
      <TimeAxis from={from} to={to} />
    </div>
  );
}
