/** Models and services of the demonstration workspace, for the tests and the gallery. */
import type { IModelVersion, IService } from '../model/models';
import type { IFakeWorld } from './fake';

const HOUR = 3_600_000;

/** A version of nothing special; what matters to a test is given. */
export function demoModel(
  change: Partial<IModelVersion> & Pick<IModelVersion, 'name' | 'version'>
): IModelVersion {
  return {
    created_ms: Date.now() - HOUR,
    user: 'mara',
    description: null,
    tags: {},
    properties: {},
    framework: null,
    framework_version: null,
    run_id: null,
    experiment: null,
    size: 3_400_000,
    resources: null,
    files: [{ path: 'model.pkl', size: 3_400_000 }],
    services: [],
    datasets: [],
    sample_input: null,
    sample_output: null,
    ...change
  };
}

/** A service of nothing special. */
export function demoService(change: Partial<IService> & Pick<IService, 'name'>): IService {
  return {
    models: [],
    state: 'Healthy',
    error: null,
    restarts: 0,
    scoring_uri: `http://127.0.0.1:8901/${change.name}/score`,
    run_id: `serve-${change.name}`,
    description: null,
    tags: {},
    created_ms: Date.now() - HOUR,
    ...change
  };
}

const VIT: Partial<IModelVersion> = {
  framework: 'PyTorch',
  framework_version: '2.4.1',
  experiment: 'pcam',
  description: 'Finds tumour in patches of lymph nodes, 96 × 96 px.',
  tags: { stage: 'candidate', task: 'classification' },
  properties: { accuracy: '0.912', auc: '0.961' },
  size: 88_200_000,
  files: [
    { path: 'model/weights.safetensors', size: 88_100_000 },
    { path: 'model/config.json', size: 2_100 },
    { path: 'model/labels.txt', size: 64 }
  ],
  resources: { cpu: 2, memoryInGB: 4, gpu: 1 },
  datasets: [{ purpose: 'training', name: 'pcam-patches', version: 3 }],
  sample_input: { text: '{"data": [[0.12, 0.5, 0.33, 0.9]]}', whole: true },
  sample_output: { text: '[0.93]', whole: true }
};

/** Three models, one of them with three versions and two services. */
export function demoModels(): IFakeWorld {
  const now = Date.now();
  return {
    models: [
      ...[1, 2, 3].map(version =>
        demoModel({
          name: 'pcam-vit',
          version,
          ...VIT,
          run_id: `vit-${version}`,
          created_ms: now - (4 - version) * 9 * HOUR
        })
      ),
      demoModel({
        name: 'retina-grader',
        version: 1,
        framework: 'Onnx',
        framework_version: '1.16',
        experiment: 'retina',
        run_id: 'retina-7',
        user: 'jon',
        created_ms: now - 50 * HOUR
      }),
      demoModel({ name: 'baseline', version: 12, framework: 'ScikitLearn', size: 12_000 })
    ],
    services: [
      demoService({ name: 'pcam', models: ['pcam-vit:3'] }),
      demoService({
        name: 'pcam-old',
        models: ['pcam-vit:1'],
        state: 'Failed',
        error: 'The process ended with exit code 1.',
        restarts: 5,
        scoring_uri: null
      })
    ]
  };
}
