import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stream that a client asked for through the proxy. */
export interface PassedStream {
  /** Where it was sent. */
  readonly server: string;
  /** On the clock of `performance`. */
  readonly openedMs: number;
  endedMs: number | undefined;
}

/** A server that is busy is still ready. */
const PATIENCE_MS = 10_000;

/**
 * A load balancer in front of servers, as any HTTP one: each request goes to the first server that says it is ready, of
 * those that it looks at all the time. It keeps no connections to them.
 */
export class SwitchingProxy {
  /** Those that were answered. */
  readonly streams: PassedStream[] = [];
  readonly refused: number[] = [];
  private readonly ready = new Set<string>();
  private isOver = false;
  private readonly looking: Promise<void>;

  private constructor(
    private readonly http: Server,
    private readonly servers: readonly string[],
    private readonly streamPath: string,
  ) {
    this.looking = this.look();
    http.on('request', (request: IncomingMessage, response: ServerResponse) => this.pass(request, response));
  }

  /** Listens before servers, of which the first that is ready is asked; counts what is asked for at a path. */
  static async open(servers: readonly string[], streamPath: string): Promise<SwitchingProxy> {
    const http = createServer();
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new SwitchingProxy(http, servers, streamPath);
  }

  get url(): string {
    // It listens on TCP, so it has a port.
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.isOver = true;
    this.http.closeAllConnections();
    this.http.close();
    await this.looking;
  }

  private async look(): Promise<void> {
    while (!this.isOver) {
      for (const server of this.servers) {
        const isReady = await fetch(`${server}/readyz`, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
          async (answer) => {
            await answer.arrayBuffer();
            return answer.ok;
          },
          () => false,
        );
        if (isReady) this.ready.add(server);
        else this.ready.delete(server);
      }
    }
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const server = this.servers.find((each) => this.ready.has(each));
    if (server === undefined) return void response.writeHead(502).end();
    const { method, url = '/', headers } = request;
    const onward = ask(new URL(url, server), { method, headers, agent: false });
    onward.on('error', () => response.destroy());
    onward.on('response', (answer) => {
      const status = answer.statusCode ?? 502;
      response.writeHead(status, answer.headers);
      if (url.startsWith(this.streamPath)) this.count(server, status, answer);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  }

  private count(server: string, status: number, answer: IncomingMessage): void {
    if (status !== 200) return void this.refused.push(status);
    const stream: PassedStream = { server, openedMs: performance.now(), endedMs: undefined };
    this.streams.push(stream);
    answer.once('close', () => (stream.endedMs = performance.now()));
  }
}
