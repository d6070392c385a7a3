import React, { useRef, useState } from 'react';
import { formatCount } from '../../../model/format';
import { trans } from '../../../model/language';
import type { IRunSource } from '../../../model/source';
import type { IRunDetail } from '../../../model/types';
import { Button } from '../../ui/Button';
import { MOST_OVERLAYS } from './lines';
import { RunPicker } from './RunPicker';

interface IOverlayButtonProps {
  readonly source: IRunSource;
  readonly run: IRunDetail;
  readonly chosen: readonly string[];
  readonly onAdd: (ids: readonly string[]) => void;
  /** Shows the curves of all children; absent: there is no such view. */
  readonly onChildren?: () => void;
}

/** Lays another run, or the run's children, over the charts. */
export function OverlayButton({
  source,
  run,
  chosen,
  onAdd,
  onChildren
}: IOverlayButtonProps): React.JSX.Element {
  const button = useRef<HTMLButtonElement>(null);
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const open = (): void => {
    const box = button.current?.getBoundingClientRect();
    setAt({ x: box?.right ?? 0, y: (box?.bottom ?? 0) + 2 });
  };
  const addChildren = (): void => {
    source.query('runs', { parent: run.id, limit: MOST_OVERLAYS }).then(
      ({ runs }) => onAdd(runs.map(child => child.id)),
      () => undefined
    );
  };
  return (
    <>
      {run.child_count > MOST_OVERLAYS && onChildren && (
        <Button kind="quiet" className="jp-ml-mid-wide" onClick={onChildren}>
          {trans.__('Curves of its %1 children', formatCount(run.child_count))}
        </Button>
      )}
      {run.child_count > 0 && (run.child_count <= MOST_OVERLAYS || !onChildren) && (
        <Button kind="quiet" className="jp-ml-mid-wide" onClick={addChildren}>
          {trans.__('Overlay its children')}
        </Button>
      )}
      <Button
        ref={button}
        kind="quiet"
        icon="add"
        className="jp-ml-mid-wide"
        aria-haspopup="listbox"
        onClick={open}
      >
        {trans.__('Overlay a run')}
      </Button>
      {at && (
        <RunPicker
          source={source}
          at={at}
          experiment={run.experiment}
          chosen={[run.id, ...chosen]}
          onPick={picked => {
            onAdd([picked.id]);
            setAt(null);
          }}
          onClose={() => setAt(null)}
        />
      )}
    </>
  );
}
