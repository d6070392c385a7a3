import React, { useRef, useState } from 'react';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { RunPicker } from '../chart/overlay/RunPicker';
import { Button } from '../ui/Button';
import { MOST_RUNS } from './content';

interface IAddRunsProps {
  readonly source: IRunSource;
  /** Whose runs are offered first. */
  readonly experiment: string | undefined;
  readonly chosen: readonly string[];
  readonly onAdd: (id: string) => void;
}

/** Adds a run by its name; the list stays open, since more than one is wanted as a rule. */
export function AddRuns({ source, experiment, chosen, onAdd }: IAddRunsProps): React.JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const open = (): void => {
    const box = button.current?.getBoundingClientRect();
    setAt({ x: Math.max(368, box?.right ?? 0), y: (box?.bottom ?? 0) + 2 });
  };
  return (
    <>
      <Button
        ref={button}
        icon="add"
        kind="quiet"
        aria-haspopup="listbox"
        disabled={chosen.length >= MOST_RUNS}
        onClick={open}
      >
        {trans.__('Add runs')}
      </Button>
      {at && (
        <RunPicker
          {...{ source, at, experiment, chosen }}
          onPick={run => onAdd(run.id)}
          onClose={() => setAt(null)}
        />
      )}
    </>
  );
}
