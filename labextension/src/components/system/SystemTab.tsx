import React, { useEffect, useMemo, useState } from 'react';
import { trans } from '../../model/language';
import { isEnded } from '../../model/state';
import type { IRunDetail } from '../../model/types';
import type { ISystemUse } from '../../model/use';
import type { ITabProps } from '../run/page';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { GpuProcesses } from './GpuProcesses';
import { UseChart } from './UseChart';
import { shownSeries, spanOf, type ISpan } from './series';
import { useSystem } from './useSystem';

function Nothing({ run }: { readonly run: IRunDetail }): React.JSX.Element {
  return isEnded(run.status) ? (
    <EmptyState
      title={trans.__('Nothing was recorded.')}
      text={trans.__(
        'What a run uses is recorded while it is a job; runs made in a notebook have none.'
      )}
    />
  ) : (
    <EmptyState
      title={trans.__('Nothing recorded yet.')}
      text={trans.__('CPU, memory and GPUs are drawn here while the run is at work.')}
    />
  );
}

function Use({
  run,
  use,
  zoom,
  onZoom
}: {
  readonly run: IRunDetail;
  readonly use: ISystemUse;
  readonly zoom: ISpan | null;
  readonly onZoom: (span: ISpan | null) => void;
}): React.JSX.Element {
  const series = useMemo(() => shownSeries(use.series), [use.series]);
  const whole = useMemo(() => spanOf(series), [series]);
  const [origin, setOrigin] = useState(whole?.min ?? 0);
  useEffect(() => {
    if (whole && !zoom) {
      setOrigin(whole.min);
    }
  }, [whole, zoom]);
  const sentence = run.resources?.sentence ?? use.summary?.sentence;
  return (
    <>
      {sentence && <p className="jp-ml-sys-sentence">{sentence}</p>}
      {whole ? (
        <UseChart
          {...{ series, origin, onZoom }}
          span={zoom ?? whole}
          zoomed={zoom !== null}
          live={!isEnded(run.status)}
        />
      ) : (
        <Nothing run={run} />
      )}
    </>
  );
}

/** What the run used of the machine, and who else is on its GPUs. */
export function SystemTab({ source, run, host, onOpenRun }: ITabProps): React.JSX.Element {
  const [zoom, setZoom] = useState<ISpan | null>(null);
  const { value, error } = useSystem(source, run.id, zoom);
  return (
    <div className="jp-ml-system-tab">
      {!value && !error && <SkeletonRows count={4} />}
      {error && !value && <Nothing run={run} />}
      {value && <Use run={run} use={value} zoom={zoom} onZoom={setZoom} />}
      <GpuProcesses source={source} host={host} onOpenRun={onOpenRun} />
    </div>
  );
}
