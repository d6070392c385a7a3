import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { describe, expect, it, vi } from 'vitest';
import { demoRun } from '../../../sources/demo';
import { FakeRunSource } from '../../../sources/fake';
import { LogStore } from '../store';
import { LogView } from '../LogView';
import { clockText, timeAt } from '../useTimes';

const PATH = 'user_logs/std_log.txt';
const LINES = 400_000;
/** More than is loaded at once: 4.8 MB, a word in every 100,000th line. */
const TEXT = Array.from(
  { length: LINES },
  (_, i) => `${i % 100_000 === 7 ? 'needle' : 'line  '} ${String(i).padStart(6, '0')}\n`
).join('');

const world = (): FakeRunSource =>
  new FakeRunSource({
    runs: [demoRun({ id: 'r', status: 'Completed', started_ms: 0, ended_ms: 1 })],
    files: { r: { [PATH]: TEXT } }
  });

describe('a log that is not loaded whole', () => {
  it('is searched as a whole, and says how many lines match', async () => {
    const user = userEvent.setup();
    render(
      <LogView
        source={world()}
        runId="r"
        files={[{ path: PATH, name: null }]}
        onPath={() => undefined}
      />
    );
    await screen.findByText(/Following|The end/);
    await user.type(screen.getByLabelText('Search the log'), 'needle');
    expect(await screen.findByText('4 lines in the file')).toBeTruthy();
  });

  it('knows the numbers of its lines from the server, and goes to any of them', async () => {
    const store = new LogStore(world(), { run: 'r', path: PATH });
    await vi.waitFor(() => expect(store.loading).toBeNull());
    const last = store.buffer.first + store.buffer.length - 1;
    expect(store.complete).toBe(false);
    expect(store.numberOf(last)).toBe(LINES);
    await store.goLine(123_456);
    const id = store.idOf(123_456);
    expect(store.buffer.line(id ?? -1)?.text).toBe('line   123455');
    expect(store.attached).toBe(false);
    store.dispose();
  });
});

describe('times of lines', () => {
  const times = [
    { offset: 0, line: 1, time_ms: 1000 },
    { offset: 90, line: 10, time_ms: 2000 }
  ];

  it.each([
    [1, 1000],
    [9, 1000],
    [10, 2000],
    [99, 2000],
    [0, null]
  ])('hold until the next one: line %d', (line, time) => expect(timeAt(times, line)).toBe(time));

  it('are shown when asked for', async () => {
    const user = userEvent.setup();
    const source = new FakeRunSource({
      runs: [demoRun({ id: 'r', status: 'Completed', started_ms: 0, ended_ms: 1 })],
      files: { r: { [PATH]: 'one\ntwo\n' } }
    });
    render(
      <LogView
        source={source}
        runId="r"
        files={[{ path: PATH, name: null }]}
        onPath={() => undefined}
      />
    );
    await screen.findByText('one');
    await user.click(screen.getByRole('button', { name: 'Show when lines were printed' }));
    await waitFor(() => expect(screen.getByText(clockText(15_000))).toBeTruthy());
  });
});
