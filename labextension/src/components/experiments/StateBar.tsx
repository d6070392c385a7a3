import React from 'react';
import { formatCount } from '../../model/format';
import { isEnded, stateLook, type StateFamily } from '../../model/state';
import type { RunStatus } from '../../model/types';
import { StateIcon } from '../ui/StateIcon';

type Counts = Readonly<Partial<Record<RunStatus, number>>>;

/** One part of the bar: all states that look the same. */
export interface IStateGroup {
  readonly family: StateFamily;
  readonly word: string;
  readonly status: RunStatus;
  readonly count: number;
}

/** Counts by look, what is at work before what is over. */
export function stateGroups(counts: Counts): readonly IStateGroup[] {
  const groups = new Map<StateFamily, IStateGroup>();
  const entries = Object.entries(counts) as [RunStatus, number][];
  for (const [status, count] of entries) {
    const { family, word } = stateLook(status);
    const old = groups.get(family)?.count ?? 0;
    groups.set(family, { family, word, status, count: old + count });
  }
  return [...groups.values()].sort(
    (a, b) => Number(isEnded(a.status)) - Number(isEnded(b.status)) || b.count - a.count
  );
}

/** "2 running, 9 completed". */
export const stateWords = (groups: readonly IStateGroup[]): string =>
  groups.map(({ count, word }) => `${formatCount(count)} ${word.toLowerCase()}`).join(', ');

/** What states runs are in, as a bar of 88 px; the words are its name. */
export function StateBar({ counts }: { readonly counts: Counts }): React.JSX.Element | null {
  const groups = stateGroups(counts);
  if (groups.length === 0) {
    return null;
  }
  const words = stateWords(groups);
  return (
    <span className="jp-ml-statebar" role="img" aria-label={words} title={words}>
      {groups.map(({ family, count }) => (
        <i key={family} data-state={family} style={{ flexGrow: count }} />
      ))}
    </span>
  );
}

/** The runs at work, a shape and a number for each look; nothing where all is over. */
export function ActiveCounts({ counts }: { readonly counts: Counts }): React.JSX.Element {
  const active = stateGroups(counts).filter(group => !isEnded(group.status));
  return (
    <span className="jp-ml-active-counts" title={stateWords(active) || undefined}>
      {active.map(({ family, status, count }) => (
        <span key={family}>
          <StateIcon status={status} />
          {formatCount(count)}
        </span>
      ))}
    </span>
  );
}
