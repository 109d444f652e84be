import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-start-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** Starts the server and waits for its end, which a start that fails brings by itself. */
async function startInVain(
  settings: Readonly<Record<string, string>>,
): Promise<{ exitCode: number; out: string; err: string }> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'],
      SLUICE_DATA_DIR: dataDir,
      SLUICE_HTTP_PORT: '0',
      SLUICE_GRPC_PORT: '0',
      SLUICE_LOG_LEVEL: 'silent',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, ...said };
}

describe('a server that cannot start', () => {
  it('has shown its admin token all the same, for it will not show it again', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo; // it listens on TCP
    const { exitCode, out, err } = await startInVain({ SLUICE_HTTP_PORT: String(port) });
    other.close();
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/SLUICE_HTTP_PORT.*\n.*EADDRINUSE/u)]);
    expect(out).toMatch(/slu_admin_[\w-]{43}/u);
  });

  it.each<[string, Record<string, string>, number, RegExp]>([
    ['PostgreSQL', { DATABASE_URL: 'postgresql://nobody:x@127.0.0.1:1/x' }, 1, /^DATABASE_URL .*\n.*ECONNREFUSED/u],
    ['several settings', { SLUICE_HTTP_PORT: 'x', REDIS_URL: 'no' }, 2, /SLUICE_HTTP_PORT[^]*REDIS_URL/u],
  ])('says that it is for %s, and ends', async (_name, settings, code, words) => {
    const { exitCode, err } = await startInVain(settings);
    expect([exitCode, err]).toEqual([code, expect.stringMatching(words)]);
  });
});
