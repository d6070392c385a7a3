import React, { useState } from 'react';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { HistorySpan, IMachineInfo, IQueueInfo } from '../../model/machine';
import type { IRunSource } from '../../model/source';
import { ConnectionBanner } from '../data/ConnectionBanner';
import { useStream } from '../data/useStream';
import { NoRuns } from '../sidebar/Messages';
import { GpuProcesses } from '../system/GpuProcesses';
import { Button } from '../ui/Button';
import { SkeletonRows } from '../ui/Skeleton';
import { MachineNow } from './MachineNow';
import { RanTimeline } from './RanTimeline';
import { useLine } from './useLine';
import { UseOverTime } from './UseOverTime';
import { usePolled, type IPolled } from './usePolled';
import { WaitingList } from './WaitingList';

interface IQueuePageProps {
  readonly source: IRunSource;
  readonly host: IViewHost;
}

const SPANS: readonly HistorySpan[] = ['hour', 'day', 'week'];

function spanWord(span: HistorySpan): string {
  switch (span) {
    case 'hour':
      return trans.__('Hour');
    case 'day':
      return trans.__('Day');
    case 'week':
      return trans.__('Week');
  }
}

/** "1 of 2 GPUs and 8 of 16 cores are given to runs; 3 runs wait." */
function summary(machine: IMachineInfo, queue: IQueueInfo): string {
  const { slots, resources, entries } = queue;
  const gpus = resources?.gpus;
  const free = (n: number): number => Math.round(n * 100) / 100;
  const parts = [
    gpus && machine.gpus.length > 0
      ? trans.__('%1 of %2 GPUs', free(gpus.total - gpus.free), gpus.total)
      : null,
    trans.__('%1 of %2 cores', slots.total - slots.free, slots.total)
  ].filter(Boolean);
  const wait = trans._n('%1 run waits', '%1 runs wait', entries.length);
  return trans.__('%1 given to runs. %2.', parts.join(trans.__(' and ')), wait);
}

function SpanChoice(props: {
  readonly span: HistorySpan;
  readonly onSpan: (span: HistorySpan) => void;
}): React.JSX.Element {
  return (
    <span className="jp-ml-spans" role="group" aria-label={trans.__('How far back')}>
      {SPANS.map(one => (
        <Button
          key={one}
          kind="quiet"
          aria-pressed={one === props.span}
          onClick={() => props.onSpan(one)}
        >
          {spanWord(one)}
        </Button>
      ))}
    </span>
  );
}

/** A history once it is here; until then its place, or why it does not come and a way to ask again. */
function History<T>(props: {
  readonly polled: IPolled<T>;
  readonly onAgain: () => void;
  readonly draw: (value: T) => React.JSX.Element;
}): React.JSX.Element {
  const { value, error } = props.polled;
  return (
    <>
      {error && (
        <p className="jp-ml-queue-note">
          {error.message}{' '}
          <Button kind="link" onClick={props.onAgain}>
            {trans.__('Try again')}
          </Button>
        </p>
      )}
      {value ? props.draw(value) : !error && <SkeletonRows count={3} />}
    </>
  );
}

/** Who holds what, who waits for it and in which order, and what became of the machine's time. */
export function QueuePage({ source, host }: IQueuePageProps): React.JSX.Element {
  const machine = useStream(source, 'machine', {});
  const queue = useStream(source, 'queue', {});
  const line = useLine(source, host, queue.value);
  const [span, setSpan] = useState<HistorySpan>('hour');
  const [again, setAgain] = useState(0);
  const use = usePolled(source, 'machineHistory', span, again);
  const ran = usePolled(source, 'queueHistory', span, again);
  const retry = (): void => setAgain(again + 1);
  const broken = queue.error ?? machine.error;
  const none = broken?.code === 'no_workspace' && !queue.value;
  return (
    <div className="jp-ml-root jp-ml-page jp-ml-queue">
      <ConnectionBanner source={source} />
      <div className="jp-ml-queue-body">
        <header className="jp-ml-queue-head">
          <h1>{trans.__('Queue and machine')}</h1>
          {machine.value && queue.value && <p>{summary(machine.value, queue.value)}</p>}
          {broken && !none && !queue.value && <p className="jp-ml-dim">{broken.message}</p>}
        </header>
        {none ? (
          <NoRuns host={host} />
        ) : (
          <>
            <section aria-label={trans.__('Waiting')}>
              <h2>{trans.__('Waiting')}</h2>
              {queue.value ? (
                <WaitingList
                  line={line}
                  machine={machine.value}
                  host={host}
                  canWrite={source.command !== undefined}
                />
              ) : (
                !broken && <SkeletonRows count={3} />
              )}
              {queue.value?.ends_with_server && (
                <p className="jp-ml-queue-note">{trans.__('Runs end with this server.')}</p>
              )}
            </section>
            <section aria-label={trans.__('Now')}>
              <h2>{trans.__('Now')}</h2>
              {machine.value ? (
                <MachineNow
                  machine={machine.value}
                  queue={queue.value}
                  onOpenRun={id => host.openRun(id)}
                />
              ) : (
                !broken && <SkeletonRows count={2} />
              )}
            </section>
            <GpuProcesses source={source} host={host} onOpenRun={id => host.openRun(id)} />
            <section aria-label={trans.__('What ran')}>
              <h2>
                {trans.__('What ran')}
                <SpanChoice span={span} onSpan={setSpan} />
              </h2>
              <History
                polled={ran}
                onAgain={retry}
                draw={history => (
                  <RanTimeline
                    history={history}
                    gpus={machine.value?.gpus ?? []}
                    onOpenRun={id => host.openRun(id)}
                  />
                )}
              />
            </section>
          </>
        )}
        <section aria-label={trans.__('Utilization')}>
          <h2>
            {trans.__('Utilization')}
            {none && <SpanChoice span={span} onSpan={setSpan} />}
          </h2>
          <History
            polled={use}
            onAgain={retry}
            draw={history => <UseOverTime history={history} />}
          />
        </section>
      </div>
    </div>
  );
}
