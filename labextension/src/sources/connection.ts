import type { Connection, IDisposable } from '../model/source';

/** The state of a connection and those who listen to it. */
export class ConnectionState {
  private readonly listeners = new Set<(connection: Connection) => void>();

  constructor(private state: Connection) {}

  get current(): Connection {
    return this.state;
  }

  /** Tells every listener, in the order in which they came. */
  set(connection: Connection): void {
    this.state = connection;
    for (const listener of [...this.listeners]) {
      listener(connection);
    }
  }

  /** Calls at once with the current state, then at each change. */
  listen(listener: (connection: Connection) => void): IDisposable {
    this.listeners.add(listener);
    listener(this.state);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  dispose(): void {
    this.listeners.clear();
  }
}
