import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import { CommandIDs, IRunHub } from '../tokens';
import { ExperimentsWidget, type IExperimentsPlace } from './experimentsWidget';
import { experimentsIcon } from './icons';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function readPlace(args: Readonly<Record<string, unknown>>): IExperimentsPlace {
  const [experiment, view, workspace] = [
    text(args.experiment),
    text(args.view),
    text(args.workspace)
  ];
  return {
    ...(experiment === undefined ? {} : { experiment }),
    ...(experiment === undefined || view === undefined ? {} : { view }),
    ...(workspace === undefined ? {} : { workspace })
  };
}

/** `?experiment=<name>&view=<id>` of the page's address, or `?experiments`; taken out of it. Null: there is none. */
function takeDeepLink(): IExperimentsPlace | null {
  const url = new URL(window.location.href);
  const { searchParams: given } = url;
  if (!given.has('experiment') && !given.has('experiments')) {
    return null;
  }
  const place = readPlace({
    experiment: given.get('experiment'),
    view: given.get('view'),
    workspace: given.get('ml-workspace')
  });
  ['experiment', 'experiments', 'view', 'ml-workspace'].forEach(key => given.delete(key));
  window.history.replaceState(window.history.state, '', url);
  return place;
}

/** Notebook 7 has room for one document a window: the page opens in JupyterLab, in another one. */
function openInLab(app: JupyterFrontEnd, { experiment, view, workspace }: IExperimentsPlace): void {
  const query = new URLSearchParams(experiment ? { experiment } : { experiments: '' });
  if (experiment && view) {
    query.set('view', view);
  }
  if (workspace) {
    query.set('ml-workspace', workspace);
  }
  const { baseUrl } = app.serviceManager.serverSettings;
  window.open(`${URLExt.join(baseUrl, 'lab')}?${query}`, '_blank', 'noopener');
}

export const experiments: JupyterFrontEndPlugin<void> = {
  id: 'ml-jupyter:experiments',
  description: 'Opens the page of experiments as a tab, by command or by the address of the page.',
  autoStart: true,
  requires: [IRunHub],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ILauncher, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    hub: IRunHub,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('ml_jupyter');
    const tracker = new WidgetTracker<ExperimentsWidget>({ namespace: 'ml-jupyter-experiments' });
    const open = (place: IExperimentsPlace, id?: string): void => {
      const old = tracker.find(page => page.place.workspace === place.workspace);
      const page = old ?? new ExperimentsWidget(hub, place);
      if (old) {
        old.moveTo(place);
      } else {
        page.id = id ?? `ml-jupyter-experiments-${UUID.uuid4()}`;
        page.changed.connect(() => void tracker.save(page));
        void tracker.add(page);
        app.shell.add(page, 'main', { type: 'Experiments' });
      }
      app.shell.activateById(page.id);
    };
    app.commands.addCommand(CommandIDs.showExperiments, {
      label: args =>
        args.isPalette === true ? trans.__('Show Experiments') : trans.__('Experiments'),
      caption: trans.__('Show the page of experiments'),
      icon: args => (args.isPalette === true ? undefined : experimentsIcon),
      describedBy: { args: ARGS },
      execute: args => {
        if (labShell) {
          open(readPlace(args), text(args.id));
        } else {
          openInLab(app, readPlace(args));
        }
      }
    });
    palette?.addItem({
      command: CommandIDs.showExperiments,
      category: trans.__('Runs'),
      args: { isPalette: true }
    });
    launcher?.add({
      command: CommandIDs.showExperiments,
      category: trans.__('Other'),
      args: { isLauncher: true }
    });
    if (restorer) {
      void restorer.restore(tracker, {
        command: CommandIDs.showExperiments,
        args: page => ({ ...page.place, id: page.id }),
        name: page => page.id
      });
    }
    const link = labShell ? takeDeepLink() : null;
    if (link) {
      void app.restored.then(() => open(link));
    }
  }
};

const ARGS = {
  type: 'object',
  properties: {
    experiment: { type: 'string', description: 'Name of an experiment; all without it' },
    view: { type: 'string', description: 'Id of a saved view of the experiment' },
    workspace: { type: 'string', description: 'Id of the workspace; the default one without it' },
    id: { type: 'string', description: 'Id of the page, when it is restored' },
    isLauncher: { type: 'boolean', description: 'Asked for by the launcher' },
    isPalette: { type: 'boolean', description: 'Asked for by the palette' }
  }
};
