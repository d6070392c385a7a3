import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal, type ISignal } from '@lumino/signaling';
import React, { Suspense } from 'react';
import { toCompareTab, type CompareTab } from '../components/compare/CompareTabs';
import type { ICompareContent } from '../components/compare/content';
import { SkeletonRows } from '../components/ui/Skeleton';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IRunHub } from '../tokens';
import { compareIcon } from './icons';

/** The page is fetched when the first comparison is opened. */
const ComparePage = React.lazy(async () => ({
  default: (await import('../components/compare/ComparePage')).ComparePage
}));

/** What a page of a comparison shows. */
export interface IComparePlace {
  readonly content: ICompareContent;
  /** Id of the saved view; absent: it is not saved. */
  readonly view?: string;
  /** Id of the workspace; absent: the default one. */
  readonly workspace?: string;
  readonly tab?: string;
}

const TAB_CHARS = 28;

/** A comparison of runs as a tab of the main area. */
export class ComparePageWidget extends ReactWidget {
  private readonly changedSignal = new Signal<this, void>(this);
  private readonly first: IComparePlace;
  private now: IComparePlace;
  private tab: CompareTab;

  constructor(
    private readonly hub: IRunHub,
    place: IComparePlace,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-ml-main');
    this.node.tabIndex = -1;
    this.title.closable = true;
    this.title.icon = compareIcon;
    this.first = place;
    this.now = place;
    this.tab = toCompareTab(place.tab);
    this.entitle(null);
  }

  /** What is shown, as the command that shows it takes it. */
  get place(): IComparePlace {
    return { ...this.now, tab: this.tab };
  }

  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  override dispose(): void {
    if (!this.isDisposed) {
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
    const { workspace, view, content } = this.first;
    return (
      <Suspense fallback={<SkeletonRows />}>
        <ComparePage
          source={this.hub.source(workspace)}
          host={this.hub.host(workspace)}
          content={content}
          view={view ?? null}
          workspace={workspace ?? null}
          tab={this.tab}
          onTab={this.onTab}
          onChange={this.onChange}
        />
      </Suspense>
    );
  }

  private readonly onTab = (tab: CompareTab): void => {
    this.tab = tab;
    this.update();
    this.changedSignal.emit();
  };

  private readonly onChange = (
    content: ICompareContent,
    view: string | null,
    name: string | null
  ): void => {
    const { workspace } = this.first;
    this.now = { content, workspace, ...(view === null ? {} : { view }) };
    this.entitle(name);
    this.changedSignal.emit();
  };

  private entitle(name: string | null): void {
    const count = this.now.content.runs.length;
    const label =
      name ??
      (count > 0
        ? this.trans._n('Compare %1 run', 'Compare %1 runs', count, count)
        : this.trans.__('Compare runs'));
    this.title.label = label.length > TAB_CHARS ? `${label.slice(0, TAB_CHARS - 1)}…` : label;
    this.title.caption = label;
  }
}
