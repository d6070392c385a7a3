import React, { useEffect, useId, useRef, useState } from 'react';
import type { IViewHost } from '../../model/host';
import type { IRunSource } from '../../model/source';
import { isEnded } from '../../model/state';
import type { IRunDetail } from '../../model/types';
import { ConnectionBanner } from '../data/ConnectionBanner';
import { CodeTab } from '../code/CodeTab';
import { useStream } from '../data/useStream';
import { TrialsTab } from '../sweep/TrialsTab';
import { SystemTab } from '../system/SystemTab';
import { Banner } from '../ui/Banner';
import { ChildrenTab } from './ChildrenTab';
import { DetailsTab } from './DetailsTab';
import { EnvironmentTab } from './EnvironmentTab';
import { FilesTab } from './FilesTab';
import { LogTab } from './LogTab';
import { MetricsTab } from './MetricsTab';
import { OverviewTab } from './OverviewTab';
import type { ITabProps } from './page';
import { PageSkeleton, RunGone } from './PageStates';
import { RunHeader } from './RunHeader';
import { RunTabs } from './RunTabs';
import { readTab, tabLink, tabsOf, tabText, tabWord, type RunTab } from './tabs';
import { TensorBoardTab } from './TensorBoardTab';
import { useFiles, type IFilesState } from './useFiles';
import { useWidth } from './useWidth';

export type { RunTab } from './tabs';

/** How often the list of files is asked for while it is looked at and the run is at work, ms. */
const FILES_EVERY_MS = 5000;
/** The same while only their number is shown, ms. */
const FILES_COUNT_EVERY_MS = 20_000;
const WARNINGS = 3;

export interface IRunPageProps {
  readonly source: IRunSource;
  readonly runId: string;
  /** The tab shown, with its place: `code?file=train.py&line=3`; an unknown name shows the overview. */
  readonly tab: string;
  readonly onTab: (tab: string) => void;
  readonly onOpenRun: (id: string, tab?: string) => void;
  /** Stops the run in the host's own way (which asks first); absent: the page asks and sends the command itself. */
  readonly onStop?: (id: string) => void;
  readonly host: IViewHost;
  /** Tabs that the host cannot show. */
  readonly hidden?: readonly RunTab[];
}

interface IBodyProps extends ITabProps {
  readonly tab: RunTab;
  readonly files: IFilesState;
}

/** TensorBoard stays once it was opened, hidden behind the other tabs: its own state would be lost otherwise. */
function TensorBoardPanel({ tab, files, ...props }: IBodyProps): React.JSX.Element | null {
  const on = tab === 'tensorboard';
  const [opened, setOpened] = useState(on);
  useEffect(() => setOpened(before => before || on), [on]);
  return opened || on ? (
    <div className="jp-ml-panel jp-ml-tb-panel" hidden={!on}>
      <TensorBoardTab {...props} files={files.files} />
    </div>
  ) : null;
}

function Panel(props: IBodyProps): React.JSX.Element | null {
  const { tab, files } = props;
  switch (tab) {
    case 'overview':
      return <OverviewTab {...props} />;
    case 'trials':
      return <TrialsTab {...props} />;
    case 'metrics':
      return <MetricsTab {...props} />;
    case 'log':
      return <LogTab {...props} />;
    case 'files':
      return <FilesTab {...props} state={files} />;
    case 'children':
      return <ChildrenTab {...props} />;
    case 'system':
      return <SystemTab {...props} />;
    case 'code':
      return <CodeTab {...props} />;
    case 'environment':
      return <EnvironmentTab {...props} />;
    case 'details':
      return <DetailsTab {...props} />;
    default:
      return null;
  }
}

function Warnings({ run }: { readonly run: IRunDetail }): React.JSX.Element {
  return (
    <>
      {run.warnings.slice(-WARNINGS).map((warning, i) => (
        <Banner key={i} icon="warning">
          {warning}
        </Banner>
      ))}
    </>
  );
}

function Page(
  props: IRunPageProps & { readonly run: IRunDetail; readonly width: number }
): React.JSX.Element {
  const { source, run, host, onStop, onTab, onOpenRun, width } = props;
  const panel = useId();
  const { tab: asked, at } = readTab(props.tab);
  const tabs = tabsOf(run).filter(name => !props.hidden?.includes(name));
  const tab = tabs.includes(asked) ? asked : 'overview';
  const live = !isEnded(run.status);
  const looking = tab === 'files' || tab === 'tensorboard';
  const every = looking ? FILES_EVERY_MS : FILES_COUNT_EVERY_MS;
  const files = useFiles(source, run.id, live ? every : null, run.status);
  const goTo: ITabProps['onTab'] = (next, place) => onTab(tabText(next, place));
  const onAt: ITabProps['onAt'] = change => {
    const place = Object.entries({ ...at, ...change }).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value] as const]
    );
    onTab(tabText(tab, Object.fromEntries(place)));
  };
  const shared: ITabProps = { source, run, host, width, at, onAt, onTab: goTo, onOpenRun };
  const page = source.pageUrl(run.portal_url);
  const counts = {
    metrics: run.metrics.length,
    files: files.files?.length ?? 0,
    trials: run.child_count,
    children: run.child_count
  };
  return (
    <>
      <ConnectionBanner source={source} />
      <Warnings run={run} />
      <RunHeader
        {...{ source, run, host, onStop }}
        link={page === null ? null : tabLink(page, tab, at)}
        full={tab === 'overview'}
        onOpenRun={id => onOpenRun(id)}
      />
      <RunTabs {...{ tab, tabs, counts, width, panel }} onTab={next => goTo(next)} />
      <div id={panel} role="tabpanel" aria-label={tabWord(tab)} className="jp-ml-panels">
        {tab !== 'tensorboard' && (
          <div className={`jp-ml-panel jp-ml-panel-${tab}`} key={tab}>
            <Panel {...shared} tab={tab} files={files} />
          </div>
        )}
        <TensorBoardPanel {...shared} tab={tab} files={files} />
      </div>
    </>
  );
}

/** Everything about one run, live. */
export function RunPage(props: IRunPageProps): React.JSX.Element {
  const { source, runId } = props;
  const root = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const { value: run, error } = useStream(source, 'run', { run: runId });
  const shown = run?.id === runId ? run : null;
  return (
    <div ref={root} className="jp-ml-root jp-ml-page" data-run={runId}>
      {error && <RunGone error={error} kept={shown !== null} />}
      {!shown && !error && (
        <>
          <ConnectionBanner source={source} />
          <PageSkeleton />
        </>
      )}
      {shown && <Page key={shown.id} {...props} run={shown} width={width} />}
    </div>
  );
}
