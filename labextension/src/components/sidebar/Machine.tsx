import React, { useState } from 'react';
import { formatPercent, plural } from '../../model/format';
import type { IRunSource } from '../../model/source';
import type { IMachineInfo } from '../../model/types';
import { useStream } from '../data/useStream';
import { Icon } from '../ui/Icon';

const GB = 1e9;

/** Two digits that matter: 2.8, 41. */
const short = (n: number): string => n.toFixed(n >= 10 ? 0 : 1);

function Device(props: {
  name: string;
  share: number;
  amount: string;
  load: string;
}): React.JSX.Element {
  return (
    <div className="jp-ml-dev">
      <span>{props.name}</span>
      <span
        className="jp-ml-use"
        role="meter"
        aria-label={props.name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(props.share * 100)}
        aria-valuetext={`${props.amount}, ${props.load}`}
      >
        <i style={{ width: `${(props.share * 100).toFixed(1)}%` }} />
      </span>
      <span className="jp-ml-right" title={props.load}>
        {props.amount}
      </span>
    </div>
  );
}

function Devices({ machine }: { machine: IMachineInfo }): React.JSX.Element {
  const cpu = Math.min(1, machine.cpu_used / Math.max(1, machine.cpu_count));
  const memory = machine.memory_used / Math.max(1, machine.memory_total);
  return (
    <>
      <Device
        name="CPU"
        share={cpu}
        amount={`${machine.cpu_used.toFixed(1)} / ${machine.cpu_count} cores`}
        load={`${formatPercent(cpu)} busy`}
      />
      <Device
        name="Memory"
        share={memory}
        amount={`${short(machine.memory_used / GB)} / ${short(machine.memory_total / GB)} GB`}
        load={`${formatPercent(memory)} used`}
      />
    </>
  );
}

/** What this machine has and how much of it is in use; pinned to the bottom of the panel. */
export function Machine({ source }: { source: IRunSource }): React.JSX.Element | null {
  const [open, setOpen] = useState(true);
  const { value: machine } = useStream(source, 'machine', {});
  const { value: queue } = useStream(source, 'queue', {});
  if (!machine) {
    return null;
  }
  return (
    <section className="jp-ml-machine" aria-label="This machine">
      <h3>
        <button
          type="button"
          className="jp-ml-sec"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'down' : 'right'} />
          <span className="jp-ml-grow">This machine</span>
          <span className="jp-ml-small jp-ml-n">
            {queue && `${queue.slots.free} of ${plural(queue.slots.total, 'slot')} free`}
          </span>
        </button>
      </h3>
      {open && <Devices machine={machine} />}
      {open && machine.gpus.length === 0 && (
        <p className="jp-ml-dev-note">No GPU found. Runs use the CPU.</p>
      )}
      {open && queue?.ends_with_server && (
        <p className="jp-ml-dev-note">Runs end with this server.</p>
      )}
    </section>
  );
}
