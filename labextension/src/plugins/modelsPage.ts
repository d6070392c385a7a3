import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import { CommandIDs, IRunHub } from '../tokens';
import { modelsIcon } from './icons';
import { ModelsWidget, type IModelsPlace } from './modelsWidget';

const NAMESPACE = 'ml-jupyter-models';
const LINK_KEYS = ['models', 'model', 'model-version', 'ml-workspace'];

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function readPlace(args: Readonly<Record<string, unknown>>): IModelsPlace {
  const [model, workspace, version] = [
    text(args.model),
    text(args.workspace),
    Number(args.version ?? NaN)
  ];
  return {
    ...(model === undefined ? {} : { model }),
    ...(model !== undefined && Number.isInteger(version) && version > 0 ? { version } : {}),
    ...(workspace === undefined ? {} : { workspace })
  };
}

/** `?model=<name>&model-version=<n>` of the page's address, or `?models`; taken out of it. Null: there is none. */
function takeDeepLink(): IModelsPlace | null {
  const url = new URL(window.location.href);
  const { searchParams: given } = url;
  if (!given.has('model') && !given.has('models')) {
    return null;
  }
  const place = readPlace({
    model: given.get('model'),
    version: given.get('model-version'),
    workspace: given.get('ml-workspace')
  });
  LINK_KEYS.forEach(key => given.delete(key));
  window.history.replaceState(window.history.state, '', url);
  return place;
}

/** Notebook 7 has room for one document a window: the page opens in JupyterLab, in another one. */
function openInLab(app: JupyterFrontEnd, { model, version, workspace }: IModelsPlace): void {
  const query = new URLSearchParams(model ? { model } : { models: '' });
  if (version) {
    query.set('model-version', String(version));
  }
  if (workspace) {
    query.set('ml-workspace', workspace);
  }
  const { baseUrl } = app.serviceManager.serverSettings;
  window.open(`${URLExt.join(baseUrl, 'lab')}?${query}`, '_blank', 'noopener');
}

/** Shows the one page of models of a workspace, and makes it when there is none. */
function opener(app: JupyterFrontEnd, hub: IRunHub, tracker: WidgetTracker<ModelsWidget>) {
  return (place: IModelsPlace, id?: string): void => {
    const old = tracker.find(page => page.place.workspace === place.workspace);
    const page = old ?? new ModelsWidget(hub, place);
    if (old) {
      old.moveTo(place);
    } else {
      page.id = id ?? `${NAMESPACE}-${UUID.uuid4()}`;
      page.changed.connect(() => void tracker.save(page));
      void tracker.add(page);
      app.shell.add(page, 'main', { type: 'Models' });
    }
    app.shell.activateById(page.id);
  };
}

export const modelsPage: JupyterFrontEndPlugin<void> = {
  id: 'ml-jupyter:models-page',
  description: 'Opens the page of models as a tab, by command or by the address of the page.',
  autoStart: true,
  requires: [IRunHub],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    hub: IRunHub,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('ml_jupyter');
    const tracker = new WidgetTracker<ModelsWidget>({ namespace: NAMESPACE });
    const open = opener(app, hub, tracker);
    const command = CommandIDs.showModels;
    app.commands.addCommand(command, {
      label: args => (args.isPalette === true ? trans.__('Show Models') : trans.__('Models')),
      caption: trans.__('Show the page of models and services'),
      icon: args => (args.isPalette === true ? undefined : modelsIcon),
      describedBy: { args: ARGS },
      execute: args => {
        const place = readPlace(args);
        if (labShell) {
          open(place, text(args.id));
        } else {
          openInLab(app, place);
        }
      }
    });
    palette?.addItem({ command, category: trans.__('Runs'), args: { isPalette: true } });
    void restorer?.restore(tracker, {
      command,
      args: page => ({ ...page.place, id: page.id }),
      name: page => page.id
    });
    const link = labShell ? takeDeepLink() : null;
    if (link) {
      void app.restored.then(() => open(link));
    }
  }
};

const ARGS = {
  type: 'object',
  properties: {
    model: { type: 'string', description: 'Name of a model; all without it' },
    version: { type: 'integer', description: 'One of its versions; the newest without it' },
    workspace: { type: 'string', description: 'Id of the workspace; the default one without it' },
    id: { type: 'string', description: 'Id of the page, when it is restored' },
    isPalette: { type: 'boolean', description: 'Asked for by the palette' }
  }
};
