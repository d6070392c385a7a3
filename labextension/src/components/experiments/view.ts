/** What a person has set up on an experiment's page: columns, order, filters, charts. Kept in the browser. */
import { useCallback, useEffect, useState } from 'react';
import type { IFilter } from '../sidebar/filters';

/** `metric:NAME`, `param:NAME` or `tag:KEY`. */
export type ColumnId = string;

export interface IExperimentView {
  readonly columns: readonly ColumnId[];
  readonly sort: string;
  readonly text: string;
  readonly filters: readonly IFilter[];
  readonly archived: boolean;
  /** Metrics that have a chart. */
  readonly charts: readonly string[];
}

export const FIRST_VIEW: IExperimentView = {
  columns: [],
  sort: '-created',
  text: '',
  filters: [],
  archived: false,
  charts: []
};

const KINDS: readonly string[] = ['state', 'experiment', 'tag', 'user', 'metric'];
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
const isFilter = (value: unknown): value is IFilter => {
  const { kind, value: what } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof kind === 'string' && KINDS.includes(kind) && typeof what === 'string';
};

/** A view from whatever was stored; a field that is not right takes its default. */
export function parseView(stored: unknown): IExperimentView {
  if (typeof stored !== 'object' || stored === null) {
    return FIRST_VIEW;
  }
  const { columns, sort, text, filters, archived, charts } = stored as Partial<
    Record<string, unknown>
  >;
  return {
    columns: texts(columns).filter(one => /^(metric|param|tag):./.test(one)),
    sort: typeof sort === 'string' && sort !== '' ? sort : FIRST_VIEW.sort,
    text: typeof text === 'string' ? text : '',
    filters: Array.isArray(filters) ? filters.filter(isFilter) : [],
    archived: archived === true,
    charts: texts(charts)
  };
}

const keyOf = (experiment: string): string => `ml-jupyter:experiment:${experiment}`;

/** The browser may refuse storage: then a view lives as long as its page. */
function load(experiment: string): IExperimentView {
  try {
    return parseView(JSON.parse(localStorage.getItem(keyOf(experiment)) ?? 'null'));
  } catch {
    return FIRST_VIEW;
  }
}

/** The view of an experiment, and what changes it. */
export function useView(
  experiment: string
): readonly [IExperimentView, (change: Partial<IExperimentView>) => void] {
  const [view, setView] = useState(() => load(experiment));
  useEffect(() => {
    try {
      localStorage.setItem(keyOf(experiment), JSON.stringify(view));
    } catch {
      return;
    }
  }, [experiment, view]);
  const change = useCallback(
    (what: Partial<IExperimentView>) => setView(old => ({ ...old, ...what })),
    []
  );
  return [view, change];
}
