/** Which run stands out in all charts: told to charts directly, because a render of each would take too long. */

export interface IFocused {
  readonly run: string;
  /** The metric of the chart where it was pointed at. */
  readonly metric: string;
  /** Position of the point there; -1: the whole curve. */
  readonly point: number;
}

type Listener = (focused: IFocused | null) => void;

export class Focus {
  private readonly listeners = new Set<Listener>();
  current: IFocused | null = null;

  set(next: IFocused | null): void {
    const old = this.current;
    if (old?.run !== next?.run || old?.metric !== next?.metric || old?.point !== next?.point) {
      this.current = next;
      this.listeners.forEach(listener => listener(next));
    }
  }

  /** @returns ends it */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}
