/** Entries of the panel's own menus. */
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import type { IWorkspaceInfo } from '../../model/types';
import type { MenuEntry } from '../ui/Menu';
import { STATE_FILTERS, filterLabel, type IFilter } from './filters';

const MOST_EXPERIMENTS = 12;
const MOST_TAGS = 8;
const MOST_USERS = 8;
const LOOKED_AT = 200;

/** What there is to filter by. */
export interface IFilterChoices {
  readonly experiments: readonly string[];
  readonly tags: readonly string[];
  /** Empty where all runs are of one person. */
  readonly users: readonly string[];
}

function mostCommon(all: readonly string[], most: number): readonly string[] {
  const counts = new Map<string, number>();
  all.forEach(one => counts.set(one, (counts.get(one) ?? 0) + 1));
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([one]) => one);
}

/** Experiments, tags and users of the newest runs. Empty when they cannot be had: the states can be chosen all the same. */
export async function loadChoices(source: IRunSource): Promise<IFilterChoices> {
  try {
    const { runs } = await source.query('runs', { limit: LOOKED_AT, offset: 0 });
    const tags = runs.flatMap(run => Object.keys(run.tags));
    const users = mostCommon(
      runs.map(r => r.user),
      MOST_USERS
    );
    return {
      experiments: mostCommon(
        runs.map(r => r.experiment),
        MOST_EXPERIMENTS
      ),
      tags: mostCommon(tags, MOST_TAGS),
      users: users.length > 1 ? users : []
    };
  } catch {
    return { experiments: [], tags: [], users: [] };
  }
}

/** States, experiments, tags and users; those that are set have a mark. */
export function filterMenu(
  filters: readonly IFilter[],
  choices: IFilterChoices,
  onToggle: (filter: IFilter) => void
): readonly MenuEntry[] {
  const entry = (kind: IFilter['kind'], value: string): MenuEntry => {
    const filter = { kind, value };
    return {
      label: filterLabel(filter),
      checked: filters.some(f => filterLabel(f) === filterLabel(filter)),
      run: () => onToggle(filter)
    };
  };
  const groups = [
    Object.keys(STATE_FILTERS).map(value => entry('state', value)),
    choices.experiments.map(value => entry('experiment', value)),
    choices.tags.map(value => entry('tag', value)),
    choices.users.map(value => entry('user', value))
  ].filter(group => group.length > 0);
  return groups.flatMap((group, i) => (i === 0 ? group : ['separator' as const, ...group]));
}

interface IPanelChoices {
  readonly workspaces?: readonly IWorkspaceInfo[];
  readonly workspace?: string | null;
  readonly onWorkspace?: (id: string) => void;
}

/** Archived runs on or off, and the workspace where there is a choice. */
export function panelMenu(
  { workspaces = [], workspace, onWorkspace }: IPanelChoices,
  archived: boolean,
  onArchived: () => void
): readonly MenuEntry[] {
  const entries: MenuEntry[] = [
    { label: trans.__('Archived runs'), checked: archived, run: onArchived }
  ];
  if (workspaces.length > 1 && onWorkspace) {
    const current = workspace ?? workspaces.find(w => w.is_default)?.id;
    entries.push(
      'separator',
      ...workspaces.map(w => ({
        label: w.name,
        checked: w.id === current,
        run: () => onWorkspace(w.id)
      }))
    );
  }
  return entries;
}
