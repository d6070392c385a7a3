import React from 'react';
import { formatPercent } from '../../model/format';
import { trans } from '../../model/language';
import type { IGpu } from '../../model/machine';
import { DeviceBar } from './DeviceBar';
import { gpuAmount, gpuName, gpuParts, processFacts } from './devices';

interface IGpuRowProps {
  readonly gpu: IGpu;
  readonly all: readonly IGpu[];
}

/** What the tooltip says beyond the row: model, temperature, power, and each process. */
function details(gpu: IGpu): string {
  const facts = [
    gpu.name,
    gpu.temperature === null ? null : `${Math.round(gpu.temperature)} °C`,
    gpu.power === null ? null : `${Math.round(gpu.power)} W`
  ];
  const processes = gpu.processes.map(one =>
    [one.sentence, processFacts(one)].filter(Boolean).join(' · ')
  );
  return [facts.filter(Boolean).join(', '), ...processes].join('\n');
}

/** One GPU: its memory by who holds it, the holder, and how busy it is. */
export function GpuRow({ gpu, all }: IGpuRowProps): React.JSX.Element {
  const name = gpuName(gpu, all);
  if (gpu.problem !== null) {
    return (
      <div className="jp-ml-dev" title={gpu.name}>
        <span>{name}</span>
        <span className="jp-ml-dev-problem">{gpu.problem}</span>
      </div>
    );
  }
  const busy =
    gpu.utilization === null ? '' : trans.__('%1 busy', formatPercent(gpu.utilization / 100));
  const holder = gpu.holder ?? trans.__('Free');
  const amount = gpuAmount(gpu);
  return (
    <div className="jp-ml-dev" title={details(gpu)}>
      <span>{name}</span>
      <DeviceBar label={name} parts={gpuParts(gpu)} text={[amount, holder, busy].join(', ')} />
      <span className="jp-ml-right">{amount}</span>
      <span className="jp-ml-dev-second">
        <span className="jp-ml-cut">{holder}</span>
        <span>{busy}</span>
      </span>
    </div>
  );
}
