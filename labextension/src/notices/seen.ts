/** Up to when a tab has seen the events of a workspace; outlives a reload, so that what ends meanwhile is told. */

/** What is remembered longer than this was left behind, as by a laptop overnight; it is not news any more. */
const LASTS_MS = 5 * 60_000;
const keyOf = (workspace: string): string => `ml-jupyter:seen:${workspace}`;

/** Moments of the server's clock, in ms; null: nothing was seen yet. */
export interface ISeen {
  /** The newest end. */
  readonly ended: number | null;
  /** Since when stalls are looked for. */
  readonly begun: number | null;
}

export const NOTHING_SEEN: ISeen = { ended: null, begun: null };

const time = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** The memory of a tab for one workspace. */
export class SeenMemory {
  constructor(
    private readonly storage: Pick<Storage, 'getItem' | 'setItem'>,
    private readonly workspace: string
  ) {}

  read(): ISeen {
    try {
      const stored: unknown = JSON.parse(this.storage.getItem(keyOf(this.workspace)) ?? 'null');
      const { ended, begun, at } = (stored ?? {}) as Partial<Record<string, unknown>>;
      const fresh = typeof at === 'number' && Math.abs(Date.now() - at) < LASTS_MS;
      return fresh ? { ended: time(ended), begun: time(begun) } : NOTHING_SEEN;
    } catch {
      return NOTHING_SEEN;
    }
  }

  write(seen: ISeen): void {
    try {
      this.storage.setItem(keyOf(this.workspace), JSON.stringify({ ...seen, at: Date.now() }));
    } catch {
      // A browser that refuses storage forgets at a reload.
      return;
    }
  }
}
