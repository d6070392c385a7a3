import React from 'react';
import { formatSize } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { short } from '../machine/devices';
import { useMachineHistory } from './useHistory';

const WIDTH = 256;
const HEIGHT = 36;
/** Readings across the whole width. */
const SPAN = 120;

/** Area under readings of 0..1 on the full scale, so that idle looks idle; newest at the right edge. */
export function areaPath(shares: readonly number[]): { line: string; area: string } {
  const x = (i: number): number => WIDTH - ((shares.length - 1 - i) / (SPAN - 1)) * WIDTH;
  const y = (share: number): number => HEIGHT - Math.min(1, Math.max(0, share)) * (HEIGHT - 1);
  const places = shares.map((s, i) => `${x(i).toFixed(1)} ${y(s).toFixed(1)}`);
  const line = `M${places.join('L')}`;
  return { line, area: `${line}L${WIDTH} ${HEIGHT}L${x(0).toFixed(1)} ${HEIGHT}Z` };
}

function Use(props: {
  readonly name: string;
  readonly value: string;
  readonly shares: readonly number[];
}): React.JSX.Element {
  const { line, area } = areaPath(props.shares);
  return (
    <div className="jp-ml-gauge">
      <span>{props.name}</span>
      <span>{props.value}</span>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        {props.shares.length > 1 && <path className="jp-mod-area" d={area} />}
        {props.shares.length > 1 && <path d={line} />}
      </svg>
    </div>
  );
}

/** CPU and memory of the machine since the page was opened. Nothing where the source does not know them. */
export function MachineUse({ source }: { readonly source: IRunSource }): React.JSX.Element | null {
  const history = useMachineHistory(source);
  const now = history[history.length - 1];
  if (!now) {
    return null;
  }
  return (
    <section aria-label={trans.__('This machine')}>
      <h3>{trans.__('This machine')}</h3>
      <Use
        name={trans.__('CPU')}
        value={trans._n('%2 of %1 core', '%2 of %1 cores', now.cpu_count, short(now.cpu_used))}
        shares={history.map(info => info.cpu_used / info.cpu_count)}
      />
      <Use
        name={trans.__('Memory')}
        value={trans.__('%1 of %2', formatSize(now.memory_used), formatSize(now.memory_total))}
        shares={history.map(info => info.memory_used / info.memory_total)}
      />
    </section>
  );
}
