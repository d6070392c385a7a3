/** Which of several open pages tells of an event: the first to claim it. Claims outlive reloads. */

const KEY = 'ml-jupyter:told';
const MOST = 500;
/** How long a page that cannot lock waits to see whether another one claimed the same, in ms. */
const SETTLE_MS = 150;

type Told = Record<string, string>;

/** How long a claim is held as a lock, in ms: by then every page reads in the storage that it was told. */
const HELD_MS = 60_000;

/** The part of the browser's `navigator.locks` that is used; browsers have it on secure origins only. */
export interface ILocks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    act: (lock: unknown) => Promise<void>
  ): Promise<unknown>;
}

export class Claims {
  private readonly page = `${Date.now()}-${Math.random()}`;

  constructor(
    private readonly storage: Pick<Storage, 'getItem' | 'setItem'>,
    private readonly locks: ILocks | null,
    private readonly wait: (ms: number) => Promise<void> = ms =>
      new Promise(resolve => setTimeout(resolve, ms))
  ) {}

  /** True for exactly one of the pages that ask for an event. */
  async take(event: string): Promise<boolean> {
    if (this.locks) {
      return this.hold(this.locks, event);
    }
    if (!this.write(event)) {
      return false;
    }
    await this.wait(SETTLE_MS);
    return this.read()[event] === this.page;
  }

  /**
   * Claims by a lock of the event's own. Pages in processes of their own may read a storage that is some
   * milliseconds old, so that only the lock tells which of two was first.
   */
  private hold(locks: ILocks, event: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      locks
        .request(`${KEY}:${event}`, { ifAvailable: true }, async lock => {
          const mine = lock !== null && this.write(event);
          resolve(mine);
          if (mine) {
            await this.wait(HELD_MS);
          }
        })
        .catch(reject);
    });
  }

  private write(event: string): boolean {
    const told = this.read();
    if (event in told) {
      return false;
    }
    const entries = [...Object.entries(told), [event, this.page] as const].slice(-MOST);
    try {
      this.storage.setItem(KEY, JSON.stringify(Object.fromEntries(entries)));
    } catch {
      // Without storage no page knows of another: each tells, which is better than none.
      return true;
    }
    return true;
  }

  private read(): Told {
    try {
      const stored: unknown = JSON.parse(this.storage.getItem(KEY) ?? '{}');
      return typeof stored === 'object' && stored !== null ? (stored as Told) : {};
    } catch {
      return {};
    }
  }
}
