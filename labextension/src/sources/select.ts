/** The query of a list of runs: as URL parameters, and answered over runs in memory. */
import { holdsOf, parameterCondition, spelledNumber } from '../model/condition';
import { durationOf } from '../model/state';
import type { IRunDetail, IRunQuery, IRunSummary } from '../model/types';

const DEFAULT_LIMIT = 50;

/** As the parameters of `GET …/runs`; lists repeat their key, what is not set is left out. */
export function queryParameters(query: object): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query) as [string, unknown][]) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') {
        parameters.append(key, String(one));
      }
    }
  }
  return parameters;
}

function hasTag(run: IRunSummary, wanted: string): boolean {
  const [key = '', ...rest] = wanted.split('=');
  return key in run.tags && (rest.length === 0 || run.tags[key] === rest.join('='));
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b
};

/** Of runs in memory only the primary metric's newest value is known. */
function holds(run: IRunSummary, condition: string): boolean {
  const [, name, sign = '', value] =
    /^(.+?)\s*(>=|<=|!=|==|=|>|<)\s*([^<>=!]+)$/.exec(condition) ?? [];
  const metric = run.primary_metric;
  return metric?.name === name && (COMPARE[sign]?.(Number(metric?.last), Number(value)) ?? false);
}

/** Known of a run whose detail is in memory, or that was asked for with this column. */
function parameterOf(
  run: IRunSummary & Partial<Pick<IRunDetail, 'parameters'>>,
  name: string
): string | undefined {
  const value = run.parameters?.[name] ?? run.values?.[`param:${name}`];
  return value === undefined ? undefined : String(value);
}

function holdsParameter(run: IRunSummary, text: string): boolean {
  const condition = parameterCondition(text);
  return condition !== null && holdsOf(condition, parameterOf(run, condition.name));
}

function matchesText(run: IRunSummary, text: string): boolean {
  const tags = Object.entries(run.tags).map(([key, value]) => `${key}=${value ?? ''}`);
  const all = [run.display_name, run.id, run.experiment, String(run.number), ...tags]
    .join('\n')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every(word => all.includes(word));
}

function matches(run: IRunSummary, query: IRunQuery): boolean {
  return (
    (query.parent === undefined
      ? query.top_level === false || run.parent_id === null
      : run.parent_id === query.parent) &&
    (!query.status?.length || query.status.includes(run.status)) &&
    (query.experiment === undefined || run.experiment === query.experiment) &&
    (query.tag ?? []).every(tag => hasTag(run, tag)) &&
    (query.metric ?? []).every(condition => holds(run, condition)) &&
    (query.param ?? []).every(condition => holdsParameter(run, condition)) &&
    (query.user === undefined || run.user === query.user) &&
    run.archived === (query.archived ?? false) &&
    (!query.text || matchesText(run, query.text))
  );
}

function sortKey(run: IRunSummary, by: string): number | string | null {
  if (by.startsWith('metric:')) {
    const metric = run.primary_metric;
    return metric && metric.name === by.slice(7) ? Number(metric.last) : null;
  }
  if (by.startsWith('param:')) {
    const value = parameterOf(run, by.slice(6));
    return value === undefined ? null : (spelledNumber(value) ?? value);
  }
  switch (by) {
    case 'ended':
      return run.ended_ms;
    case 'duration':
      return durationOf(run, Date.now());
    case 'name':
      return run.display_name;
    case 'status':
      return run.status;
    case 'number':
      return run.number;
    default:
      return run.created_ms;
  }
}

/** Runs without the key come last either way, and numbers before texts. */
function compare(a: number | string | null, b: number | string | null, sign: number): number {
  if (a === null || b === null) {
    return Number(a === null) - Number(b === null);
  }
  if (typeof a !== typeof b) {
    return typeof a === 'number' ? -1 : 1;
  }
  return a < b ? -sign : a > b ? sign : 0;
}

/** What the server would answer if these were all runs of the workspace. */
export function selectRuns(
  all: Iterable<IRunSummary>,
  query: IRunQuery
): { runs: readonly IRunSummary[]; total: number } {
  const sort = query.sort ?? '-created';
  const by = sort.replace(/^-/, '');
  const sign = sort.startsWith('-') ? -1 : 1;
  const found = [...all].filter(run => matches(run, query));
  found.sort((a, b) => compare(sortKey(a, by), sortKey(b, by), sign));
  const offset = query.offset ?? 0;
  return {
    runs: found.slice(offset, offset + (query.limit ?? DEFAULT_LIMIT)),
    total: found.length
  };
}
