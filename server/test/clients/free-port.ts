import { once } from 'node:events';
import { createServer } from 'node:net';

/** Above what needs rights, below what any system hands out to who asks for any port (RFC 6335: from 49152; Linux: from 32768). */
const LOWEST = 10_000;
const HIGHEST = 15_999;

/**
 * A port of the loopback interface on which nobody listens. It stays so while its taker starts, or ends and starts anew:
 * one that the system chose could meanwhile be chosen for another suite.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
