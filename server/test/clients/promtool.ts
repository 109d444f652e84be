import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What promtool found. */
export interface Checked {
  readonly exitCode: number | null;
  /** Errors and lint warnings, as it words them. */
  readonly said: string;
}

/** Runs the promtool that stands beside a Prometheus, as every package and image has it. */
export async function promtool(prometheus: string, args: readonly string[], input = ''): Promise<Checked> {
  const child = spawn(prometheus.replace(/prometheus$/u, 'promtool'), args, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  // 'close' brings the exit code first.
  const [out, err, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exitCode, said: out + err };
}
