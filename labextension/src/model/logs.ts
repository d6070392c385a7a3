/** Times and matches of a log (docs/http-api.md, "Logs"). */

/** From which byte and line on what was printed when. */
export interface ILogTime {
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  readonly time_ms: number;
}

/** A line that matches. */
export interface ILogHit {
  /** Byte at which the line's match begins, and its length. */
  readonly offset: number;
  readonly length: number;
  /** From 1; null where counting took too long. */
  readonly line: number | null;
  readonly text: string;
  /** Character of `text` at which the match begins. */
  readonly start: number;
}

export interface ILogHits {
  readonly matches: readonly ILogHit[];
  /** Lines that match among the first `scanned` bytes. */
  readonly count: number;
  /** Whether the whole file was searched. */
  readonly complete: boolean;
  readonly scanned: number;
  readonly end: number;
  /** Byte to ask on from; null: there are no more. */
  readonly next: number | null;
}
