import { Gettext } from '@jupyterlab/translation';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stateCount } from '../counts';
import {
  formatAge,
  formatCount,
  formatDay,
  formatMetric,
  formatOrdinal,
  formatSize
} from '../format';
import { speak, trans } from '../language';
import { stateLook } from '../state';

const FILE = '../../../../ml_jupyter/locale/es_ES/LC_MESSAGES/ml_jupyter.json';

/** The catalogue as JupyterLab's translation manager loads it. */
function spanish(): Gettext {
  const words = JSON.parse(readFileSync(join(__dirname, FILE), 'utf8')) as Record<string, unknown>;
  const head = words[''] as Record<string, string>;
  const bundle = new Gettext({ domain: 'ml_jupyter', locale: 'es-ES' });
  bundle.loadJSON(
    { ...words, '': { ...head, pluralForms: head.plural_forms } } as never,
    'ml_jupyter'
  );
  return bundle;
}

describe('Spanish', () => {
  beforeAll(() => speak(spanish(), 'es-ES'));

  it('has words, values in them and plurals', () => {
    expect(stateLook('Running').word).toBe('En curso');
    expect(trans.__('No name contains “%1”.', 'loss')).toBe('Ningún nombre contiene «loss».');
    expect([1, 2].map(n => trans._n('%1 run', '%1 runs', n))).toEqual([
      '1 ejecución',
      '2 ejecuciones'
    ]);
  });

  it('agrees in number with what is counted', () => {
    expect(stateCount('Completed', 1)).toBe('1 completada');
    expect(stateCount('Completed', 19)).toBe('19 completadas');
    expect(stateCount('Odd' as never, 2)).toBe('2 Odd');
  });

  it('has its own signs in numbers and its own names of months', () => {
    expect(formatMetric(0.7893)).toBe('0,7893');
    expect(formatCount(41216)).toBe('41.216');
    expect(formatSize(18.2e9)).toBe('18,2 GB');
    expect(formatOrdinal(3)).toBe('3.ª');
    expect(formatAge(0, 1000)).toBe('ahora');
    expect(formatDay(Date.UTC(2025, 0, 10, 12), Date.UTC(2025, 5, 1))).toBe('10 ene');
  });
});
