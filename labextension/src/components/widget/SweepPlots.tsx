import React, { useState } from 'react';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { isEnded } from '../../model/state';
import type { ISweep, ITrial } from '../../model/trials';
import type { Brushes } from '../plots/brush';
import { Importance } from '../sweep/Importance';
import { SweepParallel } from '../sweep/SweepParallel';
import { useImportance } from '../sweep/useImportance';

const HEIGHT_PX = 220;

interface ISweepPlotsProps {
  readonly source: IRunSource;
  readonly runId: string;
  readonly sweep: ISweep;
  readonly trials: readonly ITrial[];
  readonly focus: string | null;
  readonly onFocus: (runId: string | null) => void;
  readonly onOpen?: (runId: string) => void;
}

/** Which parameters led where: parallel coordinates, and what mattered where somebody can compute it. */
export function SweepPlots(props: ISweepPlotsProps): React.JSX.Element {
  const { source, runId, ...shared } = props;
  const [brushes, setBrushes] = useState<Brushes>({});
  const ended = props.trials.filter(trial => isEnded(trial.status)).length;
  const importance = useImportance(source, runId, ended);
  return (
    <section aria-label={trans.__('Trials by their parameters')}>
      <SweepParallel {...shared} brushes={brushes} onBrushes={setBrushes} height={HEIGHT_PX} />
      {!(importance.error && !importance.value) && <Importance {...importance} />}
    </section>
  );
}
