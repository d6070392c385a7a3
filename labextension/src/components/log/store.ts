/** A log being read: asks the source for bytes, keeps the window, tells the view. No React here. */
import type { IDisposable, ILogChunk, IQueries, IRunSource } from '../../model/source';
import { LogBuffer, VIEW_LIMITS, type IBufferLimits } from './buffer';

/** Bytes at the end that a log is opened with. */
export const OPEN_BYTES = 65_536;
/** Bytes of one question for an earlier or later part. */
const PART_BYTES = 1_048_576;
/** A log that says nothing for so long is taken to be empty so far, ms. */
const QUIET_MS = 600;
/** Lines shown before the one that was gone to. */
const LINES_BEFORE = 200;
/** Files up to this size are loaded whole, so that their lines can be numbered. */
const WHOLE_BYTES = 4 * 2 ** 20;

export interface ILogOptions {
  readonly run: string;
  readonly path: string;
  readonly raw?: boolean;
  readonly openBytes?: number;
  readonly limits?: IBufferLimits;
  /** Small files are loaded whole. */
  readonly whole?: boolean;
}

export type Loading = 'opening' | 'earlier' | 'later' | null;

/** One log file of one run, from a window onto it that can be moved. */
export class LogStore {
  readonly buffer: LogBuffer;
  /** Size of the file, in bytes, as far as it is known. */
  size = 0;
  /** The window reaches the file's end and follows it. */
  attached = true;
  /** The run has ended and its log is complete. */
  final = false;
  loading: Loading = 'opening';
  error: string | null = null;
  /** Grows at each change; what a view compares. */
  version = 0;
  private subscription: IDisposable | null = null;
  private readonly listeners = new Set<() => void>();
  private frame: number | null = null;
  private disposed = false;
  private pinned = false;
  /** Number in the file of the line with the number 0 in the window; null while nobody has counted. */
  private base: number | null = null;
  private readonly patience: ReturnType<typeof setTimeout>;

  constructor(
    private readonly source: IRunSource,
    private readonly options: ILogOptions
  ) {
    this.buffer = new LogBuffer(options.raw, options.limits ?? VIEW_LIMITS);
    this.follow(-(options.openBytes ?? OPEN_BYTES));
    this.patience = setTimeout(() => this.giveUpWaiting(), QUIET_MS);
  }

  /** The window begins at the file's first byte: its lines can be numbered. */
  get complete(): boolean {
    return this.loading !== 'opening' && this.buffer.start === 0;
  }

  /** Number, from 1, of a line in the file; null where it is not known. */
  numberOf(id: number): number | null {
    if (this.complete) {
      return id - this.buffer.first + 1;
    }
    return this.base === null ? null : this.base + id;
  }

  /** Nothing was printed so far, as far as is known. */
  get empty(): boolean {
    return this.loading !== 'opening' && this.size === 0;
  }

  listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  getVersion = (): number => this.version;

  /** While somebody reads, the window forgets what is newest rather than what they look at. */
  pin(reading: boolean): void {
    this.pinned = reading;
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.patience);
    this.subscription?.dispose();
    this.listeners.clear();
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
    }
  }

  /** Loads the part before the window; resolves to false when there is none or it cannot be had. */
  async loadEarlier(): Promise<boolean> {
    const { buffer } = this;
    if (this.loading || buffer.start === 0) {
      return false;
    }
    const offset = Math.max(0, buffer.start - PART_BYTES);
    const before = buffer.start;
    return this.load('earlier', { offset, length: before - offset }, ({ data }) => {
      if (buffer.start !== before) {
        return;
      }
      buffer.prepend(data);
      if (this.pinned && buffer.trimLast()) {
        this.detach();
      }
    });
  }

  /** Loads the part behind the window; at the file's end the window follows it again. */
  async loadLater(): Promise<boolean> {
    const { buffer } = this;
    if (this.loading || this.attached) {
      return false;
    }
    const before = buffer.end;
    return this.load('later', { offset: before, length: PART_BYTES }, ({ data }) => {
      if (buffer.end !== before) {
        return;
      }
      buffer.append(data);
      buffer.trimFirst();
      if (data.length < PART_BYTES) {
        this.follow(buffer.end);
      }
    });
  }

  /** Moves the window to the file's end and follows it. */
  goEnd(): void {
    if (!this.attached) {
      this.loading = 'opening';
      this.follow(-(this.options.openBytes ?? OPEN_BYTES));
      this.changed();
    }
  }

  /** Moves the window to the file's beginning. */
  async goStart(): Promise<void> {
    if (this.buffer.start === 0) {
      return;
    }
    this.detach();
    this.loading = null;
    this.buffer.reset(0);
    this.base = 1;
    await this.loadLater();
  }

  /** Moves the window to a line of the file, by its number from 1. Resolves to false when it cannot be had. */
  async goLine(line: number): Promise<boolean> {
    const id = this.base === null ? null : line - this.base;
    if (id !== null && id >= this.buffer.first && id < this.buffer.first + this.buffer.length) {
      return true;
    }
    this.detach();
    this.loading = null;
    const from = Math.max(1, line - LINES_BEFORE);
    return this.load('later', { line: from, length: PART_BYTES }, answer => {
      this.buffer.reset(answer.offset);
      this.base = answer.line ?? null;
      this.buffer.append(answer.data);
      if (answer.data.length < PART_BYTES) {
        this.follow(this.buffer.end);
      }
    });
  }

  /** The window's number of a line of the file; null where it is not known. */
  idOf(line: number): number | null {
    if (this.complete) {
      return line - 1 + this.buffer.first;
    }
    return this.base === null ? null : line - this.base;
  }

  /** A source says nothing before the file exists: then nothing was printed so far. */
  private giveUpWaiting(): void {
    if (this.loading === 'opening') {
      this.loading = null;
      this.changed();
    }
  }

  private detach(): void {
    this.subscription?.dispose();
    this.subscription = null;
    this.attached = false;
  }

  private follow(offset: number): void {
    this.subscription?.dispose();
    this.attached = true;
    let opened = offset >= 0;
    this.subscription = this.source.subscribe(
      'log',
      { run: this.options.run, path: this.options.path, offset },
      {
        next: chunk => {
          const first = !opened;
          if (first) {
            this.buffer.reset(chunk.offset);
            this.base = chunk.line ?? null;
            opened = true;
          }
          this.take(chunk, first);
        },
        error: ({ message }) => {
          this.loading = null;
          this.error = message;
          this.changed();
        }
      }
    );
  }

  private take(chunk: ILogChunk, first: boolean): void {
    this.size = chunk.end;
    this.final = chunk.final;
    this.error = null;
    if (this.loading === 'opening') {
      this.loading = null;
    }
    this.buffer.append(chunk.data);
    if (!this.pinned) {
      this.buffer.trimFirst();
    } else if (this.buffer.trimLast()) {
      this.detach();
    }
    this.changed();
    if (first && this.options.whole && chunk.end <= WHOLE_BYTES) {
      void this.loadWhole();
    }
  }

  private async loadWhole(): Promise<void> {
    while (!this.disposed && (await this.loadEarlier())) {
      continue;
    }
  }

  private async load(
    which: 'earlier' | 'later',
    part: { offset?: number; line?: number; length: number },
    take: (answer: IQueries['bytes']['answer']) => void
  ): Promise<boolean> {
    this.loading = which;
    this.changed();
    const { run, path } = this.options;
    try {
      const answer = await this.source.query('bytes', { run, path, ...part });
      if (this.disposed) {
        return false;
      }
      this.loading = null;
      this.size = Math.max(this.size, answer.end);
      take(answer);
      this.error = null;
      return answer.data.length > 0;
    } catch (reason) {
      this.loading = null;
      this.error = reason instanceof Error ? reason.message : String(reason);
      return false;
    } finally {
      this.changed();
    }
  }

  /** Tells the view once a frame, however many chunks came. */
  private changed(): void {
    this.version += 1;
    if (this.frame === null && !this.disposed) {
      this.frame = requestAnimationFrame(() => {
        this.frame = null;
        this.listeners.forEach(listener => listener());
      });
    }
  }
}
