import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { asSourceError } from '../../model/errors';
import type { QueryName, StreamName } from '../../model/source';
import type { FakeRunSource } from '../fake';
import { asPush } from './kernelDouble';

interface IFrame {
  readonly op: string;
  readonly id: number;
  readonly stream: StreamName;
  readonly query?: object;
  readonly offset?: number;
}

const STATUS: Record<string, number> = { run_not_found: 404, invalid_argument: 400 };

/** A real HTTP and WebSocket server on loopback which speaks docs/http-api.md over a world in memory. */
export class ServerDouble {
  readonly frames: IFrame[] = [];
  readonly requests: string[] = [];
  private readonly http = createServer((request, response) => void this.handle(request, response));
  private readonly sockets = new WebSocketServer({ server: this.http, path: '/ml-jupyter/socket' });

  constructor(readonly world: FakeRunSource) {
    this.sockets.on('connection', socket => this.serve(socket));
  }

  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.http.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** Cuts every WebSocket, as a network that breaks does. */
  cut(): void {
    this.sockets.clients.forEach(client => client.terminate());
  }

  async close(): Promise<void> {
    this.cut();
    this.http.closeAllConnections();
    await new Promise(resolve => this.http.close(resolve));
  }

  private serve(socket: WebSocket): void {
    const open = new Map<number, { dispose(): void }>();
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as IFrame;
      this.frames.push(frame);
      if (frame.op === 'subscribe') {
        open.set(frame.id, this.follow(socket, frame));
      } else if (frame.op === 'unsubscribe') {
        open.get(frame.id)?.dispose();
      }
    });
    socket.on('close', () => open.forEach(one => one.dispose()));
  }

  private follow(socket: WebSocket, { id, stream, query, ...args }: IFrame): { dispose(): void } {
    const send = (message: object): void => socket.send(JSON.stringify({ id, ...message }));
    return this.world.subscribe(stream, query ?? args, {
      next: message => send(asPush(stream, message)),
      error: ({ code, message }) => send({ type: 'error', code, message })
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    this.requests.push(`${request.method} ${url.pathname}${url.search}`);
    try {
      const [type, body, headers] = await this.answer(request.method ?? 'GET', url);
      response.writeHead(200, { 'Content-Type': type, ...headers }).end(body);
    } catch (reason) {
      const { code, message } = asSourceError(reason);
      const body = JSON.stringify({ code, message, hint: null, details: null });
      response.writeHead(STATUS[code] ?? 500, { 'Content-Type': 'application/json' }).end(body);
    }
  }

  private async answer(
    method: string,
    url: URL
  ): Promise<[string, string | Uint8Array, Record<string, string>]> {
    const json = (body: unknown): [string, string, Record<string, string>] => [
      'application/json',
      JSON.stringify(body),
      {}
    ];
    const [, , , , what, run, part] = url.pathname.split('/');
    const parameters = Object.fromEntries(url.searchParams);
    if (what === undefined) {
      return json({ workspaces: await this.world.query('workspaces', {}) });
    }
    if (method === 'POST' && part === 'cancel') {
      return json(await this.world.command?.('cancel', { run: run ?? '' }));
    }
    if (what === 'runs' && part === 'metrics') {
      const names = url.searchParams.getAll('names');
      return json({ series: await this.world.query('metrics', { run: run ?? '', names }) });
    }
    if (part === 'log') {
      const { offset, end, data } = await this.world.query('bytes', {
        run: run ?? '',
        path: parameters.path ?? '',
        offset: Number(parameters.offset),
        length: Number(parameters.length)
      });
      const headers = { 'X-Offset': String(offset), 'X-End': String(end) };
      return ['application/octet-stream', data, headers];
    }
    const name = run === undefined ? what : (part ?? 'run');
    return json(await this.world.query(name as QueryName, { ...parameters, run }));
  }
}
