import type { IDisposable, IStreams, ISubscriber, StreamName } from '../model/source';
import type { IRunSnapshot } from '../model/types';
import { SnapshotRunSource } from './snapshot';

/** What the model keeps of a stream, told until the kernel itself has spoken and again at each renewal. */
export class KeptStream<S extends StreamName> {
  private current: IDisposable | null = null;

  constructor(
    private readonly stream: S,
    private readonly args: IStreams[S]['args'],
    private readonly subscriber: ISubscriber<IStreams[S]['message']>
  ) {}

  tell(snapshot: IRunSnapshot): void {
    if (!this.isKept) {
      return;
    }
    this.superseded();
    this.current = new SnapshotRunSource(snapshot).subscribe(this.stream, this.args, {
      next: message => this.subscriber.next(message)
    });
  }

  superseded(): void {
    this.current?.dispose();
  }

  /** A log's kept tail has no offsets, and of lists only the run's children are kept: the rest comes by messages. */
  get isKept(): boolean {
    return (
      this.stream === 'run' ||
      this.stream === 'metrics' ||
      this.stream === 'trials' ||
      (this.stream === 'runs' && (this.args as IStreams['runs']['args']).parent !== undefined)
    );
  }
}
