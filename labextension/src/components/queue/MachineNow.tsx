import React from 'react';
import { formatPercent } from '../../model/format';
import { trans } from '../../model/language';
import type { ICpuHolder, IMachineInfo, IQueueInfo } from '../../model/machine';
import { short } from '../machine/devices';
import { GpuRow } from '../machine/GpuRow';
import { Button } from '../ui/Button';

interface IMachineNowProps {
  readonly machine: IMachineInfo;
  readonly queue: IQueueInfo | null;
  readonly onOpenRun: (id: string) => void;
}

const GB = 1e9;

function Holder(props: {
  readonly holder: ICpuHolder;
  readonly onOpenRun: (id: string) => void;
}): React.JSX.Element {
  const { run_id: run, name, slots } = props.holder;
  return (
    <li>
      {run === null ? (
        <span className="jp-ml-cut">{name}</span>
      ) : (
        <Button kind="link" className="jp-ml-cut" onClick={() => props.onOpenRun(run)}>
          {name}
        </Button>
      )}
      <span className="jp-ml-right">{trans._n('%1 core', '%1 cores', slots)}</span>
    </li>
  );
}

/** The cores that runs were given, a piece for each run, and how busy all of them are. */
function Cores({ machine, queue, onOpenRun }: IMachineNowProps): React.JSX.Element {
  const holders = machine.cpu_holders ?? [];
  const total = queue?.slots.total ?? machine.cpu_count;
  const given = holders.reduce((sum, one) => sum + one.slots, 0);
  const amount = trans.__('%1 / %2 cores', given, total);
  const load = trans.__(
    '%1 busy',
    formatPercent(machine.cpu_used / Math.max(1, machine.cpu_count))
  );
  const memory = trans.__(
    '%1 of %2 GB memory',
    short(machine.memory_used / GB),
    Math.round(machine.memory_total / GB)
  );
  return (
    <div className="jp-ml-cores">
      <div className="jp-ml-dev">
        <span>{trans.__('Cores')}</span>
        <span
          className="jp-ml-use"
          role="meter"
          aria-label={trans.__('Cores')}
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={given}
          aria-valuetext={[amount, load, memory].join(', ')}
        >
          {holders.map((one, i) => (
            <i
              key={one.run_id ?? `other-${i}`}
              className={one.run_id === null ? undefined : 'jp-mod-runs jp-mod-piece'}
              style={{ width: `${Math.min(100, (one.slots / Math.max(1, total)) * 100)}%` }}
              title={one.sentence}
            />
          ))}
        </span>
        <span className="jp-ml-right">{amount}</span>
        <span className="jp-ml-dev-second">
          <span className="jp-ml-cut">{memory}</span>
          <span>{load}</span>
        </span>
      </div>
      <ul className="jp-ml-holding" aria-label={trans.__('Runs that hold cores')}>
        {holders.map((one, i) => (
          <Holder key={one.run_id ?? `other-${i}`} holder={one} onOpenRun={onOpenRun} />
        ))}
      </ul>
    </div>
  );
}

/** Who holds which GPU and which cores now. */
export function MachineNow(props: IMachineNowProps): React.JSX.Element {
  const { machine } = props;
  return (
    <div className="jp-ml-now">
      {machine.gpus.map(gpu => (
        <GpuRow key={gpu.uuid} gpu={gpu} all={machine.gpus} />
      ))}
      <Cores {...props} />
      {machine.gpus.length === 0 && (
        <p className="jp-ml-dim">
          {machine.gpu_note ?? trans.__('No GPU found. Runs use the CPU.')}
        </p>
      )}
    </div>
  );
}
