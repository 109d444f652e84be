import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export const repository = join(import.meta.dirname, '..');

export interface RunOptions {
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Collects the output instead of showing it. */
  readonly isQuiet?: boolean;
  /** The account to run as; the current one when absent. */
  readonly account?: Account;
  readonly timeoutMs?: number;
  readonly onStart?: (child: ChildProcess) => void;
}

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface RunResult {
  readonly exitCode: number;
  /** Both streams as they came, when quiet. */
  readonly output: string;
  /** The first of them alone: what the program answers, without what it warns of. */
  readonly stdout: string;
}

/** Runs a program to its end. Never throws: a program that cannot be started, or is killed, answers a failing code. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.account ? '/' : repository,
      env: { ...process.env, ...options.env },
      stdio: options.isQuiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs }),
      ...options.account,
    });
    let output = '';
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      stdout += chunk;
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => void (output += chunk));
    child.once('error', (error) => resolve({ exitCode: 127, output: `${output}${error.message}\n`, stdout }));
    child.once('close', (code) => resolve({ exitCode: code ?? 1, output, stdout }));
    options.onStart?.(child);
  });
}
