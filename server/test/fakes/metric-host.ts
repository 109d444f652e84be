import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HeardRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Reply = (request: HeardRequest, response: ServerResponse) => void;

/** An HTTP server on the loopback interface that says what a test tells it to, and remembers what it heard. */
export interface MetricHost {
  readonly url: string;
  readonly heard: readonly HeardRequest[];
  reply: Reply;
  close(): Promise<void>;
}

export async function startMetricHost(reply: Reply = replyJson({})): Promise<MetricHost> {
  const heard: HeardRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => void (body += chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      heard.push({ method, path: url, headers, body });
      host.reply(heard.at(-1) ?? { method, path: url, headers, body }, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens has an address
  const host: MetricHost = {
    url: `http://127.0.0.1:${port}`,
    heard,
    reply,
    close: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return host;
}

export function replyJson(body: unknown, status = 200): Reply {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}

export function replyText(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Reply {
  return (_request, response) => void response.writeHead(status, headers).end(body);
}

/** Takes the request and never answers. */
export const hang: Reply = () => undefined;

/** Answers each request with the next reply, and with the last from then on. */
export function inTurn(...replies: readonly [Reply, ...Reply[]]): Reply {
  let next = 0;
  return (request, response) => {
    const reply = replies[Math.min(next, replies.length - 1)] ?? replies[0];
    next += 1;
    reply(request, response);
  };
}
