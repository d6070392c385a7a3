import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal, type ISignal } from '@lumino/signaling';
import React, { Suspense, lazy } from 'react';
import { SkeletonRows } from '../components/ui/Skeleton';
import { trans } from '../model/language';
import type { IRunHub } from '../tokens';
import { experimentsIcon } from './icons';

const Page = lazy(() => import('../components/experiments/ExperimentsPage'));

/** Which experiments the page shows. */
export interface IExperimentsPlace {
  /** Name of the one that is looked at; absent: all. */
  readonly experiment?: string;
  /** Id of the saved view of it to open; the browser keeps which one was open last. */
  readonly view?: string;
  readonly workspace?: string;
}

/** The page of experiments as a tab of the main area. */
export class ExperimentsWidget extends ReactWidget {
  private readonly changedSignal = new Signal<this, void>(this);
  private shown: IExperimentsPlace = {};

  constructor(
    private readonly hub: IRunHub,
    place: IExperimentsPlace
  ) {
    super();
    this.addClass('jp-ml-main');
    this.node.tabIndex = -1;
    this.title.closable = true;
    this.title.className = 'jp-ml-tokens';
    this.title.icon = experimentsIcon;
    this.moveTo(place);
  }

  /** What a reload brings back. */
  get place(): IExperimentsPlace {
    const { experiment, workspace } = this.shown;
    return {
      ...(experiment === undefined ? {} : { experiment }),
      ...(workspace === undefined ? {} : { workspace })
    };
  }

  /** Another experiment is looked at. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  moveTo(place: IExperimentsPlace): void {
    this.shown = place;
    this.title.label = place.experiment ?? trans.__('Experiments');
    this.title.caption = place.experiment
      ? trans.__('Experiment %1', place.experiment)
      : trans.__('Experiments of the workspace');
    this.update();
    this.changedSignal.emit();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      Signal.clearData(this);
      super.dispose();
    }
  }

  protected override onActivateRequest(): void {
    if (!this.node.contains(document.activeElement)) {
      this.node.focus({ preventScroll: true });
    }
  }

  protected render(): React.JSX.Element {
    const { experiment, view, workspace } = this.shown;
    return (
      <Suspense
        fallback={
          <div className="jp-ml-root jp-ml-page">
            <SkeletonRows />
          </div>
        }
      >
        <Page
          source={this.hub.source(workspace)}
          host={this.hub.host(workspace)}
          experiment={experiment ?? null}
          view={view ?? null}
          workspace={workspace ?? null}
          onExperiment={(name, opened) =>
            this.moveTo({
              ...(name === null ? {} : { experiment: name }),
              ...(opened === undefined ? {} : { view: opened }),
              ...(workspace === undefined ? {} : { workspace })
            })
          }
        />
      </Suspense>
    );
  }
}
