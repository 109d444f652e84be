import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface ProcessOptions {
  /** For node itself, before the script. */
  readonly nodeArguments?: readonly string[];
  /** A script that is silent for so long is ended. Default: ten minutes, longer than anything takes. */
  readonly timeoutMs?: number;
}

/** Starts a script of this folder in a process of its own, and answers with the first message that it sends. */
export function startProcess<Message>(
  script: string,
  scriptArguments: readonly string[] = [],
  { nodeArguments = [], timeoutMs = 600_000 }: ProcessOptions = {},
): Promise<{ child: ChildProcess; message: Message }> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), scriptArguments, {
    stdio: 'inherit',
    execArgv: [...nodeArguments],
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${script} said nothing for ${timeoutMs} ms`));
    }, timeoutMs);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${script} ended with ${String(code)}`));
    });
    // Each script begins with a message of the shape its caller names.
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve({ child, message: message as Message });
    });
  });
}
