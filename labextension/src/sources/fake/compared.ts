/** Comparisons and saved views of a fake workspace. */
import type { IComparedMetric, IComparison, ISavedView, ViewKind } from '../../model/compare';
import { SourceError } from '../../model/errors';
import type { IRunDetail, JsonNumber } from '../../model/types';
import type { World } from './world';

export const lowerIsBetter = (name: string): boolean => /loss|err|time/i.test(name);

function column<T>(
  runs: readonly IRunDetail[],
  value: (run: IRunDetail) => T | null | undefined
): (T | null)[] {
  return runs.map(run => value(run) ?? null);
}

function metric(runs: readonly IRunDetail[], name: string): IComparedMetric {
  const of = (run: IRunDetail) => run.metrics.find(one => one.name === name);
  const lower = lowerIsBetter(name);
  const [min, max] = [column(runs, run => of(run)?.min), column(runs, run => of(run)?.max)];
  return {
    name,
    lower,
    last: column(runs, run => of(run)?.last as JsonNumber | null),
    best: lower ? min : max,
    min,
    max
  };
}

const namesOf = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())];

/** The runs side by side, as the server would answer. */
export function compareRuns(world: World, ids: readonly string[]): IComparison {
  const runs = ids.flatMap(id => world.runs.get(id) ?? []);
  const parameters = namesOf(runs.map(run => Object.keys(run.parameters)));
  const metrics = namesOf(
    runs.map(run => run.metrics.filter(m => m.kind === 'scalar').map(m => m.name))
  );
  return {
    runs: runs.map(run => ({ ...run })),
    missing: ids.filter(id => !world.runs.has(id)),
    parameters: Object.fromEntries(
      parameters.map(name => [name, column(runs, run => run.parameters[name])])
    ),
    metrics: metrics.sort().map(name => metric(runs, name)),
    environment: {
      host: column(runs, run => run.host),
      python: column(runs, run => run.environment?.python)
    }
  };
}

export function viewsOf(world: World, kind: ViewKind | undefined): readonly ISavedView[] {
  return [...world.views.values()]
    .filter(view => kind === undefined || view.kind === kind)
    .sort((a, b) => b.modified_ms - a.modified_ms);
}

export function viewOf(world: World, id: string): ISavedView {
  const view = world.views.get(id);
  if (!view) {
    throw new SourceError('view_not_found', `There is no saved view '${id}'.`);
  }
  return view;
}

/** Keeps a new view, or the next revision of one. */
export function putView(
  world: World,
  view: Pick<ISavedView, 'kind' | 'name' | 'content'> & Partial<ISavedView>
): ISavedView {
  const id = view.id ?? `view-${world.views.size + 1}`;
  const now = Date.now();
  const next = {
    created_ms: now,
    can_write: true,
    ...view,
    id,
    revision: (view.revision ?? 0) + 1,
    modified_ms: now,
    user: 'mara'
  };
  world.views.set(id, next);
  return next;
}
