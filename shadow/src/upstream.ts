import { Agent as HttpAgent, type ClientRequest, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { RequestHead } from './request-head.js';

/**
 * Idle connections are closed before most servers close theirs (Node after 5 s, others later), so that few requests
 * meet a connection that is being closed.
 */
const IDLE_MS = 4_000;

/** One service that requests are sent to, over connections of its own. */
export class Upstream {
  readonly authority: string;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #send: typeof httpRequest;
  readonly #options: { readonly protocol: string; readonly hostname: string; readonly port: string };
  readonly #basePath: string;

  constructor(url: URL, maxSockets = Number.POSITIVE_INFINITY) {
    const isSecure = url.protocol === 'https:';
    const options = { keepAlive: true, timeout: IDLE_MS, maxSockets, maxFreeSockets: 1_024 };
    this.#agent = isSecure ? new HttpsAgent(options) : new HttpAgent(options);
    this.#send = isSecure ? httpsRequest : httpRequest;
    this.authority = url.host;
    // Node wants an IPv6 address without its brackets.
    const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
    this.#options = { protocol: url.protocol, hostname, port: url.port || (isSecure ? '443' : '80') };
    this.#basePath = url.pathname.replace(/\/+$/, '');
  }

  /** Begins a request. What it comes to, its events tell. */
  request({ method, path, lines }: RequestHead): ClientRequest {
    return this.#send({
      ...this.#options,
      agent: this.#agent,
      method,
      path: path === '*' ? path : this.#basePath + path,
      headers: lines,
      setHost: false,
    });
  }

  /** Begins a request whose connection is handed over to it. */
  upgrade({ method, path, lines }: RequestHead): ClientRequest {
    return this.#send({ ...this.#options, agent: false, method, path: this.#basePath + path, headers: lines });
  }

  close(): void {
    this.#agent.destroy();
  }
}
