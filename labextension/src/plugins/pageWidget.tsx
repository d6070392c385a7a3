/** What all our pages have in common as tabs of the main area. */
import { ReactWidget, type LabIcon } from '@jupyterlab/ui-components';
import { Signal, type ISignal } from '@lumino/signaling';
import React from 'react';
import { later } from '../components/ui/later';
import { SkeletonRows } from '../components/ui/Skeleton';
import type { IRunHub } from '../tokens';

/** What a page shows, as the command that opens it takes it. */
export interface IPlace {
  /** Id of the workspace; absent: the default one. */
  readonly workspace?: string;
}

function PageFrame({ children }: { readonly children?: React.ReactNode }): React.JSX.Element {
  return <div className="jp-ml-root jp-ml-page">{children}</div>;
}

/** A page whose code is fetched when the first one is shown: most sessions open few kinds of them. */
export function laterPage<P extends object>(
  load: () => Promise<React.ComponentType<P>>,
  Waiting: React.ComponentType = SkeletonRows
): React.ComponentType<P> {
  return later(load, Waiting, PageFrame);
}

/** One of our pages as a tab of the main area. */
export abstract class PageWidget<P extends IPlace> extends ReactWidget {
  private readonly changedSignal = new Signal<this, void>(this);

  constructor(
    protected readonly hub: IRunHub,
    icon: LabIcon
  ) {
    super();
    this.addClass('jp-ml-main');
    this.node.tabIndex = -1;
    this.title.closable = true;
    this.title.className = 'jp-ml-tokens';
    this.title.icon = icon;
  }

  /** What is shown; a reload brings it back. */
  abstract get place(): P;

  /** Something else is shown now. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  /** To be called when something else is to be shown. */
  protected moved(): void {
    this.update();
    this.changedSignal.emit();
  }

  /** A closed page is gone: the next one is made anew, and a reload does not bring it back. */
  protected override onCloseRequest(): void {
    this.dispose();
  }

  /** JupyterLab takes the widget with the focus for the one in use. */
  protected override onActivateRequest(): void {
    if (!this.node.contains(document.activeElement)) {
      this.node.focus({ preventScroll: true });
    }
  }
}
