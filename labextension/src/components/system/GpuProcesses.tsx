import React from 'react';
import { formatDuration, formatSize } from '../../model/format';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IGpu, IGpuProcess } from '../../model/machine';
import type { IRunSource } from '../../model/source';
import { freeGpu } from '../data/actions';
import { useStream } from '../data/useStream';
import { gpuName, notebookName } from '../machine/devices';
import { Button } from '../ui/Button';

interface IProcessesProps {
  readonly source: IRunSource;
  readonly host: IViewHost;
  readonly onOpenRun: (id: string) => void;
}

/** Who a process belongs to, in words. */
export function ownerText(one: IGpuProcess): string {
  switch (one.kind) {
    case 'run':
      return one.run_name === null
        ? trans.__('A run of another user')
        : trans.__('Run %1', one.run_name);
    case 'notebook':
      return trans.__('Notebook %1', notebookName(one));
    case 'user':
      return trans.__('%1 of %2', one.name ?? trans.__('A process'), one.user ?? '?');
    default:
      return one.sentence;
  }
}

function Owner({ one, onOpenRun }: { one: IGpuProcess } & Pick<IProcessesProps, 'onOpenRun'>) {
  const { run_id } = one;
  return one.kind === 'run' && run_id !== null ? (
    <Button kind="link" onClick={() => onOpenRun(run_id)}>
      {ownerText(one)}
    </Button>
  ) : (
    <span title={one.notebook ?? one.sentence}>{ownerText(one)}</span>
  );
}

function Row(
  props: Pick<IProcessesProps, 'host' | 'onOpenRun'> & {
    one: IGpuProcess;
    gpu: IGpu;
    all: readonly IGpu[];
  }
): React.JSX.Element {
  const { one, gpu, all, host } = props;
  const { kernel_id: kernel } = one;
  const name = gpuName(gpu, all);
  const label = trans.__('Free %1', name);
  return (
    <tr>
      <td>{name}</td>
      <td>
        <Owner one={one} onOpenRun={props.onOpenRun} />
      </td>
      <td className="jp-ml-right">{one.used === null ? '–' : formatSize(one.used)}</td>
      <td className="jp-ml-right">
        {one.idle_s === null
          ? '–'
          : one.idle_s < 60
            ? trans.__('at work')
            : formatDuration(one.idle_s * 1000)}
      </td>
      <td className="jp-ml-right jp-ml-dim">{one.pid}</td>
      <td>
        {one.kind === 'notebook' &&
          one.here &&
          one.mine &&
          kernel !== null &&
          host.restartKernel && (
            <Button
              kind="link"
              onClick={() => void freeGpu(host, { kernel, notebook: notebookName(one), label })}
            >
              {label}
            </Button>
          )}
      </td>
    </tr>
  );
}

/** Every process on every GPU of this machine, with who it belongs to. Nothing on a machine without GPUs. */
export function GpuProcesses(props: IProcessesProps): React.JSX.Element | null {
  const machine = useStream(props.source, 'machine', {}).value;
  const gpus = machine?.gpus ?? [];
  const rows = gpus.flatMap(gpu => gpu.processes.map(one => ({ gpu, one })));
  if (gpus.length === 0) {
    return null;
  }
  return (
    <section
      className="jp-ml-sys-part"
      aria-label={trans.__('Processes on the GPUs of this machine')}
    >
      <h3>{trans.__('Processes on the GPUs of this machine')}</h3>
      {rows.length === 0 ? (
        <p className="jp-ml-dim">{trans.__('No process uses a GPU now.')}</p>
      ) : (
        <div className="jp-ml-scroll">
          <table className="jp-ml-table jp-mod-fit">
            <thead>
              <tr>
                <th>{trans.__('GPU')}</th>
                <th>{trans.__('Who')}</th>
                <th className="jp-ml-right">{trans.__('Memory')}</th>
                <th className="jp-ml-right">{trans.__('Idle for')}</th>
                <th className="jp-ml-right">{trans.__('Process')}</th>
                <th aria-label={trans.__('Action')} />
              </tr>
            </thead>
            <tbody>
              {rows.map(({ gpu, one }) => (
                <Row key={`${gpu.uuid} ${one.pid}`} {...props} one={one} gpu={gpu} all={gpus} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
