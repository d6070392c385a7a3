import React from 'react';
import { trans } from '../model/language';
import type { IRunHub } from '../tokens';
import { experimentsIcon } from './icons';
import { PageWidget, laterPage, type IPlace } from './pageWidget';

const ExperimentsPage = laterPage(
  async () => (await import('../components/experiments/ExperimentsPage')).default
);

/** Which experiments the page shows. */
export interface IExperimentsPlace extends IPlace {
  /** Name of the one that is looked at; absent: all. */
  readonly experiment?: string;
  /** Id of the saved view of it to open; the browser keeps which one was open last. */
  readonly view?: string;
}

/** The page of experiments as a tab of the main area. */
export class ExperimentsWidget extends PageWidget<IExperimentsPlace> {
  private shown: IExperimentsPlace = {};

  constructor(hub: IRunHub, place: IExperimentsPlace) {
    super(hub, experimentsIcon);
    this.moveTo(place);
  }

  get place(): IExperimentsPlace {
    const { experiment, workspace } = this.shown;
    return {
      ...(experiment === undefined ? {} : { experiment }),
      ...(workspace === undefined ? {} : { workspace })
    };
  }

  moveTo(place: IExperimentsPlace): void {
    this.shown = place;
    this.title.label = place.experiment ?? trans.__('Experiments');
    this.title.caption = place.experiment
      ? trans.__('Experiment %1', place.experiment)
      : trans.__('Experiments of the workspace');
    this.moved();
  }

  protected render(): React.JSX.Element {
    const { experiment, view, workspace } = this.shown;
    return (
      <ExperimentsPage
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
    );
  }
}
