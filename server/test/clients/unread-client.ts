import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A client that has asked for a stream and reads nothing of it until it is read from. */
export interface UnreadClient {
  readonly client: Socket;
  /** The server's side of it. */
  readonly response: ServerResponse;
  close(): void;
}

/** Connects a client over a real socket, so that what is not read fills real buffers. */
export async function connectUnread(): Promise<UnreadClient> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on an address and a port has them.
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.pause();
  client.on('error', () => undefined);
  client.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  // Node's contract of "request".
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  const close = (): void => {
    client.destroy();
    server.close();
  };
  return { client, response, close };
}
