import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { act, screen } from '@testing-library/react';
import { Widget } from '@lumino/widgets';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { testHost } from '../../components/sidebar/__tests__/host';
import { SourceError } from '../../model/errors';
import { RUN_MIME_TYPE } from '../../model/snapshot';
import { demoSnapshot, demoWorld } from '../../sources/demo';
import { FakeRunSource } from '../../sources/fake';
import { RunRenderer } from '../renderer';

let renderer: RunRenderer | null = null;

async function draw(
  data: unknown,
  source: FakeRunSource,
  lookBeside?: (workspace: string) => Promise<unknown>
): Promise<RunRenderer> {
  const made = new RunRenderer({
    mimeType: RUN_MIME_TYPE,
    source: () => source,
    host: () => testHost(),
    ...(lookBeside ? { lookBeside } : {})
  });
  renderer = made;
  Widget.attach(made, document.body);
  const model: IRenderMime.IMimeModel = {
    data: { [RUN_MIME_TYPE]: data as never },
    metadata: {},
    trusted: false,
    setData: () => undefined
  };
  await act(() => made.renderModel(model));
  return made;
}

afterEach(() => {
  act(() => renderer?.dispose());
  renderer = null;
});

describe('the output of a run', () => {
  it('is live where the server knows the run', async () => {
    const source = new FakeRunSource(demoWorld());
    await draw(demoSnapshot('mixup'), source);
    expect(await screen.findByRole('button', { name: 'Stop' })).toBeTruthy();
    expect(screen.queryByText(/Saved in this notebook/)).toBeNull();
    act(() => void source.patchRun('mixup', { status: 'Completed', ended_ms: Date.now() }));
    expect(await screen.findByRole('region', { name: /mixup, completed$/ })).toBeTruthy();
  });

  it('is the saved picture, and says so, where the server cannot be asked', async () => {
    const source = new FakeRunSource(demoWorld());
    source.lose();
    await draw(demoSnapshot('mixup'), source);
    expect(await screen.findByText(/^Saved in this notebook on .* not live\.$/)).toBeTruthy();
    expect(screen.getByRole('region', { name: /mixup, running$/ })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  });

  it('says that the run was deleted, and shows what was kept', async () => {
    await draw(demoSnapshot('mixup'), new FakeRunSource({ runs: [] }));
    expect(
      await screen.findByText('This run was deleted. What the notebook kept is shown.')
    ).toBeTruthy();
  });

  it('waits for a run which the server does not know yet', async () => {
    const source = new FakeRunSource({ runs: [] });
    const { runs = [] } = demoWorld();
    await draw(demoSnapshot('mixup', Date.now()), source);
    expect(screen.queryByText(/was deleted/)).toBeNull();
    act(() => runs.forEach(run => source.putRun(run)));
    expect(await screen.findByRole('button', { name: 'Stop' }, { timeout: 4000 })).toBeTruthy();
  });

  it('becomes live when the connection has come back', async () => {
    const source = new FakeRunSource(demoWorld());
    source.lose();
    await draw(demoSnapshot('mixup'), source);
    await screen.findByText(/not live\.$/);
    act(() => source.heal());
    expect(await screen.findByRole('button', { name: 'Stop' })).toBeTruthy();
  });

  it('is live once the server has found its workspace near the notebook', async () => {
    const source = new FakeRunSource(demoWorld());
    const known = source.query.bind(source);
    let found = false;
    vi.spyOn(source, 'query').mockImplementation((name, args) =>
      found
        ? known(name, args)
        : Promise.reject(new SourceError('workspace_not_found', 'There is no such workspace.'))
    );
    const asked: string[] = [];
    await draw(demoSnapshot('mixup'), source, workspace => {
      asked.push(workspace);
      found = true;
      return Promise.resolve();
    });
    expect(await screen.findByRole('button', { name: 'Stop' })).toBeTruthy();
    expect(asked).toEqual([demoSnapshot('mixup').workspace_id]);
  });

  it('is the saved picture where its workspace is not near the notebook either', async () => {
    const source = new FakeRunSource(demoWorld());
    const missing = new SourceError('workspace_not_found', 'There is no such workspace.');
    vi.spyOn(source, 'query').mockRejectedValue(missing);
    const look = vi.fn(() => Promise.reject(missing));
    await draw(demoSnapshot('mixup'), source, look);
    expect(await screen.findByText(/^Saved in this notebook on .* not live\.$/)).toBeTruthy();
    expect(look).toHaveBeenCalledTimes(1);
  });

  it('is a sentence for data that it cannot draw', async () => {
    await draw({ schema: 7 }, new FakeRunSource());
    expect(await screen.findByText(/saved by a newer version/)).toBeTruthy();
  });

  it('takes everything down when it is disposed of', async () => {
    const source = new FakeRunSource(demoWorld());
    const made = await draw(demoSnapshot('mixup'), source);
    await screen.findByRole('button', { name: 'Stop' });
    expect(source.following).toBeGreaterThan(0);
    const { node } = made;
    act(() => made.dispose());
    expect(node.childElementCount).toBe(0);
    expect(source.following).toBe(0);
  });
});
