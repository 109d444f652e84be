import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';

/** A service as it was asked. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly lines: readonly string[];
  readonly body: string;
}

/** A service behind the proxy: a real server. */
export interface Service {
  readonly url: URL;
  readonly server: Server;
  /** Whole requests, in order. */
  readonly seen: SeenRequest[];
  /** Resolves once so many requests were seen. */
  untilSeen(count: number): Promise<void>;
  close(): Promise<void>;
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** Starts a service that answers whole requests. */
export async function startService(answer: Answer): Promise<Service> {
  const seen: SeenRequest[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    void read(request).then((whole) => {
      seen.push(whole);
      answer(whole, response);
      for (const look of waiting) look();
    });
  });
  const url = await listen(server);
  const untilSeen = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (seen.length < count) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, server, seen, untilSeen, close };
}

/** A service that speaks what it likes on each connection. */
export async function startRawService(
  speak: (socket: Socket, heard: string) => void,
): Promise<Pick<Service, 'url' | 'close'>> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => speak(socket, chunk.toString('latin1')));
  });
  const url = await listen(server);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { url, close };
}

/** An address at which nobody listens. */
export async function nobodysUrl(): Promise<URL> {
  const server = createTcpServer();
  const url = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

export function json(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

/** Listens where nobody else does. */
export async function listen(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}): Promise<URL> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an AddressInfo.
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  // Bytes as they come.
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url: path = '', headers, rawHeaders: lines } = request;
  return { method, path, headers, lines, body: Buffer.concat(chunks).toString('latin1') };
}
