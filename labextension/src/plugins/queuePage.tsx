import React from 'react';
import { CommandIDs, type IRunHub } from '../tokens';
import { queueIcon } from './icons';
import { pagePlugin } from './pages';
import { PageWidget, laterPage, type IPlace } from './pageWidget';

const QueuePage = laterPage(
  async () => (await import('../components/queue/QueuePage')).QueuePage,
  () => null
);

/** The page of queue and machine as a tab of the main area; it asks nothing while it is hidden. */
class QueueWidget extends PageWidget<IPlace> {
  constructor(
    hub: IRunHub,
    readonly place: IPlace,
    label: string
  ) {
    super(hub, queueIcon);
    this.title.label = label;
  }

  protected override onAfterShow(): void {
    this.update();
  }

  protected override onAfterHide(): void {
    this.update();
  }

  protected render(): React.JSX.Element | null {
    const { workspace } = this.place;
    return this.isVisible ? (
      <QueuePage source={this.hub.source(workspace)} host={this.hub.host(workspace)} />
    ) : null;
  }
}

export const queuePage = pagePlugin<IPlace, QueueWidget>(
  {
    id: 'ml-jupyter:queue-page',
    description: 'Opens the page of the queue and of the machine as a tab, by command or address.'
  },
  (_, hub, trans) => ({
    command: CommandIDs.openQueue,
    label: trans.__('Queue and Machine'),
    caption: trans.__('Show who holds which GPU and core, and what waits for them'),
    args: {},
    namespace: 'ml-jupyter-queue',
    type: 'Queue and Machine',
    // `?queue`.
    parameters: ['queue'],
    fromArguments: () => ({}),
    fromAddress: given => (given.has('queue') ? {} : null),
    toAddress: () => ({ queue: '' }),
    reuse: (find, place) => find(one => one.place.workspace === place.workspace),
    make: place => new QueueWidget(hub, place, trans.__('Queue and machine'))
  })
);
