/** The order of those who wait, and what moving one of them asks for. All pure. */
import type { IQueueEntry } from '../../model/machine';

export type Step = 'up' | 'down' | 'top' | 'bottom';

/** A change of place: the run, and the one it comes to stand before; null: behind all. */
export interface IMove {
  readonly run: string;
  readonly before: string | null;
}

/** What a step means for a run; null when it stands there already. */
export function stepOf(entries: readonly IQueueEntry[], run: string, step: Step): IMove | null {
  const at = entries.findIndex(one => one.run_id === run);
  const last = entries.length - 1;
  if (at < 0 || (at === 0 && (step === 'up' || step === 'top'))) {
    return null;
  }
  if (at === last && (step === 'down' || step === 'bottom')) {
    return null;
  }
  const target = { up: at - 1, down: at + 2, top: 0, bottom: last + 1 }[step];
  return { run, before: entries[target]?.run_id ?? null };
}

/** What dropping a run before the entry at an index means; null when nothing changes. */
export function dropOf(entries: readonly IQueueEntry[], run: string, index: number): IMove | null {
  const at = entries.findIndex(one => one.run_id === run);
  return at < 0 || index === at || index === at + 1
    ? null
    : { run, before: entries[index]?.run_id ?? null };
}

/** The line as it will be, until the queue says so itself. */
export function moved(entries: readonly IQueueEntry[], move: IMove): readonly IQueueEntry[] {
  const one = entries.find(entry => entry.run_id === move.run);
  if (!one) {
    return entries;
  }
  const rest = entries.filter(entry => entry !== one);
  const index = rest.findIndex(entry => entry.run_id === move.before);
  rest.splice(index < 0 ? rest.length : index, 0, one);
  return rest.map((entry, i) => ({ ...entry, position: i + 1 }));
}
