import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const ENDED_MS = 10_000;
/** After which wrk takes an answer for lost. Its own two seconds are less than what some servers keep callers waiting. */
const ANSWER_SECONDS = 8;

export interface WrkLoad {
  readonly url: string;
  /** Connections, each with one request under way at most. */
  readonly callers: number;
  readonly seconds: number;
}

/** Runs wrk on one thread by a script in Lua, whose `done` prints one line of JSON to stderr: that is the answer. */
export async function runWrkScript<T>(script: string, { url, callers, seconds }: WrkLoad): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const path = join(folder, 'load.lua');
    writeFileSync(path, script);
    const child = spawn(
      'wrk',
      ['-t1', `-c${callers}`, `-d${seconds}s`, `--timeout=${ANSWER_SECONDS}s`, '-s', path, url],
      { stdio: ['ignore', 'ignore', 'pipe'], timeout: seconds * 1_000 + ENDED_MS },
    );
    const ended = once(child, 'close').catch((error: unknown) => {
      throw new Error('wrk cannot be started; install it: apt-get install wrk.', { cause: error });
    });
    const [said] = await Promise.all([text(child.stderr), ended]);
    return JSON.parse(said) as T; // what the script prints
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
