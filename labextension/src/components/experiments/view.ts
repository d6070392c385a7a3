/** What a person has set up on an experiment's page: columns, order, filters, charts. */
import type { ViewContent } from '../../model/compare';
import type { IFilter } from '../sidebar/filters';

/** `metric:NAME`, `param:NAME` or `tag:KEY`. */
export type ColumnId = string;

/** A chart of one value of each run against another. */
export interface IScatterChart {
  readonly x: ColumnId;
  readonly y: ColumnId;
}

export interface IExperimentView {
  readonly columns: readonly ColumnId[];
  readonly sort: string;
  readonly text: string;
  readonly filters: readonly IFilter[];
  readonly archived: boolean;
  /** Metrics that have a chart. */
  readonly charts: readonly string[];
  readonly scatters: readonly IScatterChart[];
}

export const FIRST_VIEW: IExperimentView = {
  columns: [],
  sort: '-created',
  text: '',
  filters: [],
  archived: false,
  charts: [],
  scatters: []
};

const KINDS: readonly string[] = ['state', 'experiment', 'tag', 'user', 'metric', 'param'];
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
const isFilter = (value: unknown): value is IFilter => {
  const { kind, value: what } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof kind === 'string' && KINDS.includes(kind) && typeof what === 'string';
};

const COLUMN = /^(metric|param|tag):./;
function parseScatter(value: unknown): readonly IScatterChart[] {
  const { x, y } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof x === 'string' && typeof y === 'string' && COLUMN.test(x) && COLUMN.test(y)
    ? [{ x, y }]
    : [];
}

/** A view from whatever was stored; a field that is not right takes its default. */
export function parseView(stored: unknown): IExperimentView {
  if (typeof stored !== 'object' || stored === null) {
    return FIRST_VIEW;
  }
  const { columns, sort, text, filters, archived, charts, scatters } = stored as Partial<
    Record<string, unknown>
  >;
  return {
    columns: texts(columns).filter(one => COLUMN.test(one)),
    sort: typeof sort === 'string' && sort !== '' ? sort : FIRST_VIEW.sort,
    text: typeof text === 'string' ? text : '',
    filters: Array.isArray(filters) ? filters.filter(isFilter) : [],
    archived: archived === true,
    charts: texts(charts),
    scatters: Array.isArray(scatters) ? scatters.flatMap(parseScatter) : []
  };
}

/** A view as it is saved in the workspace; the order of its keys is always the same. */
export const contentOf = (experiment: string, view: IExperimentView): ViewContent => {
  const { columns, sort, text, filters, archived, charts, scatters } = view;
  return { experiment, columns, sort, text, filters, archived, charts, scatters };
};

/** Which experiment a saved view is of; null: it does not say. */
export const experimentOf = (content: ViewContent): string | null =>
  typeof content.experiment === 'string' ? content.experiment : null;

/** The values of runs that the table and the charts of a view need. */
export const valuesOf = ({ columns, scatters }: IExperimentView): readonly ColumnId[] =>
  [...new Set([...columns, ...scatters.flatMap(({ x, y }) => [x, y])])].filter(
    id => !id.startsWith('tag:')
  );
