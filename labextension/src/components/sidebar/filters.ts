/** The filters of the list: what a person has set, as chips say it and as the query needs it. */
import { ALIVE_STATUSES, ENDED_STATUSES, WAITING_STATUSES } from '../../model/state';
import type { IRunQuery, RunStatus } from '../../model/types';

export interface IFilter {
  readonly kind: 'state' | 'experiment' | 'tag' | 'user' | 'metric';
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

/** Adds a filter; there is one state, one experiment and one user at most, tags and metrics add up. The same one twice is removed. */
export function toggleFilter(filters: readonly IFilter[], filter: IFilter): readonly IFilter[] {
  const label = filterLabel(filter);
  if (filters.some(f => filterLabel(f) === label)) {
    return filters.filter(f => filterLabel(f) !== label);
  }
  const many = filter.kind === 'tag' || filter.kind === 'metric';
  const others = filters.filter(f => many || f.kind !== filter.kind);
  return [...others, filter];
}

/** As the server reads it: a name, a sign, a number. */
export const METRIC_CONDITION = /^.+?\s*(>=|<=|!=|==|=|>|<)\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

const TYPED = /(?:^|\s)(state|experiment|tag|user|metric):\s?("[^"]+"|\S+)/g;

/** Takes `metric:loss<0.5`, `state:failed`, `experiment:NAME`, `tag:KEY=VALUE`, `user:NAME` out of typed text. Unknown states stay text. */
export function typedFilters(text: string): { text: string; filters: readonly IFilter[] } {
  const filters: IFilter[] = [];
  const rest = text.replace(TYPED, (whole: string, kind: IFilter['kind'], quoted: string) => {
    const value = quoted.replace(/^"|"$/g, '');
    if (
      (kind === 'state' && !(value in STATE_FILTERS)) ||
      (kind === 'metric' && !METRIC_CONDITION.test(value))
    ) {
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
  const tags = filters.filter(f => f.kind === 'tag').map(f => f.value);
  const metrics = filters.filter(f => f.kind === 'metric').map(f => f.value);
  return {
    archived,
    ...(text ? { text } : {}),
    ...(state ? { status: STATE_FILTERS[state.value] ?? [] } : {}),
    ...(experiment ? { experiment: experiment.value } : {}),
    ...(user ? { user: user.value } : {}),
    ...(tags.length ? { tag: tags } : {}),
    ...(metrics.length ? { metric: metrics } : {})
  };
}
