import { useMemo } from 'react';
import type { IRunSource } from '../../model/source';
import { filteredQuery } from '../sidebar/filters';
import { usePagedRuns } from '../sidebar/usePagedRuns';
import { valuesOf, type IExperimentView } from './view';

export interface ITableState {
  readonly pages: ReturnType<typeof usePagedRuns>;
}

/** The runs of an experiment that a view shows, in its order, with the values that it needs. */
export function useTable(
  source: IRunSource,
  experiment: string,
  view: IExperimentView
): ITableState {
  const query = useMemo(
    () => ({
      ...filteredQuery(view.text, view.filters, view.archived),
      experiment,
      sort: view.sort,
      column: valuesOf(view)
    }),
    [view, experiment]
  );
  return { pages: usePagedRuns(source, query) };
}
