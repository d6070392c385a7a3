import { describe, expect, it } from 'vitest';
import type { IEnvironment } from '../../../model/environment';
import { environmentSentence, limitEntries, splitRequirement } from '../EnvironmentTab';

const plain: IEnvironment = {
  name: 'mine',
  version: null,
  mode: 'pip',
  python: '3.11',
  interpreter: null,
  pip: ['torch==2.6', 'numpy'],
  conda: [],
  channels: [],
  image: null,
  dockerfile: null,
  variables: {},
  limits: {}
};

describe('an environment', () => {
  it.each([
    [plain, 'Built with uv from 2 requirements, Python 3.11.'],
    [{ ...plain, pip: ['six'], python: null }, 'Built with uv from 1 requirement.'],
    [
      { ...plain, mode: 'conda', conda: ['scipy'] },
      'Built with conda packages from 3 requirements, Python 3.11.'
    ],
    [{ ...plain, mode: 'user' }, 'With a Python that was there already.'],
    [{ ...plain, mode: 'docker', image: 'base:1' }, 'In a container of base:1.']
  ])('is said in one sentence', (environment, words) =>
    expect(environmentSentence(environment)).toBe(words)
  );

  it.each([
    ['torch==2.6', ['torch', '2.6']],
    ['numpy', ['numpy', '']],
    ['ray[default] >=2,<3', ['ray[default]', '>=2,<3']],
    ['python=3.11', ['python', '3.11']]
  ])('has requirements: %s', (text, parts) => expect(splitRequirement(text)).toEqual(parts));

  it('says what was asked for with its unit, and nothing that was not', () => {
    const limits = { slots: 4, gpus: 0.5, memory: 16e9, nodes: 1, max_run_duration_s: 5400 };
    expect(limitEntries(limits)).toEqual([
      ['Cores', '4'],
      ['Memory', '16.0 GB'],
      ['GPUs', '0.5'],
      ['Ended after', '1 h 30 min']
    ]);
  });
});
