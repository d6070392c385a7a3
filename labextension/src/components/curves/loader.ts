/** Asks for the curves of the charts that can be seen: some metrics at a time, each once. */
import type { IChildCurves } from '../../model/children';

/** Metrics of one question: the first charts should not wait for the last. */
const TOGETHER = 6;
/** Questions at a time. */
const AT_A_TIME = 2;

export interface ILoaderEvents {
  readonly ask: (names: readonly string[]) => Promise<IChildCurves>;
  readonly onAnswer: (answer: IChildCurves) => void;
  readonly onError: (reason: unknown) => void;
}

export class CurveLoader {
  /** How many charts want each metric. */
  private readonly wanted = new Map<string, number>();
  private readonly known = new Set<string>();
  private readonly asked = new Set<string>();
  private running = 0;
  /** How often all was asked for anew. */
  private round = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private over = false;

  constructor(private readonly events: ILoaderEvents) {}

  /** Wants a metric until what is answered is called. */
  want(name: string): () => void {
    this.wanted.set(name, (this.wanted.get(name) ?? 0) + 1);
    this.soon();
    return () => {
      const left = (this.wanted.get(name) ?? 1) - 1;
      if (left > 0) {
        this.wanted.set(name, left);
      } else {
        this.wanted.delete(name);
      }
    };
  }

  /** Whether a question is on its way. */
  get busy(): boolean {
    return this.running > 0;
  }

  /** Asks again for what is wanted; what is no longer wanted is forgotten. */
  refresh(): void {
    this.known.clear();
    this.round += 1;
    this.soon();
  }

  dispose(): void {
    this.over = true;
    clearTimeout(this.timer);
  }

  /** Charts come into view together, so their questions go out together. */
  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.next(), 0);
  }

  private next(): void {
    while (!this.over && this.running < AT_A_TIME) {
      const names = [...this.wanted.keys()]
        .filter(name => !this.known.has(name) && !this.asked.has(name))
        .slice(0, TOGETHER);
      if (names.length === 0) {
        return;
      }
      void this.go(names);
    }
  }

  private async go(names: readonly string[]): Promise<void> {
    const { round } = this;
    this.running += 1;
    names.forEach(name => this.asked.add(name));
    try {
      const answer = await this.events.ask(names);
      if (!this.over) {
        this.events.onAnswer(answer);
      }
    } catch (reason) {
      if (!this.over) {
        this.events.onError(reason);
      }
    } finally {
      this.running -= 1;
      names.forEach(name => {
        this.asked.delete(name);
        // After an error too: the next refresh asks again. What was asked before one is older than it wants.
        if (round === this.round) {
          this.known.add(name);
        }
      });
      this.next();
    }
  }
}
