import { useCallback, useEffect, useState } from 'react';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IQueueEntry, IQueueInfo } from '../../model/machine';
import type { IRunSource } from '../../model/source';
import { formatOrdinal } from '../../model/format';
import { giveCommand, stopRuns } from '../data/actions';
import { moved, stepOf, type IMove, type Step } from './line';

export interface ILine {
  readonly entries: readonly IQueueEntry[];
  /** What was done last, for those who do not see it. */
  readonly said: string;
  move(move: IMove | null): void;
  step(run: string, step: Step): void;
  hold(entry: IQueueEntry, held: boolean): void;
  cancel(entry: IQueueEntry): void;
}

const NOBODY: readonly IQueueEntry[] = [];

export const nameOf = (entry: IQueueEntry): string => entry.display_name ?? entry.run_id;

/** The line, and what may be done to it; a move is shown at once, and taken back when it is refused. */
export function useLine(source: IRunSource, host: IViewHost, queue: IQueueInfo | null): ILine {
  const [hoped, setHoped] = useState<readonly IQueueEntry[] | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => setHoped(null), [queue]);
  const entries = hoped ?? queue?.entries ?? NOBODY;

  const move = useCallback(
    (asked: IMove | null) => {
      if (!asked) {
        return;
      }
      const after = moved(entries, asked);
      const one = after.find(entry => entry.run_id === asked.run);
      setHoped(after);
      void giveCommand(source, host, 'moveQueued', asked).then(answer => {
        if (!answer) {
          setHoped(null);
        } else if (one) {
          setSaid(trans.__('%1 is %2 in line.', nameOf(one), formatOrdinal(one.position)));
        }
      });
    },
    [entries, source, host]
  );
  return {
    entries,
    said,
    move,
    step: (run, step) => move(stepOf(entries, run, step)),
    hold: (entry, held) => {
      void giveCommand(source, host, 'orderQueued', { run: entry.run_id, held }).then(answer => {
        if (answer) {
          setSaid(
            held
              ? trans.__('%1 is held; others go past.', nameOf(entry))
              : trans.__('%1 goes on in its place.', nameOf(entry))
          );
        }
      });
    },
    cancel: entry => {
      void stopRuns(source, host, [{ id: entry.run_id, display_name: nameOf(entry) }]);
    }
  };
}
