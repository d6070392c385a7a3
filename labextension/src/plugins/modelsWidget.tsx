import React from 'react';
import { trans } from '../model/language';
import type { IRunHub } from '../tokens';
import { modelsIcon } from './icons';
import { PageWidget, laterPage, type IPlace } from './pageWidget';

const ModelsPage = laterPage(async () => (await import('../components/models/ModelsPage')).default);

/** Which models the page shows. */
export interface IModelsPlace extends IPlace {
  /** Name of the one that is looked at; absent: all. */
  readonly model?: string;
  /** Which version of it; absent: the newest. */
  readonly version?: number;
}

/** The page of models as a tab of the main area. */
export class ModelsWidget extends PageWidget<IModelsPlace> {
  private shown: IModelsPlace = {};

  constructor(hub: IRunHub, place: IModelsPlace) {
    super(hub, modelsIcon);
    this.moveTo(place);
  }

  get place(): IModelsPlace {
    return this.shown;
  }

  moveTo(place: IModelsPlace): void {
    this.shown = place;
    this.title.label = place.model ?? trans.__('Models');
    this.title.caption = place.model
      ? trans.__('Model %1', place.model)
      : trans.__('Models of the workspace');
    this.moved();
  }

  protected render(): React.JSX.Element {
    const { model, version, workspace } = this.shown;
    return (
      <ModelsPage
        source={this.hub.source(workspace)}
        host={this.hub.host(workspace)}
        model={model ?? null}
        version={version ?? null}
        onModel={this.onModel}
      />
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
