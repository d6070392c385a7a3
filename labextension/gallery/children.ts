/** A run with very many children, each with curves of its own. */
import { demoRun, demoSeries } from '../src/sources/demo';
import type { IFakeWorld } from '../src/sources/fake';
import type { IRunDetail, IScalarSeries } from '../src/model/types';

const NAMES = [
  'val_auc',
  'train_loss',
  'val_loss',
  'grad_norm',
  'lr',
  'images_per_s',
  'f1',
  'recall'
];
const POINTS = 40;
const START = 1_763_700_000_000;

/** Numbers that look random and are the same each time. */
function random(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return x - Math.floor(x);
}

function series(name: string, child: number, lr: number): IScalarSeries {
  const speed = 0.5 + 3 * Math.exp(-((Math.log10(lr) + 3) ** 2));
  const values = Array.from({ length: POINTS }, (_, i) => {
    const noise = (random(child * 97 + i * 7 + name.length) - 0.5) * 0.04;
    const fall = Math.exp((-speed * i) / POINTS);
    switch (name) {
      case 'lr':
        return lr * (1 - i / POINTS);
      case 'images_per_s':
        return 690 + 40 * (random(child) - 0.5) + 200 * noise;
      case 'train_loss':
      case 'val_loss':
      case 'grad_norm':
        return 0.1 + fall * (0.8 + 0.3 * random(child + 5)) + noise;
      default:
        return 0.97 - fall * 0.4 * (0.8 + 0.3 * random(child + 5)) + noise;
    }
  });
  return demoSeries(name, values, 400, START + child * 1000);
}

/** The run `wide`, with so many children. */
export function wideRun(count: number): Required<Pick<IFakeWorld, 'runs' | 'metrics'>> {
  const children = Array.from({ length: count }, (_, i): IRunDetail => {
    const lr = 10 ** (-5 + 3 * random(i + 1));
    const found = series('val_auc', i, lr).values.map(Number);
    return demoRun({
      id: `wide-${i}`,
      number: 500 + i,
      display_name: `trial-${String(i).padStart(3, '0')}`,
      parent_id: 'wide',
      status: i % 29 === 3 ? 'Failed' : 'Completed',
      parameters: { lr: lr.toPrecision(3), optimizer: ['sgd', 'adam', 'lamb'][i % 3] ?? '' },
      primary_metric: {
        name: 'val_auc',
        last: found[POINTS - 1] ?? 0,
        best: Math.max(...found),
        best_step: 400,
        count: POINTS,
        spark: found
      }
    });
  });
  const parent = demoRun({
    id: 'wide',
    number: 499,
    display_name: 'learning rates',
    status: 'Completed',
    child_count: count,
    children: {
      Completed: children.filter(run => run.status === 'Completed').length,
      Failed: children.filter(run => run.status === 'Failed').length
    }
  });
  return {
    runs: [parent, ...children],
    metrics: Object.fromEntries(
      children.map((run, i) => [
        run.id,
        NAMES.slice(0, i % 7 === 0 ? 5 : 8).map(name => series(name, i, Number(run.parameters.lr)))
      ])
    )
  };
}
