/** Messages as they are pushed (WebSocket and kernel alike), checked and turned into what a stream delivers. */
import type { IStreams, StreamName } from '../model/source';
import { fromBase64 } from './bytes';

/** A JSON object, not looked into yet. */
export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What `message` says on the stream; null when it is not of that stream's form. */
export function readPush<S extends StreamName>(
  stream: S,
  message: Json
): IStreams[S]['message'] | null {
  const read = READERS[stream];
  return read(message) as IStreams[S]['message'] | null;
}

const READERS: { [S in StreamName]: (message: Json) => unknown } = {
  runs: m => (Array.isArray(m.runs) ? { runs: m.runs as unknown[], total: Number(m.total) } : null),
  run: m => (isJson(m.run) ? m.run : null),
  metrics: m => (Array.isArray(m.series) ? (m.series as unknown[]) : null),
  log: m =>
    typeof m.offset === 'number' && typeof m.data === 'string'
      ? {
          offset: m.offset,
          line: typeof m.line === 'number' ? m.line : null,
          data: fromBase64(m.data),
          end: Number(m.end),
          final: m.final === true
        }
      : null,
  system: m => (Array.isArray(m.series) ? m : null),
  trials: m => (Array.isArray(m.parts) ? trialsOf(m.parts as unknown[]) : null),
  queue: m => (isJson(m.slots) ? m : null),
  machine: m => (typeof m.cpu_count === 'number' ? m : null)
};

/** A sweep and trials from the parts that a message holds. */
function trialsOf(parts: readonly unknown[]): {
  sweep: unknown;
  trials: unknown[];
  gone: string[];
} {
  const objects = parts.filter(isJson);
  return {
    sweep: objects.find(part => isJson(part.sweep))?.sweep ?? null,
    trials: objects.flatMap(part => (isJson(part.trial) ? [part.trial] : [])),
    gone: objects.flatMap(part => (typeof part.gone === 'string' ? [part.gone] : []))
  };
}

/**
 * Follows the bytes of a log so that none is told twice or left out, whatever is sent again after a break.
 */
export class LogCursor {
  private next: number | null = null;
  /** The run's log has ended; nothing will follow. */
  done = false;

  constructor(private readonly wanted: number) {}

  /** Where a new subscription has to begin. */
  get offset(): number {
    return this.next ?? this.wanted;
  }

  /** The part of a chunk which was not told yet; null when there is none; 'gap' when bytes before it are missing. */
  accept(chunk: IStreams['log']['message']): IStreams['log']['message'] | null | 'gap' {
    const from = this.next ?? chunk.offset;
    if (chunk.offset > from) {
      return 'gap';
    }
    const data = chunk.data.subarray(from - chunk.offset);
    const line = from === chunk.offset ? chunk.line : null;
    if (data.length === 0 && this.next !== null && !(chunk.final && !this.done)) {
      return null;
    }
    this.next = from + data.length;
    this.done = chunk.final;
    return { ...chunk, offset: from, line, data };
  }
}
