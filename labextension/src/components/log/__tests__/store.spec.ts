import { afterEach, describe, expect, it, vi } from 'vitest';
import { demoRun } from '../../../sources/demo';
import { FakeRunSource } from '../../../sources/fake';
import { LogStore } from '../store';

const PATH = 'user_logs/std_log.txt';
const line = (i: number): string => `line ${String(i).padStart(6, '0')}\n`;
const log = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => line(from + i)).join('');

const stores: LogStore[] = [];
function open(
  source: FakeRunSource,
  options: Partial<ConstructorParameters<typeof LogStore>[1]> = {}
): LogStore {
  const store = new LogStore(source, { run: 'r', path: PATH, ...options });
  stores.push(store);
  return store;
}
const world = (text: string): FakeRunSource =>
  new FakeRunSource({
    runs: [demoRun({ id: 'r', status: 'Running' })],
    files: { r: { [PATH]: text } }
  });
const last = (store: LogStore): string | undefined =>
  store.buffer.line(store.buffer.first + store.buffer.length - 1)?.text;

afterEach(() => stores.splice(0).forEach(store => store.dispose()));

describe('LogStore', () => {
  it('opens at the end and follows', async () => {
    const source = world(log(0, 5000));
    const store = open(source, { openBytes: 1200 });
    await vi.waitFor(() => expect(store.loading).toBeNull());
    expect(store.buffer.length).toBeLessThan(110);
    expect(last(store)).toBe('line 004999');
    source.appendLog('r', PATH, line(5000));
    expect(last(store)).toBe('line 005000');
    expect(store.size).toBe(5001 * 12);
  });

  it('loads what is before, up to the beginning', async () => {
    const store = open(world(log(0, 3000)), { openBytes: 1200 });
    await vi.waitFor(() => expect(store.loading).toBeNull());
    expect(await store.loadEarlier()).toBe(true);
    expect(store.complete).toBe(true);
    expect(store.buffer.length).toBe(3000);
    expect(store.buffer.line(store.buffer.first)?.text).toBe('line 000000');
    expect(await store.loadEarlier()).toBe(false);
  });

  it('loads a small file whole, so that lines have numbers', async () => {
    const store = open(world(log(0, 3000)), { openBytes: 1200, whole: true });
    await vi.waitFor(() => expect(store.complete).toBe(true));
    expect(store.buffer.length).toBe(3000);
  });

  it('goes to the start of a large file and back to its end', async () => {
    const source = world(log(0, 200_000));
    const store = open(source, { openBytes: 1200 });
    await vi.waitFor(() => expect(store.loading).toBeNull());
    await store.goStart();
    expect(store.attached).toBe(false);
    expect(store.buffer.line(store.buffer.first)?.text).toBe('line 000000');
    expect(await store.loadLater()).toBe(true);
    expect(store.buffer.end).toBe(2 * 1_048_576);
    store.goEnd();
    await vi.waitFor(() => expect(store.attached && store.loading === null).toBe(true));
    expect(last(store)).toBe('line 199999');
  });

  it('meets the end again on the way down and loses no line there', async () => {
    const source = world(log(0, 100_000));
    const store = open(source, { openBytes: 1200 });
    await vi.waitFor(() => expect(store.loading).toBeNull());
    await store.goStart();
    while (!store.attached) {
      await store.loadLater();
    }
    source.appendLog('r', PATH, line(100_000));
    await vi.waitFor(() => expect(last(store)).toBe('line 100000'));
    expect(store.buffer.length).toBe(100_001);
  });

  it('keeps what somebody reads when a burst comes', async () => {
    const source = world(log(0, 50));
    const limits = { lines: 3000, bytes: 1e9 };
    const store = open(source, { limits });
    await vi.waitFor(() => expect(store.loading).toBeNull());
    store.pin(true);
    for (let i = 50; i < 10_000; i += 500) {
      source.appendLog('r', PATH, log(i, i + 500));
    }
    expect(store.buffer.line(0)?.text).toBe('line 000000');
    expect(store.attached).toBe(false);
    expect(store.buffer.length).toBeLessThanOrEqual(3000);
  });

  it('says why when a part cannot be had', async () => {
    const source = world(log(0, 3000));
    const store = open(source, { openBytes: 1200 });
    await vi.waitFor(() => expect(store.loading).toBeNull());
    source.lose();
    expect(await store.loadEarlier()).toBe(false);
    expect(store.error).toMatch(/cannot be reached/);
  });
});
