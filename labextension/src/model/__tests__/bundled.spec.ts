import { afterEach, describe, expect, it } from 'vitest';
import { speakOneOf } from '../catalogue';
import { formatMetric } from '../format';
import { speak, trans, type ILanguage } from '../language';

const CATALOGUES = {
  es: { Runs: ['Ejecuciones'], '%1 run of %2': ['%1 ejecución de %2', '%1 ejecuciones de %2'] }
};
const PLAIN: ILanguage = { __: words => words, _n: (one, many, n) => (n === 1 ? one : many) };

const run = (n: number): string => trans._n('%1 run of %2', '%1 runs of %2', n, 'pcam');

describe('a page without JupyterLab', () => {
  afterEach(() => speak(PLAIN));

  it('speaks the language of the page where there are words of it', () => {
    expect(speakOneOf(['es-MX'], CATALOGUES)).toBe('es-MX');
    expect(trans.__('Runs')).toBe('Ejecuciones');
    expect([1, 2].map(run)).toEqual(['1 ejecución de pcam', '2 ejecuciones de pcam']);
    expect(trans.__('Not in it: %1', 3)).toBe('Not in it: 3');
  });

  it('takes the first of a reader’s languages, and English where it stands before', () => {
    expect(speakOneOf(['eu', 'es', 'en'], CATALOGUES)).toBe('es');
    expect(formatMetric(0.25)).toBe('0,2500');
    speak(PLAIN);
    expect(speakOneOf(['en-GB', 'es'], CATALOGUES)).toBeNull();
    expect(trans.__('Runs')).toBe('Runs');
  });

  it('is English where nothing is known', () => {
    expect(speakOneOf(['', 'eu'], CATALOGUES)).toBeNull();
    expect(speakOneOf(['es'])).toBeNull();
  });
});
