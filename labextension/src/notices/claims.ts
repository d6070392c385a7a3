/** Which of several open pages tells of an event: the first to claim it. Claims outlive reloads. */

const KEY = 'ml-jupyter:told';
const MOST = 500;
/** How long a page that cannot lock waits to see whether another one claimed the same, in ms. */
const SETTLE_MS = 150;

type Told = Record<string, string>;

/** The part of the browser's `navigator.locks` that is used; browsers have it on secure origins only. */
export interface ILocks {
  request<T>(name: string, act: () => Promise<T>): Promise<T>;
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
      return this.locks.request(KEY, () => Promise.resolve(this.write(event)));
    }
    if (!this.write(event)) {
      return false;
    }
    await this.wait(SETTLE_MS);
    return this.read()[event] === this.page;
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
