import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The longest path that a Unix socket may have on every system. */
const MAX_SOCKET_PATH = 100;

/**
 * Keeps a second server out of an embedded database, which has no lock of its own. The lock is a socket on which the
 * holder listens: the system ends it with the process, however that ends, and it is seen from other containers and by
 * other users too, where process ids say nothing. Resolves to its release.
 */
export async function lockDataDir(dataDir: string): Promise<() => void> {
  mkdirSync(dataDir, { recursive: true });
  const address = socketOf(dataDir);
  if (await isHeld(address)) throw heldBy(dataDir);
  if (process.platform !== 'win32') rmSync(address, { force: true });
  const server = createServer((socket) => socket.destroy());
  try {
    await listen(server, address);
  } catch (error) {
    throw new Error(`SLUICE_DATA_DIR ${dataDir} cannot be locked.`, { cause: error });
  }
  return () => server.close();
}

function socketOf(dataDir: string): string {
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\sluice-${name}`;
  const path = join(dataDir, 'server.sock');
  return path.length <= MAX_SOCKET_PATH ? path : join(tmpdir(), `sluice-${name}.sock`);
}

/** Whether somebody listens. One who listens but does not let us in (another user's server) listens all the same. */
function isHeld(address: string): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => answer(code !== 'ENOENT' && code !== 'ECONNREFUSED'));
  });
}

async function listen(server: Server, address: string): Promise<void> {
  // The lock keeps no process alive that has nothing else to do.
  server.listen(address).unref();
  await once(server, 'listening');
}

function heldBy(dataDir: string): Error {
  return new Error(
    `Another server already serves the data in SLUICE_DATA_DIR ${dataDir}. Stop it, choose another folder, ` +
      `or set DATABASE_URL to share one PostgreSQL between servers.`,
  );
}
