import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { CloudEvent } from '../../src/events/index.js';

/** One request as it arrived. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver does with its n-th request of a path, from 0. */
export type Script = (response: ServerResponse, n: number) => void;

export const answer =
  (status: number, headers: Record<string, string> = {}): Script =>
  (response) =>
    response.writeHead(status, headers).end();

/** A real receiver of webhooks, one script for each path. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  private readonly scripts = new Map<string, Script>();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = request.url ?? '';
        const n = this.at(path).length;
        this.received.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString() });
        (this.scripts.get(path) ?? answer(204))(response, n);
      });
    });
  }

  static async listen(port = 0): Promise<WebhookReceiver> {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new WebhookReceiver(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  play(path: string, script: Script): void {
    this.scripts.set(path, script);
  }

  /** All that arrived at a path. */
  at(path: string): readonly Received[] {
    return this.received.filter((each) => each.path === path);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Checks a request with the library of Standard Webhooks; throws unless it was signed with the secret. */
export function verify({ headers, body }: Received, secret: string): CloudEvent {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as CloudEvent;
}
