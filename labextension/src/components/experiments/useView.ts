/** The view of an experiment's page: kept in the browser as it is, and in the workspace under a name. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { IRunSource } from '../../model/source';
import { useSavedView, type ISavedViewState } from '../views/useSavedView';
import { contentOf, experimentOf, parseView, type IExperimentView } from './view';

interface IKept {
  readonly view: IExperimentView;
  /** Id of the saved view that it was made from. */
  readonly saved: string | null;
}

const keyOf = (experiment: string): string => `ml-jupyter:experiment:${experiment}`;

/** The browser may refuse storage: then a view lives as long as its page. */
function load(experiment: string): IKept {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(experiment)) ?? 'null');
    const { saved } = (stored ?? {}) as Partial<Record<string, unknown>>;
    return { view: parseView(stored), saved: typeof saved === 'string' ? saved : null };
  } catch {
    return { view: parseView(null), saved: null };
  }
}

function keep(experiment: string, { view, saved }: IKept): void {
  try {
    localStorage.setItem(keyOf(experiment), JSON.stringify({ ...view, saved }));
  } catch {
    return;
  }
}

interface IViewProps {
  readonly source: IRunSource;
  readonly experiment: { readonly id: string; readonly name: string };
  /** Id of the saved view to open; null: what the browser has kept. */
  readonly first: string | null;
  /** A saved view of another experiment was chosen. */
  readonly onElsewhere: (experiment: string, view: string) => void;
}

interface IViewState {
  readonly view: IExperimentView;
  readonly change: (change: Partial<IExperimentView>) => void;
  readonly saved: ISavedViewState;
}

/** What was changed since a view was saved outlives a reload of the page: it is not replaced by what was saved. */
export function useView({ source, experiment, first, onElsewhere }: IViewProps): IViewState {
  const [start] = useState(() => load(experiment.id));
  const [view, setView] = useState(start.view);
  const resumed = useRef(first === null || first === start.saved ? start.saved : null);
  const { name } = experiment;
  const saved = useSavedView(
    source,
    'experiments',
    contentOf(name, view),
    found => {
      const next = parseView(found.content);
      const other = experimentOf(found.content);
      if (other !== null && other !== name) {
        onElsewhere(other, found.id);
      } else if (resumed.current !== found.id) {
        setView(next);
      }
      resumed.current = null;
      return contentOf(name, next);
    },
    first ?? start.saved
  );
  const id = saved.view?.id ?? (saved.busy ? (first ?? start.saved) : null);
  useEffect(() => keep(experiment.id, { view, saved: id }), [experiment.id, view, id]);
  const change = useCallback(
    (what: Partial<IExperimentView>) => setView(old => ({ ...old, ...what })),
    []
  );
  return { view, change, saved };
}
