import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../bin/sluice.js', import.meta.url));

/** A command that has ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until it has said something on either stream. */
  said(words: RegExp): Promise<void>;
}

/** Starts the built command as a pipeline would: without a terminal, and with nothing but these variables. */
export function startSluice(words: readonly string[], env: Readonly<Record<string, string>>, input = ''): Running {
  const child = spawn(process.execPath, [MAIN, ...words], { env: { PATH: process.env['PATH'], ...env } });
  child.stdin.end(input);
  let out = '';
  let err = '';
  const hearing = new EventTarget();
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    hearing.dispatchEvent(new Event('said'));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    hearing.dispatchEvent(new Event('said'));
  });
  // Only then, for what it said last may come after its exit.
  let isClosed = false;
  const ended = once(child, 'close').then(([exitCode]): Ended => {
    isClosed = true;
    hearing.dispatchEvent(new Event('said'));
    return { exitCode: exitCode as number | null, out, err }; // Node's contract of "close"
  });
  const said = async (words: RegExp): Promise<void> => {
    while (!words.test(out + err)) {
      if (isClosed) throw new Error(`It ended without saying ${String(words)}:\n${out}${err}`);
      await new Promise((resolve) => hearing.addEventListener('said', resolve, { once: true }));
    }
  };
  return { child, ended, said };
}

/** Runs the built command to its end, with a text on standard input. */
export function spawnSluice(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<Ended> {
  return startSluice(words, env, input).ended;
}
