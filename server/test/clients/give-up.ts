import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends half of a POST, in the name of a token, and is gone. */
export async function giveUp(url: string, path: string, token: string, headers: readonly string[] = []): Promise<void> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${host}`,
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    'content-length: 1000',
    'expect: 100-continue',
    ...headers,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n{"key":`);
  // The server has read that much.
  await once(socket, 'data');
  socket.destroy();
  await once(socket, 'close');
}
