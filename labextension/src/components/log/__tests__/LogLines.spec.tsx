import { act, render, screen } from '@testing-library/react';
import React from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { demoRun } from '../../../sources/demo';
import { FakeRunSource } from '../../../sources/fake';
import { LogLines } from '../LogLines';
import { LogStore } from '../store';

const PATH = 'user_logs/std_log.txt';
const nothing = (): void => undefined;

/** The sizes that a browser gives, where nothing is laid out; what is returned changes the height of the view. */
function layOut(height: number): (height: number) => void {
  const told = new Set<() => void>();
  class Observer {
    constructor(private readonly tell: () => void) {}
    observe = (): void => void told.add(this.tell);
    disconnect = (): void => void told.delete(this.tell);
  }
  vi.stubGlobal('ResizeObserver', Observer);
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 700, 18));
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(800);
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockImplementation(() => height);
  vi.spyOn(Element.prototype, 'scrollHeight', 'get').mockImplementation(function (this: Element) {
    const content = this.querySelector<HTMLElement>('.jp-ml-log-all');
    return Math.max(height, parseFloat(content?.style.height ?? '0'));
  });
  return next => {
    height = next;
    act(() => told.forEach(tell => tell()));
  };
}

describe('the lines of a log', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it('stay at the end when they are drawn between the coming of a line and its frame', async () => {
    const resize = layOut(180);
    const source = new FakeRunSource({
      runs: [demoRun({ id: 'r', status: 'Running' })],
      files: { r: { [PATH]: 'first\n'.repeat(100) } }
    });
    const store = new LogStore(source, { run: 'r', path: PATH });
    render(
      <LogLines
        {...{ store, wrap: false, follow: true, onFollow: nothing, onView: nothing }}
        matches={[]}
        focus={null}
        target={null}
      />
    );
    await screen.findAllByText('first');
    expect(screen.getByRole('log').scrollTop).toBe(100 * 18 - 180);
    resize(360);
    source.appendLog('r', PATH, 'later\n'.repeat(100));
    expect(store.buffer.length).toBe(200);
    resize(360);
    await screen.findAllByText('later');
    expect(screen.getByRole('log').scrollTop).toBe(200 * 18 - 360);
    store.dispose();
  });
});
