import { SourceError } from '../model/errors';
import type {
  CommandName,
  Connection,
  ICommands,
  IDisposable,
  IQueries,
  IRunSource,
  ISourceError,
  IStreams,
  ISubscriber,
  QueryName,
  StreamName
} from '../model/source';
import { trans } from '../model/language';
import type { IRunSnapshot } from '../model/types';
import { ConnectionState } from './connection';
import { KeptStream } from './kept';
import { LogCursor, isJson, readPush, type Json } from './pushes';
import { READ, VERBS } from './verbs';

/** A kernel answers between two cells, so a question may wait for a long one; after this it is given up. */
const ANSWER_WITHIN_MS = 60_000;

/** The part of an anywidget model that is used. */
export interface IWidgetModel {
  get(name: 'snapshot'): IRunSnapshot | null;
  /** Events are `msg:custom`, with the message, and `change:snapshot`. */
  on(event: string, listener: (message: unknown) => void): void;
  off(event: string, listener: (message: unknown) => void): void;
  send(message: unknown): void;
}

interface IQuestion {
  resolve(answer: unknown): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

interface IFollower {
  next(message: Json): void;
  /** Told when the kept snapshot has been renewed. */
  refresh(snapshot: IRunSnapshot): void;
  error(error: ISourceError): void;
}

/** A run by the messages of its widget: what the model keeps is told at once, the rest when the kernel speaks. */
export class KernelRunSource implements IRunSource {
  private readonly state = new ConnectionState({ state: 'connecting' });
  private readonly questions = new Map<number, IQuestion>();
  private readonly followers = new Map<number, IFollower>();
  /** Every view of a model hears all answers: the numbers of two do not meet. */
  private lastId = Math.floor(Math.random() * 2 ** 32) * 2 ** 20;

  constructor(private readonly model: IWidgetModel) {
    model.on('msg:custom', this.received);
    model.on('change:snapshot', this.renewed);
  }

  get connection(): Connection {
    return this.state.current;
  }

  async query<Q extends QueryName>(
    name: Q,
    args: IQueries[Q]['args']
  ): Promise<IQueries[Q]['answer']> {
    const verb = VERBS[name];
    if (verb === undefined) {
      throw new SourceError(
        'not_available',
        trans.__('The kernel does not tell this; the server does.')
      );
    }
    const answer = await this.ask(verb, args);
    return READ[name](answer) as IQueries[Q]['answer'];
  }

  async command<C extends CommandName>(
    name: C,
    args: ICommands[C]['args']
  ): Promise<ICommands[C]['answer']> {
    if (name !== 'cancel') {
      throw new SourceError('not_available', trans.__('From here a run can only be stopped.'));
    }
    return (await this.ask('cancel', args)) as ICommands[C]['answer'];
  }

  subscribe<S extends StreamName>(
    stream: S,
    args: IStreams[S]['args'],
    subscriber: ISubscriber<IStreams[S]['message']>
  ): IDisposable {
    const id = ++this.lastId;
    const cursor =
      stream === 'log' ? new LogCursor((args as IStreams['log']['args']).offset) : null;
    const kept = new KeptStream(stream, args, subscriber);
    this.followers.set(id, {
      next: message => {
        const push = readPush(stream, message);
        const told = cursor && push ? cursor.accept(push as IStreams['log']['message']) : push;
        if (told !== null && told !== 'gap') {
          kept.superseded();
          subscriber.next(told);
        }
        if (cursor) {
          this.send(++this.lastId, 'ack', { subscription: id, offset: cursor.offset });
        }
      },
      refresh: snapshot => kept.tell(snapshot),
      error: error => {
        // A kernel follows no lists: the children then come with each renewed snapshot.
        if (error.code !== 'not_available' || !kept.isKept) {
          this.followers.delete(id);
          subscriber.error?.(error);
        }
      }
    });
    const snapshot = this.model.get('snapshot');
    if (snapshot) {
      kept.tell(snapshot);
    }
    this.send(id, 'subscribe', { stream, ...args });
    return {
      dispose: () => {
        kept.superseded();
        if (this.followers.delete(id)) {
          this.send(++this.lastId, 'unsubscribe', { subscription: id });
        }
      }
    };
  }

  fileUrl(): null {
    return null;
  }

  pageUrl(): null {
    return null;
  }

  onConnection(listener: (connection: Connection) => void): IDisposable {
    return this.state.listen(listener);
  }

  retryNow(): void {
    // The comm is the kernel's; it cannot be opened from here.
  }

  dispose(): void {
    this.model.off('msg:custom', this.received);
    this.model.off('change:snapshot', this.renewed);
    for (const id of this.followers.keys()) {
      this.send(++this.lastId, 'unsubscribe', { subscription: id });
    }
    for (const question of this.questions.values()) {
      clearTimeout(question.timer);
      question.reject(new SourceError('closed', trans.__('The view was closed.')));
    }
    this.followers.clear();
    this.questions.clear();
    this.state.dispose();
  }

  private ask(verb: string, args: object): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.questions.delete(id);
        reject(
          new SourceError(
            'timeout',
            trans.__('The kernel has not answered for 60 s. It is busy or gone.')
          )
        );
      }, ANSWER_WITHIN_MS);
      this.questions.set(id, { resolve, reject, timer });
      this.send(id, verb, args);
    });
  }

  private send(id: number, verb: string, args: object): void {
    try {
      this.model.send({ id, verb, args });
    } catch {
      // A comm whose kernel is gone refuses to send; the kept snapshot stays, a question times out.
    }
  }

  private readonly renewed = (): void => {
    const snapshot = this.model.get('snapshot');
    if (snapshot) {
      this.heard();
      for (const follower of [...this.followers.values()]) {
        follower.refresh(snapshot);
      }
    }
  };

  private readonly received = (message: unknown): void => {
    if (!isJson(message)) {
      return;
    }
    this.heard();
    if (typeof message.subscription === 'number' && isJson(message.message)) {
      this.pushed(message.subscription, message.message);
    } else if (typeof message.id === 'number') {
      this.answered(message.id, message);
    }
  };

  private heard(): void {
    if (this.state.current.state !== 'live') {
      this.state.set({ state: 'live' });
    }
  }

  private pushed(id: number, message: Json): void {
    const follower = this.followers.get(id);
    if (message.type === 'error') {
      follower?.error(new SourceError(String(message.code), String(message.message)));
    } else {
      follower?.next(message);
    }
  }

  private answered(id: number, message: Json): void {
    const error = isJson(message.error)
      ? new SourceError(String(message.error.code), String(message.error.message))
      : null;
    if (error) {
      this.followers.get(id)?.error(error);
    }
    const question = this.questions.get(id);
    if (!question) {
      return;
    }
    this.questions.delete(id);
    clearTimeout(question.timer);
    if (error) {
      question.reject(error);
    } else {
      question.resolve(message.answer);
    }
  }
}
