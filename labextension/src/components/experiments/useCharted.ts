import { useCallback, useMemo, useRef, type RefObject } from 'react';
import type { IRunSummary } from '../../model/types';
import { colours } from '../chart/overlay/lines';
import { usePalette, type IPalette } from '../chart/palette';
import type { IRunPages } from '../sidebar/rows';
import type { IExperimentView } from './view';

/** Runs whose lines are in the charts; more cannot be told apart. */
const LINES = 20;
/** Runs whose points are in a scatter: the first page of the table, which is live. */
const POINTS = 100;

export interface ICharted {
  /** Runs with a line in the charts, from the first of the table. */
  readonly lines: readonly IRunSummary[];
  /** Runs with a point in a scatter. */
  readonly points: readonly IRunSummary[];
  /** Which colour each line has, from 0. */
  readonly painted: ReadonlyMap<string, number>;
  readonly palette: IPalette | null;
  readonly colourOf: (run: string) => string | undefined;
}

function useColours(runs: readonly IRunSummary[]): ReadonlyMap<string, number> {
  const painted = useRef<ReadonlyMap<string, number>>(new Map());
  return useMemo(() => {
    const ids = runs.map(run => run.id);
    painted.current = colours(ids, painted.current);
    return painted.current;
  }, [runs]);
}

const firstOf = (pages: IRunPages, count: number): readonly IRunSummary[] =>
  Array.from({ length: count }, (_, i) => pages.at(i)).flatMap(run => run ?? []);

/** The runs that are drawn above the table, and the colour of each. */
export function useCharted(
  root: RefObject<HTMLElement>,
  pages: IRunPages,
  view: IExperimentView
): ICharted {
  const palette = usePalette(root);
  const [some, dots] = [view.charts.length > 0, view.scatters.length > 0];
  const lines = useMemo(() => (some ? firstOf(pages, LINES) : []), [pages, some]);
  const points = useMemo(() => (dots ? firstOf(pages, POINTS) : []), [pages, dots]);
  const painted = useColours(lines);
  const colourOf = useCallback(
    (run: string): string | undefined => {
      const at = painted.get(run);
      return at === undefined ? undefined : palette?.series[at % palette.series.length];
    },
    [painted, palette]
  );
  return { lines, points, painted, palette, colourOf };
}
