import { InputDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PLACE_KEYS, readTab, tabText, toTab } from '../components/run/tabs';
import { CommandIDs, type IOpenRun, type IRunHub } from '../tokens';
import { pagePlugin, text } from './pages';
import { RunPageWidget } from './runPageWidget';

async function askForRun(trans: TranslationBundle): Promise<string | undefined> {
  const answer = await InputDialog.getText({
    title: trans.__('Open run'),
    label: trans.__('Id of the run')
  });
  return answer.button.accept ? text(answer.value?.trim()) : undefined;
}

/** The tab that an address names, with what it shows there. */
function readLinkedTab(parameters: URLSearchParams): string {
  const at = PLACE_KEYS.flatMap(key => {
    const value = parameters.get(key);
    return value === null ? [] : [[key, value] as const];
  });
  return tabText(toTab(parameters.get('tab') ?? ''), Object.fromEntries(at));
}

/** A link is a place of its own, which stays when another run is looked at. */
function readAddress(given: URLSearchParams): IOpenRun | null {
  const run = text(given.get('run'));
  return run === undefined ? null : { run, tab: text(readLinkedTab(given)), pin: true };
}

function toAddress({ run, tab: shown }: IOpenRun): Record<string, string> {
  if (!shown) {
    return { run };
  }
  const { tab, at } = readTab(shown);
  return { run, tab, ...at };
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

/** One preview, and as many pinned pages as wanted. */
export const runPage = pagePlugin<IOpenRun, RunPageWidget>(
  {
    id: 'ml-jupyter:run-page',
    description: 'Opens the page of a run as a tab, by command or by the address of the page.'
  },
  (_, hub, trans) => ({
    command: CommandIDs.openRun,
    label: trans.__('Open Run…'),
    caption: trans.__('Open the page of a run'),
    args: {
      run: { type: 'string', description: 'Id of the run; without it, it is asked for' },
      tab: { type: 'string', description: 'Tab of the page to show' },
      pin: { type: 'boolean', description: 'Keep the page when another run is looked at' }
    },
    namespace: 'ml-jupyter-run-page',
    type: 'Run',
    // `?run=<id>&tab=<tab>`, and what the tab shows.
    parameters: ['run', 'tab', ...PLACE_KEYS],
    fromArguments: async args => {
      const named = text(args.run);
      const run = named ?? (await askForRun(trans));
      return run === undefined
        ? null
        : { run, tab: text(args.tab), pin: args.pin === true || named === undefined };
    },
    fromAddress: readAddress,
    toAddress,
    complete: place => inItsWorkspace(hub, place),
    reuse: (find, place) => {
      const same = find(
        ({ place: { run, workspace } }) => run === place.run && workspace === place.workspace
      );
      const page = same ?? (place.pin ? undefined : find(one => !one.pinned));
      if (page) {
        page.pinned ||= place.pin === true;
        page.moveTo(place);
      }
      return page;
    },
    make: place => new RunPageWidget(hub, place, place.pin === true)
  })
);
