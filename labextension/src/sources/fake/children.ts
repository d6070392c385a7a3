/** Children of a fake run, and their curves. */
import type { IChildCurves, IChildren, ICurvesView, IPackedCurves } from '../../model/children';
import { toNumber } from '../../model/format';
import type { IRunDetail, IScalarSeries } from '../../model/types';
import type { World } from './world';

const below = (world: World, parent: string): readonly IRunDetail[] => {
  world.run(parent);
  return [...world.runs.values()]
    .filter(run => run.parent_id === parent)
    .sort((a, b) => a.number - b.number);
};

const scalars = (world: World, run: string): readonly IScalarSeries[] =>
  world.series(run).filter((one): one is IScalarSeries => one.kind === 'scalar');

export function childrenOf(world: World, parent: string): IChildren {
  const runs = below(world, parent);
  const names = [...new Set(runs.flatMap(run => Object.keys({ ...run.parameters, ...run.tags })))];
  const columns = names.map(
    name => [name, runs.map(run => ({ ...run.tags, ...run.parameters })[name] ?? null)] as const
  );
  return {
    runs: runs.map(run => ({
      id: run.id,
      number: run.number,
      name: run.display_name,
      status: run.status
    })),
    total: runs.length,
    metrics: [...new Set(runs.flatMap(run => scalars(world, run.id).map(one => one.name)))],
    primary: runs.find(run => run.primary_metric)?.primary_metric?.name ?? null,
    best: runs.map(run => run.primary_metric?.best ?? null),
    settings: Object.fromEntries(columns.filter(([, values]) => new Set(values).size > 1))
  };
}

function packedCurves(
  found: readonly (IScalarSeries | undefined)[],
  name: string,
  { axis, x_min = -Infinity, x_max = Infinity }: ICurvesView
): IPackedCurves {
  const lines = found.flatMap((series, at) => {
    if (!series) {
      return [];
    }
    const [first = 0] = series.times_ms;
    const places =
      axis === 'step'
        ? series.steps
        : series.times_ms.map(time => (axis === 'relative' ? time - first : time));
    const kept = places.flatMap((x, i) => (x >= x_min && x <= x_max ? [i] : []));
    const y = kept.map(i => toNumber(series.values[i]) ?? NaN);
    return kept.length === 0 ? [] : [{ at, x: kept.map(i => places[i] ?? 0), y }];
  });
  const from = Math.min(...lines.map(line => line.x[0] ?? 0), Infinity);
  return {
    name,
    runs: lines.map(line => line.at),
    counts: lines.map(line => line.x.length),
    from: Number.isFinite(from) ? from : 0,
    shared: false,
    x: Float32Array.from(lines.flatMap(line => line.x.map(x => x - from))),
    y: Float32Array.from(lines.flatMap(line => line.y))
  };
}

export function curvesOf(
  world: World,
  { run, names, ...view }: ICurvesView & { run: string; names: readonly string[] }
): IChildCurves {
  const ids = below(world, run).map(child => child.id);
  const series = ids.map(id => scalars(world, id));
  return {
    ids,
    curves: names.map(name =>
      packedCurves(
        series.map(of => of.find(one => one.name === name && one.count > 0)),
        name,
        view
      )
    )
  };
}
