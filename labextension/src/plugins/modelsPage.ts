import { CommandIDs } from '../tokens';
import { modelsIcon } from './icons';
import { ModelsWidget, type IModelsPlace } from './modelsWidget';
import { pagePlugin, text } from './pages';

function readPlace(name: unknown, number: unknown): IModelsPlace {
  const model = text(name);
  const version = Number(number ?? NaN);
  return model === undefined
    ? {}
    : { model, ...(Number.isInteger(version) && version > 0 ? { version } : {}) };
}

export const modelsPage = pagePlugin<IModelsPlace, ModelsWidget>(
  {
    id: 'ml-jupyter:models-page',
    description: 'Opens the page of models as a tab, by command or by the address of the page.'
  },
  (_, hub, trans) => ({
    command: CommandIDs.showModels,
    label: trans.__('Models'),
    paletteLabel: trans.__('Show Models'),
    caption: trans.__('Show the page of models and services'),
    icon: modelsIcon,
    args: {
      model: { type: 'string', description: 'Name of a model; all without it' },
      version: { type: 'integer', description: 'One of its versions; the newest without it' }
    },
    namespace: 'ml-jupyter-models',
    type: 'Models',
    // `?model=<name>&model-version=<n>`, or `?models`.
    parameters: ['models', 'model', 'model-version'],
    fromArguments: ({ model, version }) => readPlace(model, version),
    fromAddress: given =>
      given.has('model') || given.has('models')
        ? readPlace(given.get('model'), given.get('model-version'))
        : null,
    toAddress: ({ model, version }) => ({
      ...(model === undefined ? { models: '' } : { model }),
      ...(version === undefined ? {} : { 'model-version': String(version) })
    }),
    reuse: (find, place) => {
      const page = find(one => one.place.workspace === place.workspace);
      page?.moveTo(place);
      return page;
    },
    make: place => new ModelsWidget(hub, place)
  })
);
