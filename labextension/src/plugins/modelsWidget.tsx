import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal, type ISignal } from '@lumino/signaling';
import React, { Suspense, lazy } from 'react';
import { SkeletonRows } from '../components/ui/Skeleton';
import { trans } from '../model/language';
import type { IRunHub } from '../tokens';
import { modelsIcon } from './icons';

/** Fetched when it is first shown: most sessions never open it. */
const Page = lazy(() => import('../components/models/ModelsPage'));

/** Which models the page shows. */
export interface IModelsPlace {
  /** Name of the one that is looked at; absent: all. */
  readonly model?: string;
  /** Which version of it; absent: the newest. */
  readonly version?: number;
  readonly workspace?: string;
}

/** The page of models as a tab of the main area. */
export class ModelsWidget extends ReactWidget {
  private readonly changedSignal = new Signal<this, void>(this);
  private shown: IModelsPlace = {};

  constructor(
    private readonly hub: IRunHub,
    place: IModelsPlace
  ) {
    super();
    this.addClass('jp-ml-main');
    this.node.tabIndex = -1;
    this.title.closable = true;
    this.title.className = 'jp-ml-tokens';
    this.title.icon = modelsIcon;
    this.moveTo(place);
  }

  get place(): IModelsPlace {
    return this.shown;
  }

  /** Another model or version is looked at. */
  get changed(): ISignal<this, void> {
    return this.changedSignal;
  }

  moveTo(place: IModelsPlace): void {
    this.shown = place;
    this.title.label = place.model ?? trans.__('Models');
    this.title.caption = place.model
      ? trans.__('Model %1', place.model)
      : trans.__('Models of the workspace');
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
    const { model, version, workspace } = this.shown;
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
          model={model ?? null}
          version={version ?? null}
          onModel={this.onModel}
        />
      </Suspense>
    );
  }

  private readonly onModel = (model: string | null, version: number | null): void => {
    const { workspace } = this.shown;
    this.moveTo({
      ...(model === null ? {} : { model }),
      ...(version === null ? {} : { version }),
      ...(workspace === undefined ? {} : { workspace })
    });
  };
}
