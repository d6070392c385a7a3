import type { JupyterFrontEnd } from '@jupyterlab/application';
import { linkParameters, parseContent, readLink } from '../components/compare/content';
import { CommandIDs } from '../tokens';
import { ComparePageWidget, type IComparePlace } from './comparePageWidget';
import { compareIcon } from './icons';
import { pagePlugin, text, type Arguments } from './pages';
import { RunPageWidget } from './runPageWidget';

/** Arguments of the command as a place; without runs it is the run in front, if there is one. */
function readPlace(app: JupyterFrontEnd, args: Arguments): IComparePlace {
  const front = app.shell.currentWidget;
  const at = front instanceof RunPageWidget ? front.place : null;
  const named = args.runs ?? (args.content || args.view ? undefined : at ? [at.run] : []);
  const content = parseContent(args.content ?? { runs: named });
  return {
    content:
      named === undefined ? content : { ...content, runs: parseContent({ runs: named }).runs },
    view: text(args.view),
    workspace: args.runs === undefined ? at?.workspace : undefined,
    tab: text(args.tab)
  };
}

/** An address that names a page of experiments leaves its view to that page. */
function readAddress(given: URLSearchParams): IComparePlace | null {
  const compare = given.get('compare');
  const elsewhere = ['experiments', 'experiment'].some(key => given.has(key));
  const view = elsewhere ? null : given.get('view');
  return compare === null && view === null
    ? null
    : {
        content: readLink(compare ?? '', given.get('compare-as')),
        view: view ?? undefined,
        tab: given.get('tab') ?? undefined
      };
}

export const comparePage = pagePlugin<IComparePlace, ComparePageWidget>(
  {
    id: 'ml-jupyter:compare-page',
    description: 'Opens a comparison of runs as a tab, by command or by the address of the page.'
  },
  (app, hub, trans) => ({
    command: CommandIDs.compareRuns,
    label: trans.__('Compare Runs'),
    caption: trans.__('Show runs side by side'),
    icon: compareIcon,
    args: {
      runs: {
        type: 'array',
        items: { type: 'string' },
        description: 'Ids of the runs; the run in front without them'
      },
      view: { type: 'string', description: 'Id of a saved view' },
      content: { type: 'object', description: 'What is shown of the runs, and how' },
      tab: { type: 'string', description: 'Tab of the page to show' }
    },
    namespace: 'ml-jupyter-compare-page',
    type: 'Comparison',
    // `?compare=<ids>&compare-as=<JSON>`, or `?view=<id>`.
    parameters: ['compare', 'compare-as', 'view', 'tab'],
    fromArguments: args => readPlace(app, args),
    fromAddress: readAddress,
    toAddress: ({ content, view }) => linkParameters(content, view ?? null, null),
    reuse: (find, { view }) =>
      view === undefined ? undefined : find(one => one.place.view === view),
    make: place => new ComparePageWidget(hub, place)
  })
);
