import React from 'react';
import { stopRuns } from '../components/data/actions';
import { PageSkeleton } from '../components/run/PageStates';
import { asSourceError } from '../model/errors';
import { trans } from '../model/language';
import type { IDisposable } from '../model/source';
import type { IRunDetail } from '../model/types';
import type { IOpenRun, IRunHub } from '../tokens';
import { runsIcon, stateIcon } from './icons';
import { PageWidget, laterPage } from './pageWidget';

const TAB_CHARS = 28;

const RunPage = laterPage(
  async () => (await import('../components/run/RunPage')).RunPage,
  PageSkeleton
);

/** The page of a run as a tab of the main area; its tab's icon is the state of the run. */
export class RunPageWidget extends PageWidget<IOpenRun> {
  private following: IDisposable | null = null;
  private shown: Required<Pick<IOpenRun, 'run' | 'tab'>> & Pick<IOpenRun, 'workspace'>;

  constructor(
    hub: IRunHub,
    what: IOpenRun,
    /** A preview shows whatever run is looked at; a pinned page stays with its own. */
    public pinned: boolean
  ) {
    super(hub, runsIcon);
    this.shown = { ...what, tab: what.tab ?? 'overview' };
    this.follow();
  }

  get place(): IOpenRun {
    return { ...this.shown, pin: this.pinned };
  }

  /** Shows another run or another of its tabs. */
  moveTo(what: IOpenRun): void {
    const sameRun = what.run === this.shown.run && what.workspace === this.shown.workspace;
    this.shown = { ...what, tab: what.tab ?? (sameRun ? this.shown.tab : 'overview') };
    if (!sameRun) {
      this.follow();
    }
    this.moved();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.following?.dispose();
      super.dispose();
    }
  }

  protected render(): React.JSX.Element {
    const { run, tab, workspace } = this.shown;
    const source = this.hub.source(workspace);
    const host = this.hub.host(workspace);
    return (
      <RunPage
        key={`${workspace ?? ''}/${run}`}
        source={source}
        runId={run}
        tab={tab}
        onTab={next => this.moveTo({ ...this.shown, tab: next })}
        onOpenRun={(id, next) => this.moveTo({ run: id, tab: next, workspace })}
        onStop={id => {
          void source
            .query('run', { run: id })
            .then(detail => stopRuns(source, host, [detail]))
            .catch((reason: unknown) => host.notify('error', asSourceError(reason).message));
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
