import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, type Account } from '../run-command.ts';

const readyTimeoutMs = 30_000;
const pollMs = 50;
const stopTimeoutMs = 5_000;

export interface LocalProcess {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly account: Account | undefined;
  /** Asks once whether the server answers. */
  readonly isReady: () => Promise<boolean>;
}

/** Ends a server: by SIGINT, which is a fast shutdown for PostgreSQL and Redis alike, or as it is told to. */
export type StopProcess = (signal?: NodeJS.Signals) => Promise<void>;

/** Starts a server and waits until it answers. Answers how to stop it; a server that does not come up is an error. */
export async function startLocalProcess(server: LocalProcess): Promise<StopProcess> {
  const { command, args, directory, account } = server;
  const child = spawn(command, args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'], ...account });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => void (log = (log + chunk.toString()).slice(-4_000)));
  child.on('error', (error) => void (log += error.message));

  const deadline = Date.now() + readyTimeoutMs;
  while (!(await server.isReady())) {
    if (hasEnded(child) || child.pid === undefined || Date.now() > deadline) {
      await stop(child);
      throw new Error(`${command} did not come up:\n${log}`);
    }
    await sleep(pollMs);
  }
  return (signal) => stop(child, signal);
}

/** After SIGINT clients are cut, not waited for. */
async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await Promise.race([ended, sleep(stopTimeoutMs, undefined, { ref: false })]);
  if (!hasEnded(child)) child.kill('SIGKILL');
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** A port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens has an address
  server.close();
  await once(server, 'close');
  return port;
}

export function makeDirectory(name: string, account: Account | undefined): string {
  const directory = mkdtempSync(join(tmpdir(), `sluice-test-${name}-`));
  if (account) chownSync(directory, account.uid, account.gid);
  return directory;
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

/** For root, an account without its rights: PostgreSQL refuses to run as root. Undefined for everybody else. */
export async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name], { isQuiet: true })));
    if (uid?.exitCode === 0 && gid?.exitCode === 0) return { uid: Number(uid.output), gid: Number(gid.output) };
  }
  return undefined;
}
