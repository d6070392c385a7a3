import type { IRunSource, IStreams, QueryName, StreamName } from '../../model/source';
import { asSourceError } from '../../model/errors';
import { toBase64 } from '../bytes';
import { isJson } from '../pushes';
import type { IWidgetModel } from '../kernel';
import type { IRunSnapshot } from '../../model/types';

type Listener = (message: unknown) => void;
interface IQuestion {
  readonly id: number;
  readonly verb: string;
  readonly args: Record<string, unknown>;
}

/** A stream's message as it travels: by the name of its type, bytes as base64. */
export function asPush(stream: StreamName, message: unknown): Record<string, unknown> {
  switch (stream) {
    case 'run':
      return { type: 'run', run: message };
    case 'metrics':
      return { type: 'metrics', series: message };
    case 'log': {
      const chunk = message as IStreams['log']['message'];
      return { type: 'chunk', ...chunk, data: toBase64(chunk.data) };
    }
    default:
      return { type: stream, ...(message as object) };
  }
}

/** The Python side of the widget over a world in memory, by docs/http-api.md; messages are copied as JSON. */
export class KernelDouble implements IWidgetModel {
  readonly refused: string[] = [];
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly streams = new Map<number, { dispose(): void }>();

  constructor(
    private readonly world: IRunSource,
    private snapshot: IRunSnapshot | null = null,
    /** Streams that this kernel does not follow. */
    private readonly refuses: readonly StreamName[] = []
  ) {}

  get(): IRunSnapshot | null {
    return this.snapshot;
  }

  setSnapshot(snapshot: IRunSnapshot): void {
    this.snapshot = snapshot;
    this.tell('change:snapshot', undefined);
  }

  on(event: string, listener: Listener): void {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.listeners.get(event)?.delete(listener);
  }

  get listening(): number {
    return [...this.listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }

  send(message: unknown): void {
    const question = JSON.parse(JSON.stringify(message)) as IQuestion;
    void this.answer(question);
  }

  private tell(event: string, message: unknown): void {
    const copy: unknown = message === undefined ? undefined : JSON.parse(JSON.stringify(message));
    this.listeners.get(event)?.forEach(listener => listener(copy));
  }

  private async answer({ id, verb, args }: IQuestion): Promise<void> {
    if (verb === 'subscribe') {
      const { stream, ...rest } = args as { stream: StreamName };
      if (this.refuses.includes(stream)) {
        this.push(id, { type: 'error', code: 'not_available', message: 'Not followed.' });
        this.refused.push(stream);
        return;
      }
      const subscription = this.world.subscribe(stream, rest, {
        next: message => this.push(id, asPush(stream, message)),
        error: ({ code, message }) => this.push(id, { type: 'error', code, message })
      });
      this.streams.set(id, subscription);
    } else if (verb === 'unsubscribe') {
      this.streams.get(Number(args.subscription))?.dispose();
    } else if (verb !== 'ack') {
      await this.reply(id, verb, args);
    }
  }

  private async reply(id: number, verb: string, args: Record<string, unknown>): Promise<void> {
    try {
      const answer: unknown =
        verb === 'cancel'
          ? await this.world.command?.('cancel', args as never)
          : await this.world.query((verb === 'log' ? 'bytes' : verb) as QueryName, args);
      const body =
        isJson(answer) && answer.data instanceof Uint8Array
          ? { ...answer, data: toBase64(answer.data) }
          : answer;
      this.tell('msg:custom', { id, answer: body });
    } catch (reason) {
      const { code, message } = asSourceError(reason);
      this.tell('msg:custom', { id, error: { code, message } });
    }
  }

  private push(subscription: number, message: object): void {
    this.tell('msg:custom', { subscription, message });
  }
}
