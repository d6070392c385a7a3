/** What a kernel answers: the verb of each question, and how its answer is read. */
import type { QueryName } from '../model/source';
import { fromBase64 } from './bytes';
import { isJson } from './pushes';

/** Verb and arguments of each question that a kernel answers; the rest only a server can. */
export const VERBS: Partial<Record<QueryName, string>> = {
  runs: 'runs',
  run: 'run',
  metrics: 'metrics',
  files: 'files',
  bytes: 'log',
  system: 'system'
};

const whole = (answer: unknown): unknown => answer;
/** An answer may come as the REST body or as what it holds. */
const member =
  (name: string) =>
  (answer: unknown): unknown =>
    isJson(answer) && name in answer ? answer[name] : answer;

export const READ: Record<QueryName, (answer: unknown) => unknown> = {
  workspaces: whole,
  experiments: whole,
  experimentColumns: whole,
  activity: whole,
  runs: whole,
  run: member('run'),
  metrics: member('series'),
  files: whole,
  bytes: answer =>
    isJson(answer)
      ? {
          offset: Number(answer.offset),
          end: Number(answer.end),
          data: fromBase64(String(answer.data))
        }
      : answer,
  logTimes: member('times'),
  logSearch: whole,
  system: whole,
  trials: whole,
  importance: whole,
  packages: whole,
  code: whole,
  codeText: whole,
  comparison: whole,
  comparedMetrics: whole,
  children: whole,
  childCurves: whole,
  views: whole,
  view: whole,
  models: whole,
  model: whole,
  services: whole,
  queue: whole,
  machine: whole,
  machineHistory: whole,
  queueHistory: whole,
  gpuProcesses: whole
};
