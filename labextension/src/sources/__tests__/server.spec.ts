import { ServerConnection } from '@jupyterlab/services';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket as NodeWebSocket } from 'ws';
import { ServerApi } from '../serverApi';
import { ServerRunSource } from '../server';
import type { FakeRunSource } from '../fake';
import { LOG, LOG_TEXT, RUN, collect, describeSource, joined, until } from './contract';
import { ServerDouble } from './serverDouble';
import { contractWorld } from './world';

async function connect(world: FakeRunSource): Promise<{
  server: ServerDouble;
  api: ServerApi;
  source: ServerRunSource;
  close: () => Promise<void>;
}> {
  const server = new ServerDouble(world);
  const host = await server.listen();
  const settings = ServerConnection.makeSettings({
    baseUrl: `http://${host}/`,
    wsUrl: `ws://${host}/`,
    fetch,
    Request,
    Headers,
    WebSocket: NodeWebSocket as unknown as typeof WebSocket,
    token: 'secret token',
    appendToken: true
  });
  const api = new ServerApi(settings);
  return {
    server,
    api,
    source: new ServerRunSource(api),
    close: async () => {
      api.dispose();
      await server.close();
    }
  };
}

describeSource('server', async () => {
  const world = contractWorld();
  const { server, source, close } = await connect(world);
  return {
    source,
    interrupt: async () => {
      const wasLive = source.connection.state === 'live';
      server.cut();
      if (wasLive) {
        await until(() => source.connection.state === 'lost', 'the loss');
        source.retryNow();
        await until(() => source.connection.state === 'live', 'the healing');
      }
    },
    appendLog: text => world.appendLog(RUN, LOG, text),
    putRun: change => void world.patchRun(RUN, change),
    close
  };
});

describe('server', () => {
  afterEach(() => vi.useRealTimers());

  it('carries every subscription on one socket and acknowledges what was told', async () => {
    const { server, source, close } = await connect(contractWorld());
    const run = collect(source, 'run', { run: RUN });
    const log = collect(source, 'log', { run: RUN, path: LOG, offset: 0 });
    await until(() => run.messages.length > 0 && joined(log.messages) === LOG_TEXT);
    await until(() => server.frames.some(f => f.op === 'ack'), 'the acknowledgement');
    const ack = server.frames.find(f => f.op === 'ack');
    expect(ack?.offset).toBe(new TextEncoder().encode(LOG_TEXT).length);
    expect(server.requests.filter(r => r.includes('socket'))).toHaveLength(0);
    await close();
  });

  it('does not subscribe again to a log that is over', async () => {
    const { server, source, close } = await connect(contractWorld());
    const log = collect(source, 'log', { run: RUN, path: LOG, offset: 0 });
    const run = collect(source, 'run', { run: RUN });
    await until(() => log.messages.some(m => m.final) && run.messages.length === 1);
    server.cut();
    await until(() => source.connection.state === 'lost');
    source.retryNow();
    await until(() => run.messages.length === 2, 'the run again');
    expect(server.frames.filter(f => f.op === 'subscribe' && f.stream === 'log')).toHaveLength(1);
    await close();
  });

  it('says since when the connection is lost and tries less and less often', async () => {
    const { server, source, close } = await connect(contractWorld());
    const states: { state: string; since?: number; retry?: number }[] = [];
    source.onConnection(c => states.push(c));
    const run = collect(source, 'run', { run: RUN });
    await until(() => run.messages.length === 1);
    await server.close();
    await until(() => states.some(s => s.state === 'lost'));
    source.retryNow();
    await until(() => states.filter(s => s.state === 'lost').length >= 3, 'a second failure');
    const lost = states.filter(s => s.state === 'lost');
    expect(new Set(lost.map(s => s.since)).size).toBe(1);
    const waits = lost.map(s => (s.retry ?? 0) - (s.since ?? 0));
    expect(Math.max(...waits)).toBeGreaterThan(1500);
    await close();
  });

  it('waits for a workspace that does not exist yet', async () => {
    const world = contractWorld();
    const real = world.query.bind(world);
    let there = false;
    vi.spyOn(world, 'query').mockImplementation(async (name, args) =>
      name === 'workspaces' && !there ? ([] as never) : real(name, args)
    );
    const { source, close } = await connect(world);
    const run = collect(source, 'run', { run: RUN });
    await until(() => run.errors.includes('no_workspace'));
    there = true;
    const begun = performance.now();
    await until(() => run.messages.length === 1, 'the run');
    expect(performance.now() - begun).toBeLessThan(1500); // 0.5 s where nothing else runs
    await close();
  });

  it('encodes ids and paths in the addresses of files', async () => {
    const { api, close } = await connect(contractWorld());
    const source = new ServerRunSource(api, 'w s');
    expect(source.fileUrl('r/1', 'outputs/a b#.txt', true)).toBe(
      api.url('ml-jupyter/workspaces/w%20s/runs/r%2F1/files/outputs/a%20b%23.txt?download=1')
    );
    await close();
  });

  it('gives the code and the sentence of the server, and explains a server without our side', async () => {
    const { server, source, close } = await connect(contractWorld());
    await expect(source.query('run', { run: 'x' })).rejects.toMatchObject({
      code: 'run_not_found',
      message: 'There is no run x.'
    });
    await server.close();
    await expect(source.query('run', { run: RUN })).rejects.toMatchObject({ code: 'network' });
    await close();
  });

  it('reads bytes of a file with their place', async () => {
    const { source, close } = await connect(contractWorld());
    const bytes = await source.query('bytes', { run: RUN, path: LOG, offset: 6, length: 1 });
    expect(new TextDecoder().decode(bytes.data)).toBe('1');
    expect(bytes).toMatchObject({ offset: 6, end: 20 });
    await close();
  });
});
