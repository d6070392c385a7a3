import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { describe, expect, it, vi } from 'vitest';
import { demoRun } from '../../../sources/demo';
import { FakeRunSource } from '../../../sources/fake';
import type { RunStatus } from '../../../model/types';
import { LogTail } from '../LogTail';
import { LogView } from '../LogView';

const PATH = 'user_logs/std_log.txt';
const lines = (n: number): string => Array.from({ length: n }, (_, i) => `line ${i}\n`).join('');

function world(text: string, status: RunStatus = 'Running'): FakeRunSource {
  return new FakeRunSource({
    runs: [demoRun({ id: 'r', status, started_ms: Date.now() - 12_000 })],
    files: { r: { [PATH]: text } }
  });
}
const show = (source: FakeRunSource): ReturnType<typeof render> =>
  render(
    <LogView
      source={source}
      runId="r"
      files={[{ path: PATH, name: null }]}
      onPath={() => undefined}
      startedMs={Date.now() - 12_000}
    />
  );

/** jsdom lays nothing out: the view's size is given here, and scrolling is told. */
function layOutView(height: number, content: () => number): HTMLElement {
  const view = screen.getByRole('log');
  Object.defineProperty(view, 'clientHeight', { configurable: true, value: height });
  Object.defineProperty(view, 'scrollHeight', { configurable: true, get: content });
  return view;
}
function scrollTo(view: HTMLElement, top: number): void {
  act(() => {
    view.scrollTop = top;
    fireEvent.scroll(view);
  });
}

describe('LogView', () => {
  it('follows the end and draws only what is in view', async () => {
    const source = world(lines(1000));
    show(source);
    expect(await screen.findByText('Following')).toBeTruthy();
    await screen.findByText('line 0');
    expect(screen.queryByText('line 500')).toBeNull();
    expect(screen.getByRole('log').getAttribute('aria-live')).toBe('off');
  });

  it('pauses when scrolled up, counts new lines, and follows again', async () => {
    const source = world(lines(200));
    show(source);
    await screen.findByText('line 0');
    const view = layOutView(360, () => 200 * 18);
    scrollTo(view, 3240);
    scrollTo(view, 1000);
    expect(await screen.findByRole('button', { name: 'Follow' })).toBeTruthy();
    act(() => source.appendLog('r', PATH, 'one\ntwo\n'));
    const follow = await screen.findByRole('button', { name: 'Follow, 2 new lines' });
    expect(view.scrollTop).toBe(1000);
    await userEvent.setup().click(follow);
    expect(await screen.findByText('Following')).toBeTruthy();
  });

  it('follows again when somebody scrolls to what was the end as they began', async () => {
    const source = world(lines(200));
    show(source);
    await screen.findByText('line 0');
    const view = layOutView(360, () => 200 * 18);
    scrollTo(view, 3240);
    scrollTo(view, 1000);
    await screen.findByRole('button', { name: 'Follow' });
    const clock = vi.spyOn(performance, 'now').mockReturnValue(5000);
    scrollTo(view, 2000);
    act(() => source.appendLog('r', PATH, lines(20)));
    await screen.findByText('Follow, 20 new lines');
    clock.mockReturnValue(5100);
    scrollTo(view, 3240);
    expect(await screen.findByText('Following')).toBeTruthy();
  });

  it('obeys its keys, but not while something is typed', async () => {
    const user = userEvent.setup();
    show(world(lines(50)));
    await screen.findByText('line 0');
    screen.getByRole('log').focus();
    await user.keyboard('f');
    expect(screen.getByRole('button', { name: 'Follow' })).toBeTruthy();
    await user.keyboard('w');
    expect(screen.getByRole('button', { name: /Wrap/ }).getAttribute('aria-pressed')).toBe('true');
    await user.keyboard('{Control>}f{/Control}');
    const field = screen.getByRole('searchbox');
    expect(document.activeElement).toBe(field);
    await user.keyboard('ff');
    expect((field as HTMLInputElement).value).toBe('ff');
  });

  it('counts matches and goes from one to the next', async () => {
    const user = userEvent.setup();
    show(world('loss 1\nacc 2\nloss 3\nLOSS 4\n'));
    await screen.findByText('acc 2');
    await user.type(screen.getByRole('searchbox'), 'loss');
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('3'));
    await user.keyboard('{Enter}');
    expect(await screen.findByText('1 of 3')).toBeTruthy();
    await user.keyboard('{Enter}');
    expect(await screen.findByText('2 of 3')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Match case' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('2'));
    await user.click(screen.getByRole('button', { name: 'Regular expression' }));
    await user.clear(screen.getByRole('searchbox'));
    await user.type(screen.getByRole('searchbox'), '(');
    expect(await screen.findByText('Not a pattern')).toBeTruthy();
  });

  it('says that nothing was printed so far, or at all', async () => {
    const first = show(world(''));
    expect(await screen.findByText('Nothing printed yet.')).toBeTruthy();
    expect(screen.getByText('Started 12 s ago.')).toBeTruthy();
    first.unmount();
    show(world('', 'Completed'));
    expect(await screen.findByText('Nothing was printed.')).toBeTruthy();
  });

  it('shows control characters when raw', async () => {
    show(world('10%\r20%\n'));
    await screen.findByText('20%');
    await userEvent.setup().click(screen.getByRole('button', { name: 'Raw' }));
    expect(await screen.findByText('10%␍20%')).toBeTruthy();
  });

  it('copies what is loaded', async () => {
    const user = userEvent.setup();
    show(world('a\nb\n'));
    await screen.findByText('a');
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    await user.click(screen.getByRole('button', { name: /^Copy/ }));
    expect(write).toHaveBeenCalledWith('a\nb\n');
  });

  it('is over when the run is', async () => {
    const source = world('a\n');
    show(source);
    await screen.findByText('Following');
    act(() => void source.patchRun('r', { status: 'Completed' }));
    expect(await screen.findByText('The end. Nothing more will come.')).toBeTruthy();
  });
});

describe('LogTail', () => {
  it('shows the last lines and what comes', async () => {
    const source = world('one\ntwo\nthree\n');
    render(<LogTail source={source} runId="r" path={PATH} lines={2} />);
    await screen.findByText('three');
    expect(screen.queryByText('one')).toBeNull();
    act(() => source.appendLog('r', PATH, '\u001b[31mfour\u001b[0m'));
    await screen.findByText('four');
    await waitFor(() => expect(screen.queryByText('two')).toBeNull());
  });

  it('has a bar only where the whole log can be opened', async () => {
    const onOpen = vi.fn();
    render(<LogTail source={world('a\n')} runId="r" path={PATH} lines={2} onOpen={onOpen} />);
    await userEvent.setup().click(await screen.findByRole('button', { name: 'Open log' }));
    expect(onOpen).toHaveBeenCalledOnce();
  });
});
