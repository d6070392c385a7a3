import React, { useId, useState } from 'react';
import { formatCount } from '../../../model/format';
import { trans } from '../../../model/language';
import type { IRunSource } from '../../../model/source';
import type { IEntrySeries } from '../../../model/types';
import { EntryValue } from './EntryValue';

interface IImageStepsProps {
  readonly source: IRunSource;
  readonly runId: string;
  readonly one: IEntrySeries;
}

/** The images of one metric with a slider over their steps; the newest first, and followed until another is chosen. */
export function ImageSteps({ source, runId, one }: IImageStepsProps): React.JSX.Element | null {
  const id = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  const last = one.entries.length - 1;
  const at = chosen === null ? last : Math.min(chosen, last);
  const entry = one.entries[at];
  if (!entry) {
    return null;
  }
  const step =
    entry.step === null
      ? trans.__('%1 of %2', at + 1, last + 1)
      : trans.__('step %1', formatCount(entry.step));
  return (
    <>
      {last > 0 && (
        <div className="jp-ml-steps">
          <label htmlFor={id} className="jp-ml-vh">
            {trans.__('Step of %1', one.name)}
          </label>
          <input
            id={id}
            type="range"
            className="jp-ml-slider"
            min={0}
            max={last}
            value={at}
            style={{ '--jp-ml-part': `${(at / last) * 100}%` } as never}
            aria-valuetext={step}
            onChange={event => {
              const next = Number(event.target.value);
              setChosen(next === last ? null : next);
            }}
          />
          <output htmlFor={id} className="jp-ml-num jp-ml-small">
            {step}
          </output>
        </div>
      )}
      <EntryValue {...{ source, runId }} kind={one.kind} value={entry.value} />
    </>
  );
}
