import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program of the demo, with the address it said it listens on. */
export interface RunningProgram {
  readonly url: string;
  readonly process: ChildProcess;
}

const READY_TIMEOUT_MS = 60_000;

/** Starts a Node program and waits until it prints where it listens. Rejects when it ends before, or is too slow. */
export function startProgram(script: string, environment: Readonly<Record<string, string>>): Promise<RunningProgram> {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const complaints: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${script} ${why}\n${complaints.join('')}`));
    const timer = setTimeout(() => fail('did not say that it listens'), READY_TIMEOUT_MS);
    child.once('exit', (code) => fail(`ended with ${String(code)}`));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /(?:ready at|listens on) (http:\S+)/u.exec(line)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve({ url, process: child });
    });
  });
}

/** Asks a program to end and waits until it has. */
export function stopProgram({ process: child }: RunningProgram): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
