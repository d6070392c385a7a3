import { describe, expect, it } from 'vitest';
import { LogStore } from '../../components/log/store';
import type { IExported } from '../../model/exported';
import { encodeText } from '../bytes';
import { ExportedRunSource } from '../exported';
import { thinSeries } from '../thin';

const RUN = 'digits_1';
const LOG = 'user_logs/std_log.txt';
/** Lines of 32 bytes: the end that a view opens with begins at one of them. */
const TEXT = Array.from({ length: 3000 }, (_, n) => `${`epoch ${n}`.padEnd(31)}\n`).join('');
const STEPS = Array.from({ length: 5000 }, (_, n) => n);
const SERIES = {
  name: 'loss',
  kind: 'scalar' as const,
  count: 5000,
  steps: STEPS,
  times_ms: STEPS,
  values: STEPS.map(n => (n === 1234 ? 99 : n === 77 ? ('NaN' as const) : n % 10)),
  downsampled: false
};

function source(): ExportedRunSource {
  const data = encodeText(TEXT);
  const exported = {
    schema: 1,
    saved_ms: 1,
    workspace: { id: 'w', name: 'lab' },
    runs: [
      {
        run: { id: RUN, status: 'Completed' },
        metrics: [SERIES],
        system: null,
        children: [],
        logs: { [LOG]: { start: 1000, end: 1000 + data.length, blob: 'log-0' } },
        files: { files: [], truncated: false },
        code: { snapshot_id: null, files: [], truncated: false }
      }
    ],
    before: [],
    cut: []
  } as unknown as IExported;
  return new ExportedRunSource(exported, {
    bytes: () => Promise.resolve(data),
    url: () => null
  });
}

describe('the source of an exported page', () => {
  it.each([16_384, 262_144])('opens a log at its end, %d bytes of it', async openBytes => {
    const store = new LogStore(source(), { run: RUN, path: LOG, openBytes });
    await expect.poll(() => store.buffer.length).toBeGreaterThan(100);
    expect(store.size).toBe(1000 + TEXT.length);
    expect(store.buffer.end).toBe(1000 + TEXT.length);
    store.dispose();
  });

  it('keeps the last lines in a window smaller than what comes at once', async () => {
    const limits = { lines: 400, bytes: 262_144 };
    const store = new LogStore(source(), { run: RUN, path: LOG, openBytes: 16_384, limits });
    await expect.poll(() => store.size).toBeGreaterThan(0);
    expect(store.buffer.length).toBeGreaterThan(100);
    expect(store.buffer.text()).toContain('epoch 2999');
    store.dispose();
  });

  it('gives a zoomed part at full resolution', async () => {
    const asked = { run: RUN, names: ['loss'], points: 500, x_min: 1200, x_max: 1300 };
    const [found] = await source().query('metrics', asked);
    expect(found?.kind === 'scalar' && found.steps.length).toBe(103);
  });

  it('says what is not in the page', async () => {
    await expect(source().query('run', { run: 'other' })).rejects.toThrow(/not in this page/);
    await expect(source().query('queue', {})).rejects.toThrow(/exported page/);
  });
});

describe('thinSeries', () => {
  it('keeps the ends, the peak and what is no number', () => {
    const thin = thinSeries(SERIES, 100, undefined, undefined);
    expect(thin.downsampled).toBe(true);
    expect(thin.steps.length).toBeLessThan(120);
    expect(thin.values).toContain(99);
    expect(thin.values).toContain('NaN');
    expect(thin.steps[0]).toBe(0);
    expect(thin.steps[thin.steps.length - 1]).toBe(4999);
  });
});
