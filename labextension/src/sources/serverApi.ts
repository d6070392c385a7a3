import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { SourceError } from '../model/errors';
import { trans } from '../model/language';
import { isJson } from './pushes';
import { FeedSocket, type ISocket } from './socket';

const ROOT = 'ml-jupyter';

/** The Jupyter server as all sources of a page share it: its requests, and one WebSocket. */
export class ServerApi {
  readonly feeds = new FeedSocket(() => this.openSocket());

  constructor(readonly settings: ServerConnection.ISettings) {}

  /** Absolute URL below the base URL; the path's parts must be encoded already. */
  url(path: string): string {
    return URLExt.join(this.settings.baseUrl, path);
  }

  /** Answer of the extension's server side; throws SourceError with the code that the server gives. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(
        this.url(`${ROOT}/${path}`),
        init,
        this.settings
      );
    } catch (reason) {
      throw new SourceError(
        'network',
        trans.__('The Jupyter server cannot be reached (%1).', String(reason))
      );
    }
    if (!response.ok) {
      throw await errorOf(response);
    }
    return response;
  }

  /** The JSON of an answer, or of a change when there is a body. */
  async json<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
    const response = await this.request(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
    return (await response.json()) as T;
  }

  dispose(): void {
    this.feeds.dispose();
  }

  private openSocket(): ISocket {
    const { wsUrl, token, appendToken, WebSocket } = this.settings;
    const url = URLExt.join(wsUrl, ROOT, 'socket');
    return new WebSocket(appendToken && token ? `${url}?token=${encodeURIComponent(token)}` : url);
  }
}

async function errorOf(response: Response): Promise<SourceError> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (isJson(body) && typeof body.message === 'string') {
      const code = typeof body.code === 'string' ? body.code : `http_${response.status}`;
      return new SourceError(code, body.message, typeof body.hint === 'string' ? body.hint : null);
    }
  } catch {
    // Not our server side: a proxy's page, or an old server.
  }
  const hint =
    response.status === 404 ? ` ${trans.__('Its ml_jupyter extension may not be enabled.')}` : '';
  return new SourceError(
    `http_${response.status}`,
    `${trans.__('The Jupyter server answered %1 %2.', response.status, response.statusText)}${hint}`
  );
}
