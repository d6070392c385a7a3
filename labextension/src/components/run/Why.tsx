import React from 'react';
import { formatOrdinal, formatSize } from '../../model/format';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IAmount, IQueueEntry, IQueueInfo } from '../../model/machine';
import type { IRunSource } from '../../model/source';
import { stateLook } from '../../model/state';
import type { IRunDetail, RunStatus } from '../../model/types';
import { freeGpu } from '../data/actions';
import { useStream } from '../data/useStream';
import { needsSentence, remedyFor } from '../machine/devices';
import { GpuRow } from '../machine/GpuRow';
import { Button } from '../ui/Button';

interface IWaitingProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
  readonly host: IViewHost;
}

type Line = readonly [what: string, asked: string, free: string];

const freeOf = ({ free, total }: IAmount, write: (n: number) => string): string =>
  trans.__('%1 of %2', write(free), write(total));

/** What is asked for against what is free, a line for each kind; empty where the server does not say. */
export function askedLines(
  needs: IQueueEntry['needs'],
  resources: IQueueInfo['resources']
): readonly Line[] {
  if (!needs || !resources) {
    return [];
  }
  const count = (n: number): string => String(Number(n.toFixed(2)));
  const lines: readonly (readonly [string, number, IAmount, (n: number) => string])[] = [
    [trans.__('GPUs'), needs.gpus, resources.gpus, count],
    [trans.__('Cores'), needs.cpus, resources.cpus, count],
    [trans.__('Memory'), needs.memory, resources.memory, formatSize]
  ];
  return lines.flatMap(([word, asked, amount, write]) =>
    asked > 0 ? [[word, write(asked * needs.nodes), freeOf(amount, write)] as const] : []
  );
}

function Asked({ entry, queue }: { entry: IQueueEntry; queue: IQueueInfo }) {
  const lines = askedLines(entry.needs, queue.resources);
  return lines.length === 0 ? null : (
    <table className="jp-ml-table jp-mod-fit jp-ml-asked">
      <thead>
        <tr>
          <th aria-label={trans.__('Kind')} />
          <th className="jp-ml-right">{trans.__('Asks for')}</th>
          <th className="jp-ml-right">{trans.__('Free now')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(([word, asked, free]) => (
          <tr key={word}>
            <th scope="row">{word}</th>
            <td className="jp-ml-right">{asked}</td>
            <td className="jp-ml-right">{free}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Who holds the GPUs, and what a person can do about it. */
function Holders({ source, host, entry }: IWaitingProps & { entry: IQueueEntry }) {
  const machine = useStream(source, 'machine', {}).value;
  if (!machine || machine.gpus.length === 0) {
    return null;
  }
  const remedy = host.restartKernel ? remedyFor(entry.needs, machine) : null;
  return (
    <div className="jp-ml-holders">
      {machine.gpus.map(gpu => (
        <GpuRow key={gpu.uuid} gpu={gpu} all={machine.gpus} />
      ))}
      {remedy && (
        <Button onClick={() => void freeGpu(host, remedy)}>
          {trans.__('%1, held by %2', remedy.label, remedy.notebook)}
        </Button>
      )}
    </div>
  );
}

function placeText(entry: IQueueEntry, queue: IQueueInfo): string {
  const parts = [
    entry.position === 1
      ? trans.__('First in line.')
      : trans.__('%1 in line.', formatOrdinal(entry.position)),
    needsSentence(entry.needs, entry.needs_text),
    entry.needs ? null : trans.__('%1 of %2 slots are free.', queue.slots.free, queue.slots.total),
    queue.ends_with_server ? trans.__('Runs end with this server.') : null
  ];
  return parts.filter(Boolean).join(' ');
}

function QueuePlace(props: IWaitingProps): React.JSX.Element | null {
  const queue = useStream(props.source, 'queue', {}).value;
  const entry = queue?.entries.find(one => one.run_id === props.run.id);
  if (!queue || !entry) {
    return null;
  }
  return (
    <>
      <p className="jp-ml-dim jp-ml-num">{placeText(entry, queue)}</p>
      <Asked entry={entry} queue={queue} />
      {(entry.needs?.gpus ?? 0) > 0 && <Holders {...props} entry={entry} />}
    </>
  );
}

/** What a state means by itself, where the run gives no reason of its own. */
function general(status: RunStatus): string | undefined {
  switch (status) {
    case 'NotStarted':
    case 'Queued':
      return trans.__('Waiting to be started.');
    case 'Preparing':
      return trans.__('The source is laid out and the environment is made ready.');
    case 'Provisioning':
      return trans.__('Waiting for the machine to be ready.');
    case 'Starting':
      return trans.__('The process is being started.');
    case 'CancelRequested':
      return trans.__('Stop was sent. Waiting for its processes to end.');
    case 'NotResponding':
      return trans.__('The process that owns this run does not answer.');
    default:
      return undefined;
  }
}

/** Why a run that is not at work waits, stops or was stopped, in one sentence. Nothing for one at work or completed. */
export function Why(props: IWaitingProps): React.JSX.Element | null {
  const { run } = props;
  const { family, ended } = stateLook(run.status);
  const quiet = family === 'running' || family === 'completed' || family === 'failed';
  const reason = run.reason ?? general(run.status);
  if (quiet || reason === undefined) {
    return null;
  }
  return (
    <section className="jp-ml-why" aria-label={trans.__('Why')}>
      <p className={ended ? undefined : 'jp-ml-why-first'}>{reason}</p>
      {family === 'queued' && <QueuePlace {...props} />}
    </section>
  );
}
