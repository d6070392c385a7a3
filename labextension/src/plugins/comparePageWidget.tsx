import React from 'react';
import { toCompareTab, type CompareTab } from '../components/compare/CompareTabs';
import type { ICompareContent } from '../components/compare/content';
import { trans } from '../model/language';
import type { IRunHub } from '../tokens';
import { compareIcon } from './icons';
import { PageWidget, laterPage, type IPlace } from './pageWidget';

const ComparePage = laterPage(
  async () => (await import('../components/compare/ComparePage')).ComparePage
);

/** What a page of a comparison shows. */
export interface IComparePlace extends IPlace {
  readonly content: ICompareContent;
  /** Id of the saved view; absent: it is not saved. */
  readonly view?: string;
  readonly tab?: string;
}

const TAB_CHARS = 28;

/** A comparison of runs as a tab of the main area. */
export class ComparePageWidget extends PageWidget<IComparePlace> {
  private now: IComparePlace;
  private tab: CompareTab;

  constructor(
    hub: IRunHub,
    private readonly first: IComparePlace
  ) {
    super(hub, compareIcon);
    this.now = first;
    this.tab = toCompareTab(first.tab);
    this.entitle(null);
  }

  get place(): IComparePlace {
    return { ...this.now, tab: this.tab };
  }

  protected render(): React.JSX.Element {
    const { workspace, view, content } = this.first;
    return (
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
    );
  }

  private readonly onTab = (tab: CompareTab): void => {
    this.tab = tab;
    this.moved();
  };

  private readonly onChange = (
    content: ICompareContent,
    view: string | null,
    name: string | null
  ): void => {
    const { workspace } = this.first;
    this.now = { content, workspace, ...(view === null ? {} : { view }) };
    this.entitle(name);
    this.moved();
  };

  private entitle(name: string | null): void {
    const count = this.now.content.runs.length;
    const label =
      name ??
      (count > 0 ? trans._n('Compare %1 run', 'Compare %1 runs', count) : trans.__('Compare runs'));
    this.title.label = label.length > TAB_CHARS ? `${label.slice(0, TAB_CHARS - 1)}…` : label;
    this.title.caption = label;
  }
}
