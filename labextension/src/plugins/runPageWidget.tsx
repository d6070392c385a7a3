import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal, type ISignal } from '@lumino/signaling';
import React from 'react';
import { stopRuns } from '../components/data/actions';
import { PageSkeleton } from '../components/run/PageStates';
import { later } from '../components/ui/later';
import { trans } from '../model/language';
import type { IDisposable } from '../model/source';
import type { IRunDetail } from '../model/types';
import type { IOpenRun, IRunHub } from '../tokens';
import { runsIcon, stateIcon } from './icons';

const TAB_CHARS = 28;

const RunPage = later(
  async () => (await import('../components/run/RunPage')).RunPage,
  () => (
    <div className="jp-ml-root jp-ml-page">
      <PageSkeleton />
    </div>
  )
);

/** The page of a run as a tab of the main area; its tab's icon is the state of the run. */
export class RunPageWidget extends ReactWidget {
  private readonly changedSignal = new Signal<this, void>(this);
  private following: IDisposable | null = null;
  private shown: Required<Pick<IOpenRun, 'run' | 'tab'>> & Pick<IOpenRun, 'workspace'>;

  constructor(
    private readonly hub: IRunHub,
    what: IOpenRun,
    /** A preview shows whatever run is looked at; a pinned page stays with its own. */
    public pinned: boolean
  ) {
    super();
    this.addClass('jp-ml-main');
    this.node.tabIndex = -1;
    this.title.closable = true;
    this.title.className = 'jp-ml-tokens';
    this.shown = { ...what, tab: what.tab ?? 'overview' };
    this.follow();
  }

  /** What is shown, as the command that shows it takes it. */
  get place(): IOpenRun {
    return { ...this.shown, pin: this.pinned };
  }

  /** The run or its tab is another one now. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** Shows another run or another of its tabs. */
  moveTo(what: IOpenRun): void {
    const sameRun = what.run === this.shown.run && what.workspace === this.shown.workspace;
    this.shown = { ...what, tab: what.tab ?? (sameRun ? this.shown.tab : 'overview') };
    if (!sameRun) {
      this.follow();
    }
    this.update();
    this.changedSignal.emit();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.following?.dispose();
      Signal.clearData(this);
      super.dispose();
    }
  }

  /** JupyterLab takes the widget with the focus for the one in use. */
  protected override onActivateRequest(): void {
    if (!this.node.contains(document.activeElement)) {
      this.node.focus({ preventScroll: true });
    }
  }

  protected render(): React.JSX.Element {
    const { run, tab, workspace } = this.shown;
    const source = this.hub.source(workspace);
    const host = this.hub.host(workspace);
    return (
      <RunPage
        key={run}
        source={source}
        runId={run}
        tab={tab}
        onTab={next => this.moveTo({ ...this.shown, tab: next })}
        onOpenRun={(id, next) => this.moveTo({ run: id, tab: next, workspace })}
        onStop={id => {
          void source
            .query('run', { run: id })
            .then(detail => stopRuns(source, host, [detail]))
            .catch((reason: unknown) => host.notify('error', String(reason)));
        }}
        host={host}
      />
    );
  }

  private follow(): void {
    this.following?.dispose();
    this.title.label = this.shown.run;
    this.title.icon = runsIcon;
    this.following = this.hub
      .source(this.shown.workspace)
      .subscribe('run', { run: this.shown.run }, { next: run => this.entitle(run) });
  }

  private entitle(run: IRunDetail): void {
    const name = run.display_name;
    const long = name.length > TAB_CHARS;
    this.title.label = long ? `${name.slice(0, 12)}…${name.slice(-(TAB_CHARS - 13))}` : name;
    this.title.caption = trans.__('%1, run %2 of %3', name, run.number, run.experiment);
    this.title.icon = stateIcon(run);
  }
}
