import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';
import { CommandIDs, IRunHub } from '../tokens';
import { queueIcon } from './icons';

/** Loaded when it is first shown: most sessions never open it. */
const QueuePage = React.lazy(async () => ({
  default: (await import('../components/queue/QueuePage')).QueuePage
}));

const NAMESPACE = 'ml-jupyter-queue';

/** The page of queue and machine as a tab of the main area; it asks nothing while it is hidden. */
class QueuePageWidget extends ReactWidget {
  constructor(
    private readonly hub: IRunHub,
    readonly workspace: string | null,
    label: string
  ) {
    super();
    this.id = workspace === null ? NAMESPACE : `${NAMESPACE}-${workspace}`;
    this.addClass('jp-ml-main');
    this.node.tabIndex = -1;
    this.title.label = label;
    this.title.icon = queueIcon;
    this.title.closable = true;
  }

  protected override onAfterShow(): void {
    this.update();
  }

  protected override onAfterHide(): void {
    this.update();
  }

  protected override onActivateRequest(): void {
    if (!this.node.contains(document.activeElement)) {
      this.node.focus({ preventScroll: true });
    }
  }

  protected render(): React.JSX.Element | null {
    return this.isVisible ? (
      <React.Suspense fallback={null}>
        <QueuePage source={this.hub.source(this.workspace)} host={this.hub.host(this.workspace)} />
      </React.Suspense>
    ) : null;
  }
}

const ARGS = {
  type: 'object',
  properties: {
    workspace: { type: 'string', description: 'Id of the workspace; the default one without it' }
  }
};

export const queuePage: JupyterFrontEndPlugin<void> = {
  id: 'ml-jupyter:queue-page',
  description: 'Adds the page of the queue and of the machine.',
  autoStart: true,
  requires: [IRunHub],
  optional: [ILayoutRestorer, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    hub: IRunHub,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('ml_jupyter');
    const tracker = new WidgetTracker<QueuePageWidget>({ namespace: NAMESPACE });
    app.commands.addCommand(CommandIDs.openQueue, {
      label: trans.__('Queue and Machine'),
      caption: trans.__('Show who holds which GPU and core, and what waits for them'),
      describedBy: { args: ARGS },
      execute: args => {
        const workspace = typeof args.workspace === 'string' ? args.workspace : null;
        const make = (): QueuePageWidget => {
          const page = new QueuePageWidget(hub, workspace, trans.__('Queue and machine'));
          void tracker.add(page);
          app.shell.add(page, 'main', { type: 'Queue and Machine' });
          return page;
        };
        const shown = tracker.find(one => one.workspace === workspace);
        app.shell.activateById((shown ?? make()).id);
      }
    });
    palette?.addItem({ command: CommandIDs.openQueue, category: trans.__('Runs') });
    if (restorer) {
      void restorer.restore(tracker, {
        command: CommandIDs.openQueue,
        args: page => (page.workspace === null ? {} : { workspace: page.workspace }),
        name: page => page.id
      });
    }
  }
};
