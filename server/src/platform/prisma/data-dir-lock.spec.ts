import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { lockDataDir } from './data-dir-lock.js';

let folder: string;
let dataDir: string;
let other: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-lock-'));
  dataDir = join(folder, 'deep', 'data');
});
afterEach(async () => {
  await endOther();
  rmSync(folder, { recursive: true });
});

async function endOther(): Promise<void> {
  if (other?.exitCode === null && other.signalCode === null) {
    other.kill('SIGKILL');
    await once(other, 'exit');
  }
  other = undefined;
}

/** Another process that listens on the lock's socket, as a server does, until it is ended. */
async function startOther(): Promise<void> {
  const script = `require('node:net').createServer().listen(process.argv[1], () => console.log('up'))`;
  other = spawn(process.execPath, ['-e', script, join(dataDir, 'server.sock')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (other.stdout === null) throw new Error('It was asked for.');
  for await (const line of createInterface({ input: other.stdout })) if (line === 'up') return;
}

it('makes the folder, holds it, and lets go of it', async () => {
  const release = await lockDataDir(dataDir);
  await expect(lockDataDir(dataDir)).rejects.toThrow('Another server');
  release();
  (await lockDataDir(dataDir))();
});

it('keeps out of a folder that another process holds, and says what to do', async () => {
  (await lockDataDir(dataDir))();
  await startOther();
  await expect(lockDataDir(dataDir)).rejects.toThrow(/SLUICE_DATA_DIR.*DATABASE_URL/u);
});

it('takes over from a process that was killed', async () => {
  (await lockDataDir(dataDir))();
  await startOther();
  await endOther();
  (await lockDataDir(dataDir))();
});

it('takes over from whatever else stands in its place', async () => {
  (await lockDataDir(dataDir))();
  writeFileSync(join(dataDir, 'server.sock'), 'no socket');
  (await lockDataDir(dataDir))();
});

it('locks a folder whose path is too long for a socket', async () => {
  const deep = join(dataDir, 'x'.repeat(120));
  const release = await lockDataDir(deep);
  await expect(lockDataDir(deep)).rejects.toThrow('Another server');
  release();
});
