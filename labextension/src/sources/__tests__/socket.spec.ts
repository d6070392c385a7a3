import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FeedSocket, type IFeed, type ISocket } from '../socket';

/** A socket that a test opens, answers and breaks by hand. */
class HandSocket implements ISocket {
  readyState = 0;
  readonly sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Record<string, unknown>);
  }
  close(): void {
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const PING_MS = 20_000;
let sockets: HandSocket[] = [];
let feeds: FeedSocket;
const feed = (): IFeed => ({
  frame: () => ({ stream: 'queue', workspace: 'ws' }),
  next: vi.fn(),
  error: vi.fn()
});
const current = (): HandSocket => sockets[sockets.length - 1]!;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  feeds = new FeedSocket(() => {
    const socket = new HandSocket();
    sockets.push(socket);
    return socket;
  });
});
afterEach(() => {
  feeds.dispose();
  vi.useRealTimers();
});

describe('the socket of a page', () => {
  it('is opened by the first subscription, and carries those made while it opened', () => {
    expect(sockets).toHaveLength(0);
    feeds.subscribe(feed());
    feeds.subscribe(feed());
    expect(sockets).toHaveLength(1);
    expect(current().sent).toEqual([]);
    current().open();
    expect(current().sent.map(f => [f.op, f.id])).toEqual([
      ['subscribe', 1],
      ['subscribe', 2]
    ]);
  });

  it('is given up when a ping stays without an answer, and not while there are answers', () => {
    feeds.subscribe(feed());
    current().open();
    vi.advanceTimersByTime(PING_MS);
    current().say({ type: 'pong', t: 1 });
    vi.advanceTimersByTime(PING_MS);
    expect(feeds.connection.current.state).toBe('live');
    vi.advanceTimersByTime(PING_MS);
    expect(feeds.connection.current.state).toBe('lost');
    vi.advanceTimersByTime(1000);
    expect(sockets).toHaveLength(2);
  });

  it('stays when the page slept between two beats and the answer was not awaited yet', () => {
    feeds.subscribe(feed());
    current().open();
    vi.advanceTimersByTime(PING_MS);
    current().say({ type: 'pong', t: 1 });
    vi.setSystemTime(Date.now() + 10 * 60_000);
    vi.advanceTimersByTime(PING_MS);
    expect(feeds.connection.current.state).toBe('live');
  });

  it('tells an error once and forgets the subscription', () => {
    const one = feed();
    const handle = feeds.subscribe(one);
    current().open();
    current().say({ id: 1, type: 'error', code: 'run_not_found', message: 'Gone.' });
    current().say({ id: 1, type: 'queue' });
    expect(one.error).toHaveBeenCalledTimes(1);
    expect(one.next).not.toHaveBeenCalled();
    handle.dispose();
    expect(current().sent.filter(f => f.op === 'unsubscribe')).toEqual([]);
  });

  it('takes frames that are none for nothing', () => {
    const one = feed();
    feeds.subscribe(one);
    current().open();
    current().say([1, 2]);
    current().say({ id: 'x', type: 'queue' });
    current().say({ id: 99, type: 'queue' });
    expect(one.next).not.toHaveBeenCalled();
  });

  it('tries no more once disposed of', () => {
    feeds.subscribe(feed());
    current().open();
    current().onclose?.();
    feeds.dispose();
    vi.advanceTimersByTime(120_000);
    expect(sockets).toHaveLength(1);
  });
});
