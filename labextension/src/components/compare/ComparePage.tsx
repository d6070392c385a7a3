import React, { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { ConnectionBanner } from '../data/ConnectionBanner';
import { useWidth } from '../run/useWidth';
import { useHeight } from './useHeight';
import { colours } from '../chart/overlay/lines';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { EmptyState } from '../ui/EmptyState';
import { SkeletonRows } from '../ui/Skeleton';
import { ViewBar, ViewMessages } from '../views/ViewBar';
import { useSavedView } from '../views/useSavedView';
import { AddRuns } from './AddRuns';
import { CompareTabs, type CompareTab } from './CompareTabs';
import { CodePanel, EnvironmentPanel } from './Panels';
import { CurvesPanel, SummaryPanel, type IPanelProps } from './SummaryPanel';
import { linkParameters, MOST_RUNS, parseContent, type ICompareContent } from './content';
import { differs } from './columns';
import { tableOf } from './table';
import { useComparison } from './useComparison';

export interface IComparePageHost extends IViewHost {
  prompt(title: string, label: string): Promise<string | null>;
}

export interface IComparePageProps {
  readonly source: IRunSource;
  readonly host: IComparePageHost;
  readonly content: ICompareContent;
  /** Id of the saved view that the page was opened with; null: none. */
  readonly view: string | null;
  /** Told what the page shows, so that it is there again after a reload. */
  readonly onChange: (content: ICompareContent, view: string | null, name: string | null) => void;
  readonly workspace: string | null;
  readonly tab: CompareTab;
  readonly onTab: (tab: CompareTab) => void;
}

/** Each run's colour, kept for as long as it is in the view. */
function useColours(runs: readonly string[]): (id: string) => number {
  const painted = useRef<ReadonlyMap<string, number>>(new Map());
  return useMemo(() => {
    painted.current = colours(runs, painted.current);
    const now = painted.current;
    // The overlay of a run's page leaves its first colour to the run itself.
    return (id: string) => (now.get(id) ?? 1) - 1;
  }, [runs]);
}

interface IHeadProps {
  readonly name: string;
  readonly note: string;
  readonly children: React.ReactNode;
}

function Head({ name, note, children }: IHeadProps): React.JSX.Element {
  return (
    <header className="jp-ml-compare-head">
      <h2 className="jp-ml-compare-title jp-ml-cut" title={name}>
        {name}
      </h2>
      <span className="jp-ml-small jp-ml-dim jp-ml-cut jp-ml-grow">{note}</span>
      {children}
    </header>
  );
}

/** What is done first when there is nothing to compare. */
function Nothing({ children }: { readonly children: React.ReactNode }): React.JSX.Element {
  return (
    <EmptyState
      title={trans.__('No runs to compare yet.')}
      text={trans.__(
        'Select runs in the list at the left with Ctrl or Shift and press C, or add them one by one.'
      )}
    >
      {children}
    </EmptyState>
  );
}

/** Many runs side by side: what they were given, what came of it, and where they differ. */
export function ComparePage(props: IComparePageProps): React.JSX.Element {
  const { source, host, tab, onTab, onChange: tell } = props;
  const [content, setContent] = useState(props.content);
  const [focus, setFocus] = useState<string | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const height = useHeight(root);
  const panel = useId();
  const change = useCallback(
    (part: Partial<ICompareContent>) => setContent(old => ({ ...old, ...part })),
    []
  );
  const saved = useSavedView(
    source,
    'compare',
    content as unknown as Readonly<Record<string, unknown>>,
    view => {
      const next = parseContent(view.content);
      setContent(next);
      return next as unknown as Readonly<Record<string, unknown>>;
    },
    props.view
  );
  const viewId = saved.view?.id ?? null;
  const viewName = saved.view?.name ?? null;
  const opening = props.view !== null && saved.view === null && saved.busy;
  useEffect(() => {
    if (!opening) {
      tell(content, viewId, viewName);
    }
  }, [tell, content, viewId, viewName, opening]);
  const asked = useComparison(source, content.runs, root);
  const comparison = asked.value;
  const table = useMemo(
    () => (comparison ? tableOf(comparison, content) : null),
    [comparison, content]
  );
  const colourOf = useColours(content.runs);
  const add = (ids: readonly string[]): void =>
    change({ runs: [...new Set([...content.runs, ...ids])].slice(0, MOST_RUNS) });
  const parameters = linkParameters(content, saved.edited ? null : viewId, props.workspace);
  const link = source.pageUrl(`lab?${parameters}`);
  const count = content.runs.length;
  const note = [
    viewName !== null || count === 0 ? trans._n('%1 run', '%1 runs', count) : '',
    viewName !== null ? trans.__('saved view') : '',
    saved.edited ? trans.__('edited') : '',
    viewName !== null && !saved.canWrite ? trans.__('you may look at it') : ''
  ];
  const adding = (
    <AddRuns
      source={source}
      experiment={comparison?.runs[0]?.experiment}
      chosen={content.runs}
      onAdd={id => add([id])}
    />
  );
  const shown: IPanelProps | null =
    comparison && table && count > 0
      ? {
          place: root,
          ...{ source, host, comparison, table, content, width, height, focus, colourOf },
          onChange: change,
          onFocus: setFocus,
          onOpen: id => host.openRun(id)
        }
      : null;
  return (
    <div ref={root} className="jp-ml-root jp-ml-compare" tabIndex={-1}>
      <Head
        name={
          viewName ??
          (count > 0
            ? trans._n('Compare %1 run', 'Compare %1 runs', count)
            : trans.__('Compare runs'))
        }
        note={note.filter(Boolean).join(', ')}
      >
        {count > 0 && adding}
        <ViewBar saved={saved} host={host} link={count > 0 ? link : null} />
      </Head>
      <ConnectionBanner source={source} />
      <ViewMessages saved={saved} host={host} link={link} />
      {comparison && comparison.missing.length > 0 && count > 0 && (
        <Banner
          icon="info"
          action={
            <Button
              onClick={() =>
                change({ runs: content.runs.filter(id => !comparison.missing.includes(id)) })
              }
            >
              {trans.__('Take out')}
            </Button>
          }
        >
          {trans._n(
            '%1 run of this comparison was deleted or lies in another workspace.',
            '%1 runs of this comparison were deleted or lie in another workspace.',
            comparison.missing.length
          )}
        </Banner>
      )}
      {asked.error && (
        <EmptyState title={trans.__('The runs could not be read.')} text={asked.error.message}>
          <Button onClick={asked.again}>{trans.__('Try again')}</Button>
        </EmptyState>
      )}
      {count === 0 && !opening && <Nothing>{adding}</Nothing>}
      {count > 0 && !comparison && !asked.error && <SkeletonRows />}
      {shown && (
        <>
          <CompareTabs
            tab={tab}
            onTab={onTab}
            panel={panel}
            counts={{
              curves: comparison?.metrics.length,
              environment: shown.table.all.filter(
                one => one.group === 'environment' && differs(one)
              ).length
            }}
          />
          <div id={panel} className="jp-ml-compare-panel" role="tabpanel">
            {tab === 'summary' && <SummaryPanel {...shown} />}
            {tab === 'curves' && <CurvesPanel {...shown} />}
            {tab === 'code' && <CodePanel {...shown} />}
            {tab === 'environment' && <EnvironmentPanel {...shown} />}
          </div>
        </>
      )}
    </div>
  );
}
