import { describe, expect, it } from 'vitest';
import { demoGpu, demoMachine, demoProcess } from '../../../sources/demoMachine';
import {
  fullest,
  gpuAmount,
  gpuModels,
  gpuName,
  gpuParts,
  needsSentence,
  remedyFor,
  restText
} from '../devices';

const GB = 1e9;
const needs = { cpus: 4, memory: 0, gpus: 1, gpu_memory: 0, nodes: 1, pool: null };

describe('a GPU', () => {
  it('is split by who holds it; what nobody is known to hold is others’', () => {
    const gpu = demoGpu(0, {
      memory_used: 12 * GB,
      memory: { runs: 6 * GB, notebooks: 2.4 * GB, others: 0 }
    });
    const { runs, notebooks, others } = gpuParts(gpu);
    expect([runs, notebooks]).toEqual([0.25, 0.1]);
    expect(others).toBeCloseTo(0.15);
    expect(gpuAmount(gpu)).toBe('12 / 24 GB');
  });

  it('has the number of its MIG instance in its name', () => {
    const all = [demoGpu(0, { mig: true }), demoGpu(0, { mig: true }), demoGpu(1)];
    expect(all.map(gpu => gpuName(gpu, all))).toEqual(['GPU 0.1', 'GPU 0.2', 'GPU 1']);
  });

  it.each([
    [[], null],
    [[demoGpu(0)], 'RTX 4090'],
    [[demoGpu(0), demoGpu(1)], '2 × RTX 4090'],
    [[demoGpu(0), demoGpu(1, { name: 'NVIDIA A100' })], '2 GPUs']
  ])('is named by its model', (gpus, words) => expect(gpuModels(gpus)).toBe(words));

  it('of many, the fullest are shown in their order and the others counted', () => {
    const gpus = [3, 20, 0, 9, 24, 1].map((used, i) =>
      demoGpu(i, { memory_used: used * GB, holder: used > 0 ? 'Run 1' : null })
    );
    const { shown, rest } = fullest(gpus, 4);
    expect(shown.map(gpu => gpu.index)).toEqual([0, 1, 3, 4]);
    expect(restText(rest)).toBe('2 more, 1 free');
  });

  it('that does not answer is shown before all others', () => {
    const gpus = [0, 1, 2].map(i => demoGpu(i, { memory_used: i * GB }));
    const out = demoGpu(3, { problem: 'GPU 3 fell off the bus.' });
    expect(fullest([...gpus, out], 2).shown.map(gpu => gpu.index)).toEqual([2, 3]);
  });
});

describe('the remedy', () => {
  it('is the idle notebook of mine that holds most', () => {
    expect(remedyFor(needs, demoMachine())).toEqual({
      kernel: 'k1',
      notebook: 'eda.ipynb',
      label: 'Free GPU 0'
    });
  });

  const notebook = { kind: 'notebook', here: true, kernel_id: 'k', idle_s: 7200 } as const;
  it.each([
    ['somebody else’s', { ...notebook, mine: false }],
    ['of another server', { ...notebook, here: false }],
    ['at work', { ...notebook, idle_s: 5 }],
    ['of unknown idleness', { ...notebook, idle_s: null }],
    ['no notebook', { ...notebook, kind: 'user' as const }]
  ])('is not a process that is %s', (_what, change) => {
    const machine = { ...demoMachine(), gpus: [demoGpu(0, { processes: [demoProcess(change)] })] };
    expect(remedyFor(needs, machine)).toBeNull();
  });

  it('is none for a run that asks for no GPU, or for more than there are', () => {
    expect(remedyFor({ ...needs, gpus: 0 }, demoMachine())).toBeNull();
    expect(remedyFor({ ...needs, gpus: 2, nodes: 2 }, demoMachine())).toBeNull();
    expect(remedyFor(undefined, demoMachine())).toBeNull();
  });
});

it('says what a run asks for, on each of its nodes', () => {
  expect(needsSentence(needs, '1 GPU and 4 cores')).toBe('Asks for 1 GPU and 4 cores.');
  expect(needsSentence({ ...needs, nodes: 2 }, '1 GPU')).toBe('Asks for 1 GPU on each of 2 nodes.');
  expect(needsSentence(needs, undefined)).toBeNull();
});
