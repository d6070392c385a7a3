import { CommandIDs } from '../tokens';
import { ExperimentsWidget, type IExperimentsPlace } from './experimentsWidget';
import { experimentsIcon } from './icons';
import { pagePlugin, text } from './pages';

function readPlace(name: unknown, saved: unknown): IExperimentsPlace {
  const [experiment, view] = [text(name), text(saved)];
  return experiment === undefined ? {} : { experiment, ...(view === undefined ? {} : { view }) };
}

export const experiments = pagePlugin<IExperimentsPlace, ExperimentsWidget>(
  {
    id: 'ml-jupyter:experiments',
    description: 'Opens the page of experiments as a tab, by command or by the address of the page.'
  },
  (_, hub, trans) => ({
    command: CommandIDs.showExperiments,
    label: trans.__('Experiments'),
    paletteLabel: trans.__('Show Experiments'),
    caption: trans.__('Show the page of experiments'),
    icon: experimentsIcon,
    launched: true,
    args: {
      experiment: { type: 'string', description: 'Name of an experiment; all without it' },
      view: { type: 'string', description: 'Id of a saved view of the experiment' }
    },
    namespace: 'ml-jupyter-experiments',
    type: 'Experiments',
    // `?experiment=<name>&view=<id>`, or `?experiments`.
    parameters: ['experiments', 'experiment', 'view'],
    fromArguments: ({ experiment, view }) => readPlace(experiment, view),
    fromAddress: given =>
      given.has('experiment') || given.has('experiments')
        ? readPlace(given.get('experiment'), given.get('view'))
        : null,
    toAddress: ({ experiment, view }) => ({
      ...(experiment === undefined ? { experiments: '' } : { experiment }),
      ...(view === undefined ? {} : { view })
    }),
    reuse: (find, place) => {
      const page = find(one => one.place.workspace === place.workspace);
      page?.moveTo(place);
      return page;
    },
    make: place => new ExperimentsWidget(hub, place)
  })
);
