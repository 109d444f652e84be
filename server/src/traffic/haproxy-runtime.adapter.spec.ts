import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { HaproxyRuntime } from './haproxy-runtime.adapter.js';

let server: Server | undefined;
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server?.close();
});

/** A runtime API that does this with every connection, once it has been asked. */
async function runtimeThat(answer: (socket: Socket, command: string) => void, timeoutMs = 5_000) {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => answer(socket, chunk.toString()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens has an address
  return new HaproxyRuntime(`127.0.0.1:${port}`, timeoutMs);
}

it('sends one line, and answers without the empty line at the end', async () => {
  const runtime = await runtimeThat((socket, command) => socket.end(`you said ${JSON.stringify(command)}\n\n`));
  expect(await runtime.ask('show info')).toBe('you said "show info\\n"');
});

it('takes an empty line for an empty answer', async () => {
  const runtime = await runtimeThat((socket) => socket.end('\n'));
  expect(await runtime.ask('set map a b 1')).toBe('');
});

it.each<[string, (socket: Socket) => void, number]>([
  ['is cut off in the middle of a line', (socket) => socket.end('# pxname,svna'), 5_000],
  ['is cut off behind a line', (socket) => socket.end('# pxname,svname\n'), 5_000],
  ['never comes', () => undefined, 100],
  ['never ends', (socket) => socket.write('# pxname\n'), 100],
  ['is a reset', (socket) => socket.resetAndDestroy(), 5_000],
])('an answer that %s is none', async (_how, answer, timeoutMs) => {
  const runtime = await runtimeThat(answer, timeoutMs);
  await expect(runtime.ask('show stat')).rejects.toMatchObject({ kind: 'unavailable', code: 'ROUTER_UNREACHABLE' });
});

it('names a socket that is not there', async () => {
  const runtime = new HaproxyRuntime('/no/such/admin.sock', 1_000);
  await expect(runtime.ask('show stat')).rejects.toThrow('/no/such/admin.sock');
});
