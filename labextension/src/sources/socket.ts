import { SourceError } from '../model/errors';
import type { IDisposable, ISourceError } from '../model/source';
import { ConnectionState } from './connection';
import { isJson, type Json } from './pushes';
import { retryDelay } from './retry';

const PING_EVERY_MS = 20_000;
/** A server that has not answered a ping for this long is gone, even if the socket has not noticed. */
const PONG_WITHIN_MS = 10_000;

/** The part of a WebSocket that is used. */
export interface ISocket {
  readonly readyState: number;
  send(data: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
}

export interface IFeed {
  /** The subscribe frame, without `op` and `id`, as it has to be now; null when the feed needs no more. */
  frame(): Json | null;
  next(message: Json): void;
  error(error: ISourceError): void;
}

export interface IFeedHandle extends IDisposable {
  ack(offset: number): void;
  /** Ends the subscription at the server and starts it again with the feed's frame of now. */
  restart(): void;
}

const OPEN = 1;

/** One WebSocket that carries many subscriptions, reconnects by itself and subscribes again. */
export class FeedSocket {
  readonly connection = new ConnectionState({ state: 'connecting' });
  private readonly feeds = new Map<number, IFeed>();
  private socket: ISocket | null = null;
  private lastId = 0;
  private failures = 0;
  private lostSince: number | null = null;
  private heardAt = 0;
  private pingedAt = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pingTimer: ReturnType<typeof setInterval> | undefined;
  private disposed = false;

  /** @param open - makes a new socket, already on its way to connecting */
  constructor(private readonly open: () => ISocket) {}

  subscribe(feed: IFeed): IFeedHandle {
    let id = ++this.lastId;
    this.feeds.set(id, feed);
    this.ensureOpen();
    this.sendSubscribe(id, feed);
    return {
      ack: offset => this.send({ op: 'ack', id, offset }),
      restart: () => {
        this.drop(id);
        id = ++this.lastId;
        this.feeds.set(id, feed);
        this.sendSubscribe(id, feed);
      },
      dispose: () => this.drop(id)
    };
  }

  /** Connects now when the connection is lost. */
  retryNow(): void {
    if (this.retryTimer !== undefined) {
      this.connect();
    }
  }

  dispose(): void {
    this.disposed = true;
    this.feeds.clear();
    this.letGo();
    this.connection.dispose();
  }

  private drop(id: number): void {
    if (this.feeds.delete(id)) {
      this.send({ op: 'unsubscribe', id });
    }
  }

  private ensureOpen(): void {
    if (!this.socket && this.retryTimer === undefined && !this.disposed) {
      this.connect();
    }
  }

  private connect(): void {
    this.letGo();
    if (this.lostSince !== null) {
      this.connection.set({ state: 'lost', since: this.lostSince, retry: Date.now() });
    }
    let socket: ISocket;
    try {
      socket = this.open();
    } catch {
      this.lose();
      return;
    }
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onclose = () => this.lose();
    socket.onerror = () => undefined;
    socket.onmessage = (event: { data: unknown }) => this.received(event.data);
  }

  private opened(): void {
    this.failures = 0;
    this.lostSince = null;
    this.heardAt = Date.now();
    this.pingedAt = 0;
    this.pingTimer = setInterval(() => this.beat(), PING_EVERY_MS);
    for (const [id, feed] of this.feeds) {
      this.sendSubscribe(id, feed);
    }
    this.connection.set({ state: 'live' });
  }

  /** Counted from the ping, not from the last beat: a page in the background beats once a minute. */
  private beat(): void {
    const now = Date.now();
    if (this.pingedAt > this.heardAt && now - this.pingedAt > PONG_WITHIN_MS) {
      this.lose();
    } else {
      this.pingedAt = now;
      this.send({ op: 'ping', t: now });
    }
  }

  private lose(): void {
    this.letGo();
    if (this.disposed) {
      return;
    }
    const now = Date.now();
    this.lostSince ??= now;
    const delay = retryDelay(this.failures++, Math.random());
    this.retryTimer = setTimeout(() => this.connect(), delay);
    this.connection.set({ state: 'lost', since: this.lostSince, retry: now + delay });
  }

  private letGo(): void {
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    clearInterval(this.pingTimer);
    const { socket } = this;
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onclose = socket.onmessage = null;
      socket.onerror = () => undefined;
      socket.close();
    }
  }

  private send(frame: Json): void {
    if (this.socket?.readyState === OPEN) {
      this.socket.send(JSON.stringify(frame));
    }
  }

  private sendSubscribe(id: number, feed: IFeed): void {
    const frame = feed.frame();
    if (frame) {
      this.send({ op: 'subscribe', id, ...frame });
    }
  }

  private received(data: unknown): void {
    this.heardAt = Date.now();
    const message: unknown = JSON.parse(String(data));
    if (!isJson(message) || typeof message.id !== 'number') {
      return;
    }
    const feed = this.feeds.get(message.id);
    if (!feed) {
      return;
    }
    if (message.type === 'error') {
      this.feeds.delete(message.id);
      feed.error(new SourceError(String(message.code), String(message.message)));
    } else {
      feed.next(message);
    }
  }
}
