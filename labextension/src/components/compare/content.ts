/** What a comparison shows, as it is saved in a view and carried in a link. All pure. */
import type { Brushes } from '../plots/brush';

export interface ICompareContent {
  /** Ids, in their order; the first is the baseline. */
  readonly runs: readonly string[];
  /** Ids of the columns; null: the usual ones. */
  readonly columns: readonly string[] | null;
  readonly hidden: readonly string[];
  /** Id of a column, `-` before it for descending; null: the order in which runs were added. */
  readonly sort: string | null;
  readonly filters: readonly string[];
  /** Runs are columns. */
  readonly across: boolean;
  /** Columns whose values are all the same, too. */
  readonly everything: boolean;
  /** The metric of the chart; null: the primary one. */
  readonly chart: string | null;
  readonly plot: 'parallel' | 'scatter';
  /** Ids of columns: axes of the parallel coordinates; null: the usual ones. */
  readonly axes: readonly string[] | null;
  /** Ids of columns with a logarithmic axis. */
  readonly log: readonly string[];
  readonly brushes: Brushes;
  /** Column whose value is the colour; `own`: each run has its own; null: that, or the metric when runs are many. */
  readonly colour: string | null;
  /** Columns of the scatter; null: the usual ones. */
  readonly x: string | null;
  readonly y: string | null;
}

export const MOST_RUNS = 200;

export const EMPTY: ICompareContent = {
  runs: [],
  columns: null,
  hidden: [],
  sort: null,
  filters: [],
  across: false,
  everything: false,
  chart: null,
  plot: 'parallel',
  axes: null,
  log: [],
  brushes: {},
  colour: null,
  x: null,
  y: null
};

type Loose = Partial<Record<keyof ICompareContent, unknown>>;

const words = (value: unknown): readonly string[] | null =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : null;
const word = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

function brushesOf(value: unknown): Brushes {
  if (typeof value !== 'object' || value === null) {
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([id, range]: [string, unknown]) => {
      const { min, max } = (range ?? {}) as Record<string, unknown>;
      return typeof min === 'number' && typeof max === 'number' ? [[id, { min, max }]] : [];
    })
  );
}

/** A content from whatever was saved; a part that is not right takes its default. */
export function parseContent(value: unknown): ICompareContent {
  if (typeof value !== 'object' || value === null) {
    return EMPTY;
  }
  const loose = value as Loose;
  return {
    runs: [...new Set(words(loose.runs) ?? [])].slice(0, MOST_RUNS),
    columns: words(loose.columns),
    hidden: words(loose.hidden) ?? [],
    sort: word(loose.sort),
    filters: words(loose.filters) ?? [],
    across: loose.across === true,
    everything: loose.everything === true,
    chart: word(loose.chart),
    plot: loose.plot === 'scatter' ? 'scatter' : 'parallel',
    axes: words(loose.axes),
    log: words(loose.log) ?? [],
    brushes: brushesOf(loose.brushes),
    colour: word(loose.colour),
    x: word(loose.x),
    y: word(loose.y)
  };
}

/** The parts that are not as usual, in the order above: what a link carries besides the runs. */
export function unusual(content: ICompareContent): Readonly<Record<string, unknown>> {
  const keys = Object.keys(EMPTY) as (keyof ICompareContent)[];
  return Object.fromEntries(
    keys
      .filter(key => key !== 'runs' && JSON.stringify(content[key]) !== JSON.stringify(EMPTY[key]))
      .map(key => [key, content[key]])
  );
}

/** Parameters of an address that shows the same; `view` when it is saved and unchanged. */
export function linkParameters(
  content: ICompareContent,
  view: string | null,
  workspace: string | null
): URLSearchParams {
  const found = new URLSearchParams();
  if (view !== null) {
    found.set('view', view);
  } else {
    found.set('compare', content.runs.join(','));
    const rest = unusual(content);
    if (Object.keys(rest).length > 0) {
      found.set('compare-as', JSON.stringify(rest));
    }
  }
  if (workspace !== null) {
    found.set('ml-workspace', workspace);
  }
  return found;
}

/** The content that an address names: its runs, and how they are shown. */
export function readLink(runs: string, as: string | null): ICompareContent {
  let rest: unknown = {};
  try {
    rest = JSON.parse(as ?? '{}');
  } catch {
    rest = {};
  }
  const ids = runs.split(',').filter(id => id !== '');
  return parseContent({ ...(typeof rest === 'object' ? rest : {}), runs: ids });
}
