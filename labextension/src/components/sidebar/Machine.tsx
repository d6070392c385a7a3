import React, { useState } from 'react';
import { formatPercent, localDecimal } from '../../model/format';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IMachineInfo, IQueueInfo } from '../../model/machine';
import type { IRunSource } from '../../model/source';
import { useStream } from '../data/useStream';
import { DeviceBar } from '../machine/DeviceBar';
import { fullest, gpuModels, restText, short } from '../machine/devices';
import { GpuRow } from '../machine/GpuRow';
import { IconButton } from '../ui/Button';
import { Icon } from '../ui/Icon';

const GB = 1e9;
/** GPUs shown one by one; of more, these are the fullest. */
const MOST_GPUS = 4;

/** CPU, with memory below: who holds cores is in the tooltip. */
function Cpu({ machine }: { readonly machine: IMachineInfo }): React.JSX.Element {
  const busy = Math.min(1, machine.cpu_used / Math.max(1, machine.cpu_count));
  const amount = trans.__(
    '%1 / %2 cores',
    localDecimal(machine.cpu_used.toFixed(1)),
    machine.cpu_count
  );
  const memory = trans.__(
    '%1 of %2 GB memory',
    short(machine.memory_used / GB),
    Math.round(machine.memory_total / GB)
  );
  const load = trans.__('%1 busy', formatPercent(busy));
  const holders = (machine.cpu_holders ?? []).map(one => one.sentence);
  return (
    <div className="jp-ml-dev" title={holders.join('\n') || undefined}>
      <span>{trans.__('CPU')}</span>
      <DeviceBar
        label={trans.__('CPU')}
        parts={{ runs: 0, notebooks: 0, others: busy }}
        text={[amount, load, memory].join(', ')}
      />
      <span className="jp-ml-right">{amount}</span>
      <span className="jp-ml-dev-second">
        <span className="jp-ml-cut">{memory}</span>
        <span>{load}</span>
      </span>
    </div>
  );
}

function Devices({ machine }: { readonly machine: IMachineInfo }): React.JSX.Element {
  const { gpus } = machine;
  const { shown, rest } = fullest(gpus, MOST_GPUS);
  return (
    <>
      {shown.map(gpu => (
        <GpuRow key={gpu.uuid} gpu={gpu} all={gpus} />
      ))}
      {rest.length > 0 && <p className="jp-ml-dev-note">{restText(rest)}</p>}
      <Cpu machine={machine} />
      {gpus.length === 0 && (
        <p className="jp-ml-dev-note">
          {machine.gpu_note ?? trans.__('No GPU found. Runs use the CPU.')}
        </p>
      )}
    </>
  );
}

/** The kind of the GPUs; without any, how many slots are free. */
function summary(machine: IMachineInfo, queue: IQueueInfo | null): string | null {
  const models = gpuModels(machine.gpus);
  return (
    models ??
    (queue &&
      trans._n('%2 of %1 slot free', '%2 of %1 slots free', queue.slots.total, queue.slots.free))
  );
}

/** What this machine has, how much of it is in use and by whom; pinned to the bottom of the panel. */
export function Machine(props: {
  readonly source: IRunSource;
  readonly host: Pick<IViewHost, 'openQueue'>;
}): React.JSX.Element | null {
  const { source, host } = props;
  const [open, setOpen] = useState(true);
  const { value: machine } = useStream(source, 'machine', {});
  const { value: queue } = useStream(source, 'queue', {});
  if (!machine) {
    return null;
  }
  return (
    <section className="jp-ml-machine" aria-label={trans.__('This machine')}>
      <h3 className="jp-ml-machine-head">
        <button
          type="button"
          className="jp-ml-sec"
          aria-expanded={open}
          title={summary(machine, queue) ?? undefined}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'down' : 'right'} />
          <span className="jp-ml-machine-name">{trans.__('This machine')}</span>
          <span className="jp-ml-small jp-ml-n jp-ml-cut">{summary(machine, queue)}</span>
        </button>
        {host.openQueue && (
          <IconButton
            icon="open"
            label={trans.__('Queue and machine')}
            onClick={() => host.openQueue?.()}
          />
        )}
      </h3>
      {open && <Devices machine={machine} />}
      {open && queue?.ends_with_server && (
        <p className="jp-ml-dev-note">{trans.__('Runs end with this server.')}</p>
      )}
    </section>
  );
}
