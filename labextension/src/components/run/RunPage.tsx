import React, { useEffect, useId, useRef, useState } from 'react';
import type { IViewHost } from '../../model/host';
import type { IRunSource } from '../../model/source';
import { isEnded } from '../../model/state';
import type { IRunDetail } from '../../model/types';
import { ConnectionBanner } from '../data/ConnectionBanner';
import { useStream } from '../data/useStream';
import { LogView } from '../log/LogView';
import { Banner } from '../ui/Banner';
import { ChildrenTab } from './ChildrenTab';
import { DetailsTab } from './DetailsTab';
import { FilesTab } from './FilesTab';
import { logFiles } from './logs';
import { MetricsTab } from './MetricsTab';
import { OverviewTab } from './OverviewTab';
import type { ITabProps } from './page';
import { PageSkeleton, RunGone } from './PageStates';
import { RunHeader } from './RunHeader';
import { RunTabs } from './RunTabs';
import { toTab, type RunTab } from './tabs';
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
  /** The tab shown; an unknown name shows the overview. */
  readonly tab: string;
  readonly onTab: (tab: RunTab) => void;
  readonly onOpenRun: (id: string, tab?: string) => void;
  /** Stops the run in the host's own way (which asks first); absent: the page asks and sends the command itself. */
  readonly onStop?: (id: string) => void;
  readonly host: IViewHost;
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
  const { tab, source, run, files } = props;
  switch (tab) {
    case 'overview':
      return <OverviewTab {...props} />;
    case 'metrics':
      return <MetricsTab {...props} />;
    case 'log':
      return (
        <LogView source={source} runId={run.id} files={logFiles(run)} startedMs={run.started_ms} />
      );
    case 'files':
      return <FilesTab {...props} state={files} />;
    case 'children':
      return <ChildrenTab {...props} />;
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
  const tab = toTab(props.tab);
  const live = !isEnded(run.status);
  const looking = tab === 'files' || tab === 'tensorboard';
  const every = looking ? FILES_EVERY_MS : FILES_COUNT_EVERY_MS;
  const files = useFiles(source, run.id, live ? every : null, run.status);
  const shared: ITabProps = { source, run, host, width, onTab, onOpenRun };
  const counts = {
    metrics: run.metrics.length,
    files: files.files?.length ?? 0,
    children: run.child_count
  };
  return (
    <>
      <ConnectionBanner source={source} />
      <Warnings run={run} />
      <RunHeader
        {...{ source, run, host, onStop }}
        full={tab === 'overview'}
        onOpenRun={id => onOpenRun(id)}
      />
      <RunTabs {...{ tab, onTab, counts, width, panel }} />
      <div id={panel} role="tabpanel" aria-label={tab} className="jp-ml-panels">
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
