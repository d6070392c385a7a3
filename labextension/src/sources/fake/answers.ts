/** What a fake workspace answers to questions, and what it does when told to. */
import type { CommandName, ICommands, IQueries, QueryName } from '../../model/source';
import type { IRunDetail } from '../../model/types';
import { SourceError } from '../../model/errors';
import { startAt } from '../bytes';
import { selectRuns } from '../select';
import { childrenOf, curvesOf } from './children';
import { compareRuns, putView, viewOf, viewsOf } from './compared';
import { columnsOf } from './experiments';
import { modelsOf, removeModel, versionsOf } from './models';
import { lineAt, searchText, startOfNumber, timesOf } from './logText';
import type { World } from './world';

export type Answers = { [Q in QueryName]: (args: IQueries[Q]['args']) => IQueries[Q]['answer'] };
export type Actions = {
  [C in CommandName]: (args: ICommands[C]['args']) => ICommands[C]['answer'];
};

export function answersOf(world: World): Answers {
  return {
    workspaces: () => [{ id: 'ws', name: 'demo', is_default: true, created_ms: 0 }],
    experiments: ({ archived = false }) => ({
      experiments: world.experiments().filter(one => one.archived === archived),
      can_write: true
    }),
    activity: () => ({
      runs: [...world.runs.values()]
        .filter(run => run.status === 'Running')
        .map(run => ({ run_id: run.id, user: run.user, last_ms: run.started_ms ?? 0 })),
      now_ms: Date.now(),
      user: 'mara'
    }),
    experimentColumns: ({ experiment }) => columnsOf(world.runs.values(), experiment),
    runs: args => selectRuns(world.runs.values(), args),
    run: ({ run }) => world.run(run),
    metrics: ({ run, names }) => {
      world.run(run);
      const all = world.series(run);
      return names ? all.filter(s => names.includes(s.name)) : all;
    },
    files: ({ run }) => {
      world.run(run);
      return { files: world.list(run), truncated: false };
    },
    bytes: ({ run, path, offset = 0, line, length }) => {
      const data = world.read(run, path);
      const start = line === undefined ? startAt(offset, data.length) : startOfNumber(data, line);
      return {
        offset: start,
        end: data.length,
        line: lineAt(data, start),
        data: data.slice(start, start + length)
      };
    },
    logTimes: ({ run, path }) => timesOf(world.read(run, path), world.run(run).started_ms ?? 0),
    logSearch: ({ run, path, ...query }) => searchText(world.read(run, path), query),
    system: ({ run, names }) => {
      const use = world.use(run);
      return names ? { ...use, series: use.series.filter(s => names.includes(s.name)) } : use;
    },
    trials: ({ run }) => world.sweep(run),
    packages: ({ run }) => world.packages(run),
    importance: ({ run }) => world.importance(run),
    code: args => world.code(args),
    codeText: ({ run, now, path, length }) => {
      const data = world.source({ run, now }, path);
      return { data: data.slice(0, length), whole: data.length <= length };
    },
    comparison: ({ runs }) => compareRuns(world, runs),
    comparedMetrics: ({ runs, names }) =>
      Object.fromEntries(
        runs.map(run => [run, world.series(run).filter(s => names.includes(s.name))])
      ),
    children: ({ run }) => childrenOf(world, run),
    childCurves: args => curvesOf(world, args),
    views: ({ kind }) => viewsOf(world, kind),
    view: ({ id }) => viewOf(world, id),
    models: ({ run }) => ({ models: modelsOf(world, run), can_delete: !world.readOnly }),
    model: ({ name }) => ({ versions: versionsOf(world, name), can_delete: !world.readOnly }),
    services: () => ({ services: [...world.services.values()], can_delete: !world.readOnly }),
    queue: () => world.queue,
    machine: () => world.machine,
    machineHistory: ({ span }) => world.machineHistory(span),
    queueHistory: ({ span }) => world.queueHistory(span),
    gpuProcesses: () => ({
      processes: world.machine.gpus.flatMap(gpu => gpu.processes),
      note: world.machine.gpu_note ?? null
    })
  };
}

function again(world: World, id: string): IRunDetail {
  const old = world.run(id);
  const run: IRunDetail = {
    ...old,
    id: `${old.id}_again`,
    number: world.runs.size + 1,
    status: 'Queued',
    created_ms: Date.now(),
    started_ms: null,
    ended_ms: null
  };
  world.putRun(run);
  return run;
}

export function actionsOf(world: World): Actions {
  return {
    cancel: ({ run }) => world.patchRun(run, { status: 'CancelRequested', reason: 'Stop sent.' }),
    rerun: ({ run }) => again(world, run),
    update: ({ run, tags, remove_tags, ...change }) => {
      const merged = { ...world.run(run).tags, ...tags };
      const kept = Object.entries(merged).filter(([key]) => !remove_tags?.includes(key));
      return world.patchRun(run, { ...change, tags: Object.fromEntries(kept) });
    },
    updateExperiment: ({ experiment, ...change }) => world.patchExperiment(experiment, change),
    delete: ({ run }) => world.removeRun(run),
    createView: ({ kind, name, content }) => putView(world, { kind, name, content }),
    changeView: ({ id, revision, ...change }) => {
      const old = viewOf(world, id);
      if (old.revision !== revision) {
        throw new SourceError('view_changed', `'${old.name}' was changed by ${old.user}.`);
      }
      return putView(world, { ...old, ...change });
    },
    deleteView: ({ id }) => {
      viewOf(world, id);
      world.views.delete(id);
    },
    deleteModel: args => removeModel(world, args),
    deleteService: ({ name }) => void world.services.delete(name),
    moveQueued: ({ run, before }) => world.moveQueued(run, before),
    orderQueued: ({ run, held, priority }) => {
      world.orderQueued(run, {
        ...(held === undefined ? {} : { held }),
        ...(priority === undefined ? {} : { priority })
      });
      return world.run(run);
    },
    tensorboard: ({ runs }) => ({
      id: 'tb',
      url: 'ml-jupyter/tensorboards/tb/',
      run_ids: runs,
      workspace_id: 'ws',
      started_ms: Date.now()
    }),
    stopTensorboard: () => undefined
  };
}
