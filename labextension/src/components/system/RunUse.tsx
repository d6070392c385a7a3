import React, { useMemo } from 'react';
import { toNumber } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { ISystemSeries } from '../../model/use';
import { MachineUse } from '../run/MachineUse';
import { Button } from '../ui/Button';
import {
  BOX,
  areaPath,
  formatOfFull,
  seriesLabel,
  scaleOf,
  shownSeries,
  spanOf,
  type ISpan
} from './series';
import { useSystem } from './useSystem';

/** How much of the end is shown, ms. */
const RECENT_MS = 30 * 60_000;
/** What a glance is worth; the rest is in the System tab. */
const GLANCED = /^(cpu|memory)$|\.(utilization|memory)$/;
const MOST = 6;

function Gauge({ series, span }: { series: ISystemSeries; span: ISpan }): React.JSX.Element {
  const { line, area } = useMemo(() => {
    const from = series.times_ms.findIndex(time => time >= span.min);
    const cut = {
      times_ms: series.times_ms.slice(Math.max(0, from)),
      values: series.values.slice(Math.max(0, from))
    };
    return areaPath(cut, span, scaleOf(series));
  }, [series, span]);
  return (
    <div className="jp-ml-gauge">
      <span>{seriesLabel(series)}</span>
      <span>{formatOfFull(series, toNumber(series.last))}</span>
      <svg viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2={BOX.width} y1={BOX.height - 0.5} y2={BOX.height - 0.5} />
        <path className="jp-mod-area" d={area} />
        <path d={line} />
      </svg>
    </div>
  );
}

interface IRunUseProps {
  readonly source: IRunSource;
  readonly run: string;
  readonly onMore: () => void;
}

/** What the run uses, over the last half hour; before anything was recorded, what the machine does. */
export function RunUse({ source, run, onMore }: IRunUseProps): React.JSX.Element {
  const { value } = useSystem(source, run, null);
  const series = useMemo(() => {
    const glanced = (value?.series ?? []).filter(one => GLANCED.test(one.name));
    return shownSeries(glanced).slice(0, MOST);
  }, [value]);
  const whole = spanOf(series);
  if (!whole) {
    return <MachineUse source={source} />;
  }
  const span = { min: Math.max(whole.min, whole.max - RECENT_MS), max: whole.max };
  return (
    <section aria-label={trans.__('This run’s use')}>
      <h3>
        {trans.__('This run’s use')}
        <Button kind="link" onClick={onMore}>
          {whole.min < span.min ? trans.__('last 30 min') : trans.__('whole run')}
        </Button>
      </h3>
      {series.map(one => (
        <Gauge key={one.name} series={one} span={span} />
      ))}
    </section>
  );
}
