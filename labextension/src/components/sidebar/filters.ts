/** The filters of the list: what a person has set, as chips say it and as the query needs it. */
import { parameterCondition } from '../../model/condition';
import { ALIVE_STATUSES, ENDED_STATUSES, WAITING_STATUSES } from '../../model/state';
import type { IRunQuery, RunStatus } from '../../model/types';

export interface IFilter {
  readonly kind: 'state' | 'experiment' | 'tag' | 'user' | 'metric' | 'param';
  readonly value: string;
}

/** Statuses behind each word that the state filter takes. */
export const STATE_FILTERS: Readonly<Record<string, readonly RunStatus[]>> = {
  running: ALIVE_STATUSES,
  queued: WAITING_STATUSES,
  ended: ENDED_STATUSES,
  completed: ['Completed'],
  failed: ['Failed'],
  canceled: ['Canceled']
};

export const filterLabel = (filter: IFilter): string => `${filter.kind}: ${filter.value}`;

const MANY: ReadonlySet<IFilter['kind']> = new Set(['tag', 'metric', 'param']);

/** Adds a filter; there is one state, one experiment and one user at most, tags, metrics and parameters add up. The same one twice is removed. */
export function toggleFilter(filters: readonly IFilter[], filter: IFilter): readonly IFilter[] {
  const label = filterLabel(filter);
  if (filters.some(f => filterLabel(f) === label)) {
    return filters.filter(f => filterLabel(f) !== label);
  }
  const others = filters.filter(f => MANY.has(f.kind) || f.kind !== filter.kind);
  return [...others, filter];
}

/** As the server reads it: a name, a sign, a number. */
export const METRIC_CONDITION = /^.+?\s*(>=|<=|!=|==|=|>|<)\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** Whether the server takes it as a value of this filter. */
function isTaken({ kind, value }: IFilter): boolean {
  switch (kind) {
    case 'state':
      return value in STATE_FILTERS;
    case 'metric':
      return METRIC_CONDITION.test(value);
    case 'param':
      return parameterCondition(value) !== null;
    default:
      return true;
  }
}

const TYPED = /(?:^|\s)(state|experiment|tag|user|metric|param):\s?("[^"]+"|\S+)/g;

/** Takes `param:lr<0.01`, `metric:loss<0.5`, `state:failed`, `experiment:NAME`, `tag:KEY=VALUE`, `user:NAME` out of typed text. What no filter takes stays text. */
export function typedFilters(text: string): { text: string; filters: readonly IFilter[] } {
  const filters: IFilter[] = [];
  const rest = text.replace(TYPED, (whole: string, kind: IFilter['kind'], quoted: string) => {
    const value = quoted.replace(/^"|"$/g, '');
    if (!isTaken({ kind, value })) {
      return whole;
    }
    filters.push({ kind, value });
    return '';
  });
  return { text: rest.trim(), filters };
}

/** The query that these filters and this text make. */
export function filteredQuery(
  text: string,
  filters: readonly IFilter[],
  archived: boolean
): IRunQuery {
  const state = filters.find(f => f.kind === 'state');
  const experiment = filters.find(f => f.kind === 'experiment');
  const user = filters.find(f => f.kind === 'user');
  const of = (kind: IFilter['kind']): readonly string[] =>
    filters.filter(f => f.kind === kind).map(f => f.value);
  const [tags, metrics, parameters] = [of('tag'), of('metric'), of('param')];
  return {
    archived,
    ...(text ? { text } : {}),
    ...(state ? { status: STATE_FILTERS[state.value] ?? [] } : {}),
    ...(experiment ? { experiment: experiment.value } : {}),
    ...(user ? { user: user.value } : {}),
    ...(tags.length ? { tag: tags } : {}),
    ...(metrics.length ? { metric: metrics } : {}),
    ...(parameters.length ? { param: parameters } : {})
  };
}
