import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, InputDialog, WidgetTracker } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import { PLACE_KEYS, readTab, tabText, toTab } from '../components/run/tabs';
import { CommandIDs, IRunHub, type IOpenRun } from '../tokens';
import { RunPageWidget } from './runPageWidget';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Arguments of a command as a place; null when they name no run. */
function readPlace(args: Readonly<Record<string, unknown>>): IOpenRun | null {
  const run = text(args.run);
  return run === undefined
    ? null
    : { run, tab: text(args.tab), workspace: text(args.workspace), pin: args.pin === true };
}

/** The tab that an address names, with what it shows there. */
function readLinkedTab(parameters: URLSearchParams): string {
  const at = PLACE_KEYS.flatMap(key => {
    const value = parameters.get(key);
    return value === null ? [] : [[key, value] as const];
  });
  return tabText(toTab(parameters.get('tab') ?? ''), Object.fromEntries(at));
}

/**
 * `?run=<id>&tab=<tab>&ml-workspace=<id>` of the page's address and what the tab shows, all of which is then taken out
 * of it.
 */
function takeDeepLink(): IOpenRun | null {
  const url = new URL(window.location.href);
  const place = readPlace({
    run: url.searchParams.get('run'),
    tab: readLinkedTab(url.searchParams),
    workspace: url.searchParams.get('ml-workspace'),
    pin: true
  });
  if (place) {
    ['run', 'tab', 'ml-workspace', ...PLACE_KEYS].forEach(key => url.searchParams.delete(key));
    window.history.replaceState(window.history.state, '', url);
  }
  return place;
}

/** The place with the workspace that holds the run; unchanged when none does or the default one does. */
async function inItsWorkspace(hub: IRunHub, place: IOpenRun): Promise<IOpenRun> {
  if (place.workspace !== undefined) {
    return place;
  }
  for (const { id, is_default } of await hub.workspaces().catch(() => [])) {
    const found = await hub
      .source(is_default ? null : id)
      .query('run', { run: place.run })
      .catch(() => null);
    if (found) {
      return is_default ? place : { ...place, workspace: id };
    }
  }
  return place;
}

/** Opens pages of runs as tabs: one preview, and as many pinned ones as wanted. */
class Pages {
  readonly tracker = new WidgetTracker<RunPageWidget>({ namespace: 'ml-jupyter-run-page' });

  constructor(
    private readonly app: JupyterFrontEnd,
    private readonly hub: IRunHub
  ) {}

  /** @param id - of the page that was there before a reload, which the layout knows by it */
  open(place: IOpenRun, id?: string): void {
    const page = this.pageFor(place, id);
    if (!page.isAttached) {
      this.app.shell.add(page, 'main', { type: 'Run' });
    }
    this.app.shell.activateById(page.id);
  }

  /** The page that shows the run already, or the preview; a new page when there is neither. */
  private pageFor(place: IOpenRun, id = `ml-jupyter-run-${UUID.uuid4()}`): RunPageWidget {
    const same = this.tracker.find(
      page => page.place.run === place.run && page.place.workspace === place.workspace
    );
    const found = same ?? (place.pin ? undefined : this.tracker.find(page => !page.pinned));
    if (found) {
      found.pinned ||= place.pin === true;
      found.moveTo(place);
      return found;
    }
    const page = new RunPageWidget(this.hub, place, place.pin === true);
    page.id = id;
    page.changed.connect(this.save, this);
    void this.tracker.add(page);
    return page;
  }

  private readonly save = (page: RunPageWidget): void => {
    void this.tracker.save(page);
  };
}

/** Notebook 7 has room for one document a window, so a run's page opens in JupyterLab, in another one. */
function openInLab(app: JupyterFrontEnd, place: IOpenRun): void {
  const { baseUrl } = app.serviceManager.serverSettings;
  const query = new URLSearchParams({ run: place.run });
  if (place.tab) {
    const { tab, at } = readTab(place.tab);
    Object.entries({ tab, ...at }).forEach(([key, value]) => query.set(key, value));
  }
  if (place.workspace) {
    query.set('ml-workspace', place.workspace);
  }
  window.open(`${URLExt.join(baseUrl, 'lab')}?${query}`, '_blank', 'noopener');
}

export const runPage: JupyterFrontEndPlugin<void> = {
  id: 'ml-jupyter:run-page',
  description: 'Opens the page of a run as a tab, by command or by the address of the page.',
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
    const pages = new Pages(app, hub);
    app.commands.addCommand(CommandIDs.openRun, {
      label: trans.__('Open Run…'),
      caption: trans.__('Open the page of a run'),
      describedBy: { args: OPEN_RUN_ARGS },
      execute: async args => {
        const place = readPlace(args) ?? (await askForRun());
        if (place && labShell) {
          pages.open(place, text(args.id));
        } else if (place) {
          openInLab(app, place);
        }
      }
    });
    const askForRun = async (): Promise<IOpenRun | null> => {
      const answer = await InputDialog.getText({
        title: trans.__('Open run'),
        label: trans.__('Id of the run')
      });
      return answer.button.accept ? readPlace({ run: answer.value?.trim(), pin: true }) : null;
    };
    palette?.addItem({ command: CommandIDs.openRun, category: trans.__('Runs') });
    if (restorer) {
      void restorer.restore(pages.tracker, {
        command: CommandIDs.openRun,
        args: page => ({ ...page.place, id: page.id }),
        // Not the run: a preview shows others in turn, while the layout goes on knowing it by this name.
        name: page => page.id
      });
    }
    const link = labShell ? takeDeepLink() : null;
    if (link) {
      void app.restored.then(async () => pages.open(await inItsWorkspace(hub, link)));
    }
  }
};

const OPEN_RUN_ARGS = {
  type: 'object',
  properties: {
    run: { type: 'string', description: 'Id of the run; without it, it is asked for' },
    tab: { type: 'string', description: 'Tab of the page to show' },
    workspace: { type: 'string', description: 'Id of the workspace; the default one without it' },
    id: { type: 'string', description: 'Id of the page, when it is restored' },
    pin: { type: 'boolean', description: 'Keep the page when another run is looked at' }
  }
};
