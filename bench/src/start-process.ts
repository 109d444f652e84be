import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts a script of this folder in a process of its own, and answers with the one message that it sends. */
export function startProcess<Message>(
  script: string,
  scriptArguments: readonly string[] = [],
  nodeArguments: readonly string[] = [],
): Promise<{ child: ChildProcess; message: Message }> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), scriptArguments, {
    stdio: 'inherit',
    execArgv: [...nodeArguments],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${String(code)}`)));
    // Each script sends one message, of the shape its caller names.
    child.once('message', (message) => resolve({ child, message: message as Message }));
  });
}
