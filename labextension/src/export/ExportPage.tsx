/** The page of exported runs: what it is, the list where there are several, and a run's page. */
import React, { useEffect, useState } from 'react';
import { RunPage } from '../components/run/RunPage';
import type { RunTab } from '../components/run/tabs';
import { MiddleText } from '../components/ui/MiddleText';
import { StateIcon } from '../components/ui/StateIcon';
import type { IExported } from '../model/exported';
import { formatMetric } from '../model/format';
import type { IViewHost } from '../model/host';
import { spokenLocale, trans } from '../model/language';
import { stateLook } from '../model/state';
import type { IRunDetail } from '../model/types';
import { CompareTable } from './CompareTable';
import type { ExportedRunSource } from '../sources/exported';

/** What a page without a server cannot show. */
const HIDDEN: readonly RunTab[] = ['tensorboard', 'trials'];

interface IExportPageProps {
  readonly exported: IExported;
  readonly source: ExportedRunSource;
}

interface IPlace {
  /** Null: the comparison. */
  readonly run: string | null;
  readonly tab: string;
}

/** The place in the page's address, so that it can be linked to and survives a reload. */
function readPlace({ runs }: IExported): IPlace {
  const [run = '', ...tab] = decodeURIComponent(location.hash.slice(1)).split('/');
  const known = runs.some(one => one.run.id === run);
  const first = runs.length === 1 ? (runs[0]?.run.id ?? null) : null;
  return { run: known ? run : first, tab: known ? tab.join('/') : 'overview' };
}

function usePlace(exported: IExported): [IPlace, (run: string | null, tab?: string) => void] {
  const [place, setPlace] = useState(() => readPlace(exported));
  useEffect(() => {
    const read = (): void => setPlace(readPlace(exported));
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, [exported]);
  const go = (run: string | null, tab = 'overview'): void => {
    location.hash = run === null ? '' : `${run}/${encodeURIComponent(tab)}`;
  };
  return [place, go];
}

/** When it was saved, and what was left out. */
function Note({ exported }: { readonly exported: IExported }): React.JSX.Element {
  const { saved_ms, workspace, cut } = exported;
  const saved = new Date(saved_ms).toLocaleString(spokenLocale(), {
    dateStyle: 'medium',
    timeStyle: 'short'
  });
  return (
    <footer className="jp-ml-export-note jp-ml-small jp-ml-dim">
      <span>
        {trans.__('Saved from workspace %1 on %2. Nothing here is live.', workspace.name, saved)}
      </span>
      {cut.length > 0 && (
        <details>
          <summary>
            {trans._n('%1 thing was left out', '%1 things were left out', cut.length)}
          </summary>
          <ul>
            {cut.map(sentence => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
    </footer>
  );
}

function metricText(run: IRunDetail): string {
  const { primary_metric: metric } = run;
  return metric ? `${metric.name} ${formatMetric(metric.last)}` : '';
}

/** One line for each run, and the way to their comparison. */
function RunList(props: {
  readonly runs: readonly IRunDetail[];
  readonly current: string | null;
  readonly onOpen: (run: string | null) => void;
}): React.JSX.Element {
  const { runs, current, onOpen } = props;
  const mark = (on: boolean): 'page' | undefined => (on ? 'page' : undefined);
  return (
    <nav className="jp-ml-export-list" aria-label={trans.__('Runs')}>
      <button type="button" aria-current={mark(current === null)} onClick={() => onOpen(null)}>
        <span className="jp-ml-strong">{trans.__('Comparison')}</span>
        <span className="jp-ml-dim jp-ml-num">{runs.length}</span>
      </button>
      {runs.map(run => (
        <button
          key={run.id}
          type="button"
          aria-current={mark(current === run.id)}
          aria-label={`${run.display_name} ${run.number}, ${stateLook(run.status).word}`}
          onClick={() => onOpen(run.id)}
        >
          <StateIcon status={run.status} />
          <MiddleText text={run.display_name} />
          <span className="jp-ml-dim jp-ml-num">{run.number}</span>
          <span className="jp-ml-export-metric jp-ml-dim jp-ml-small jp-ml-num">
            {metricText(run)}
          </span>
        </button>
      ))}
    </nav>
  );
}

export function ExportPage({ exported, source }: IExportPageProps): React.JSX.Element {
  const [{ run, tab }, go] = usePlace(exported);
  const details = exported.runs.map(one => one.run);
  const [host] = useState<IViewHost>(() => ({
    confirm: () => Promise.resolve(false),
    notify: () => undefined,
    openRun: (id, at) => go(id, at)
  }));
  return (
    <div className="jp-ml-root jp-ml-export">
      {details.length > 1 && <RunList runs={details} current={run} onOpen={id => go(id)} />}
      <main className="jp-ml-export-main">
        {run === null ? (
          <CompareTable exported={exported} onOpen={go} />
        ) : (
          <RunPage
            source={source}
            runId={run}
            tab={tab}
            hidden={HIDDEN}
            host={host}
            onTab={next => go(run, next)}
            onOpenRun={(id, at) => details.some(one => one.id === id) && go(id, at)}
          />
        )}
      </main>
      <Note exported={exported} />
    </div>
  );
}
