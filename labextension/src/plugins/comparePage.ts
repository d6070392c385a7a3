import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { UUID, type ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { linkParameters, parseContent, readLink } from '../components/compare/content';
import { CommandIDs, IRunHub } from '../tokens';
import { ComparePageWidget, type IComparePlace } from './comparePageWidget';
import { compareIcon } from './icons';
import { RunPageWidget } from './runPageWidget';

const NAMESPACE = 'ml-jupyter-compare-page';
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Arguments of the command as a place; without runs it is the run in front, if there is one. */
function readPlace(app: JupyterFrontEnd, args: Readonly<Record<string, unknown>>): IComparePlace {
  const front = app.shell.currentWidget;
  const at = front instanceof RunPageWidget ? front.place : null;
  const named = args.runs ?? (args.content || args.view ? undefined : at ? [at.run] : []);
  const content = parseContent(args.content ?? { runs: named });
  return {
    content:
      named === undefined ? content : { ...content, runs: parseContent({ runs: named }).runs },
    view: text(args.view),
    workspace: text(args.workspace) ?? (args.runs === undefined ? at?.workspace : undefined),
    tab: text(args.tab)
  };
}

/**
 * `?compare=<ids>&compare-as=<JSON>` or `?view=<id>` of the page's address, which are then taken out of it. An address
 * that names a page of experiments leaves its view to that page.
 */
function takeDeepLink(): IComparePlace | null {
  const url = new URL(window.location.href);
  const compare = url.searchParams.get('compare');
  const elsewhere = ['experiments', 'experiment'].some(key => url.searchParams.has(key));
  const view = elsewhere ? null : url.searchParams.get('view');
  if (compare === null && view === null) {
    return null;
  }
  const place = {
    content: readLink(compare ?? '', url.searchParams.get('compare-as')),
    view: view ?? undefined,
    workspace: url.searchParams.get('ml-workspace') ?? undefined,
    tab: url.searchParams.get('tab') ?? undefined
  };
  ['compare', 'compare-as', 'view', 'ml-workspace', 'tab'].forEach(key =>
    url.searchParams.delete(key)
  );
  window.history.replaceState(window.history.state, '', url);
  return place;
}

/** Notebook 7 has room for one document a window, so a comparison opens in JupyterLab, in another one. */
function openInLab(app: JupyterFrontEnd, { content, view, workspace }: IComparePlace): void {
  const { baseUrl } = app.serviceManager.serverSettings;
  const query = linkParameters(content, view ?? null, workspace ?? null);
  window.open(`${URLExt.join(baseUrl, 'lab')}?${query}`, '_blank', 'noopener');
}

export const comparePage: JupyterFrontEndPlugin<void> = {
  id: 'ml-jupyter:compare-page',
  description: 'Opens a comparison of runs as a tab, by command or by the address of the page.',
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
    const tracker = new WidgetTracker<ComparePageWidget>({ namespace: NAMESPACE });
    const open = (place: IComparePlace, id = `${NAMESPACE}-${UUID.uuid4()}`): void => {
      const { view } = place;
      const same = view === undefined ? undefined : tracker.find(one => one.place.view === view);
      const page = same ?? new ComparePageWidget(hub, place, trans);
      if (!same) {
        page.id = id;
        page.changed.connect(() => void tracker.save(page));
        void tracker.add(page);
        app.shell.add(page, 'main', { type: 'Comparison' });
      }
      app.shell.activateById(page.id);
    };
    app.commands.addCommand(CommandIDs.compareRuns, {
      label: trans.__('Compare Runs'),
      caption: trans.__('Show runs side by side'),
      icon: args => (args.isPalette === true ? undefined : compareIcon),
      describedBy: { args: ARGS },
      execute: args => {
        const place = readPlace(app, args);
        if (labShell) {
          open(place, text(args.id));
        } else {
          openInLab(app, place);
        }
      }
    });
    palette?.addItem({
      command: CommandIDs.compareRuns,
      category: trans.__('Runs'),
      args: { isPalette: true }
    });
    if (restorer) {
      void restorer.restore(tracker, {
        command: CommandIDs.compareRuns,
        args: page => ({ ...page.place, id: page.id }) as unknown as ReadonlyPartialJSONObject,
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
    runs: {
      type: 'array',
      items: { type: 'string' },
      description: 'Ids of the runs; the run in front without them'
    },
    view: { type: 'string', description: 'Id of a saved view' },
    content: { type: 'object', description: 'What is shown of the runs, and how' },
    tab: { type: 'string', description: 'Tab of the page to show' },
    workspace: { type: 'string', description: 'Id of the workspace; the default one without it' },
    id: { type: 'string', description: 'Id of the page, when it is restored' },
    isPalette: { type: 'boolean', description: 'Asked for by the palette' }
  }
};
