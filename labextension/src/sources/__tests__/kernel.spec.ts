import { describe, expect, it, vi } from 'vitest';
import { demoSweep } from '../demoSweep';
import { KernelRunSource } from '../kernel';
import { LOG, RUN, collect, describeSource, until } from './contract';
import { KernelDouble } from './kernelDouble';
import { contractSnapshot, contractWorld } from './world';

describeSource('kernel', () => {
  const world = contractWorld();
  const source = new KernelRunSource(new KernelDouble(world));
  return {
    source,
    appendLog: text => world.appendLog(RUN, LOG, text),
    putRun: change => void world.patchRun(RUN, change),
    close: () => world.dispose()
  };
});

/** A model whose kernel never answers. */
function silent(snapshot = contractSnapshot()): KernelDouble {
  const model = new KernelDouble(contractWorld(), snapshot);
  vi.spyOn(model, 'send').mockImplementation(() => undefined);
  return model;
}

describe('kernel', () => {
  it('shows what the model keeps while the kernel is busy, and its renewal', async () => {
    const model = silent();
    const source = new KernelRunSource(model);
    const run = collect(source, 'run', { run: RUN });
    await until(() => run.messages.length === 1);
    expect(source.connection.state).toBe('connecting');
    model.setSnapshot({
      ...contractSnapshot(),
      run: { ...contractSnapshot().run, display_name: 'renewed' }
    });
    await until(() => run.messages.length === 2);
    expect(run.messages[1]?.display_name).toBe('renewed');
    source.dispose();
  });

  it('takes children from the kept snapshot when the kernel follows no lists', async () => {
    const model = new KernelDouble(contractWorld(), contractSnapshot(), ['runs']);
    const source = new KernelRunSource(model);
    const children = collect(source, 'runs', { parent: RUN });
    await until(() => children.messages.length === 1);
    await until(() => model.refused.includes('runs'));
    model.setSnapshot({ ...contractSnapshot(), children: [] });
    await until(() => children.messages.length === 2);
    expect(children.messages.map(m => m.total)).toEqual([2, 0]);
    expect(children.errors).toEqual([]);
    source.dispose();
  });

  it('takes trials from the kept snapshot when the kernel does not follow them', async () => {
    const [run, ...children] = demoSweep(6).runs;
    const snapshot = { ...contractSnapshot(), run_id: 'hd', run: run as never, children };
    const model = new KernelDouble(contractWorld(), snapshot, ['trials']);
    const source = new KernelRunSource(model);
    const trials = collect(source, 'trials', { run: 'hd' });
    await until(() => trials.messages.length === 1);
    await until(() => model.refused.includes('trials'));
    expect(trials.messages[0]?.sweep?.metric).toBe('val_loss');
    expect(trials.messages[0]?.trials.map(trial => trial.trial)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(trials.errors).toEqual([]);
    source.dispose();
  });

  it('tells what the run used, asked for or followed', async () => {
    const world = contractWorld();
    const source = new KernelRunSource(new KernelDouble(world));
    const use = await source.query('system', { run: RUN });
    expect(use).toEqual(await world.query('system', { run: RUN }));
    const followed = collect(source, 'system', { run: RUN });
    await until(() => followed.messages.length === 1);
    expect(followed.messages[0]?.interval_s).toBe(use.interval_s);
    source.dispose();
  });

  it('gives a question up after a minute, and says why', async () => {
    vi.useFakeTimers();
    try {
      const source = new KernelRunSource(silent());
      const answer = expect(source.query('files', { run: RUN })).rejects.toMatchObject({
        code: 'timeout'
      });
      await vi.advanceTimersByTimeAsync(61_000);
      await answer;
      source.dispose();
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves no listener and no open question behind', async () => {
    const model = silent();
    const source = new KernelRunSource(model);
    const answer = expect(source.query('files', { run: RUN })).rejects.toMatchObject({
      code: 'closed'
    });
    source.dispose();
    await answer;
    expect(model.listening).toBe(0);
  });
});
