import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  if (other?.exitCode === null && other.signalCode === null) {
    other.kill('SIGKILL');
    await once(other, 'exit');
  }
  other = undefined;
  rmSync(folder, { recursive: true });
});

const pidFile = () => join(dataDir, 'server.pid');
/** Another process that lives until it is ended. */
const startOther = async (): Promise<number> => {
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(other, 'spawn');
  if (other.pid === undefined) throw new Error('It has been spawned.');
  return other.pid;
};

it('makes the folder, holds it under its process id, and lets go of it', () => {
  const release = lockDataDir(dataDir);
  expect(readFileSync(pidFile(), 'utf8')).toBe(String(process.pid));
  release();
  expect(existsSync(pidFile())).toBe(false);
});

it('keeps out of a folder that a living process holds, and says what to do', async () => {
  lockDataDir(dataDir);
  const holder = await startOther();
  writeFileSync(pidFile(), String(holder));
  expect(() => lockDataDir(dataDir)).toThrow(new RegExp(`Process ${holder}.*SLUICE_DATA_DIR.*DATABASE_URL`, 'u'));
  expect(readFileSync(pidFile(), 'utf8')).toBe(String(holder));
});

it('takes over from a process that is gone', async () => {
  lockDataDir(dataDir);
  const holder = await startOther();
  writeFileSync(pidFile(), String(holder));
  other?.kill('SIGKILL');
  if (other !== undefined) await once(other, 'exit');
  lockDataDir(dataDir)();
});

it.each(['', 'no number', '-1', '0', '1.5'])('takes over a lock that says %j', (content) => {
  lockDataDir(dataDir);
  writeFileSync(pidFile(), content);
  expect(() => lockDataDir(dataDir)).not.toThrow();
});
