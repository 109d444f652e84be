import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ProcessCosts } from './answer-costs.js';

/** What a child that called `answerCosts` has cost so far. */
export async function costsOf(child: ChildProcess): Promise<ProcessCosts> {
  const answer = once(child, 'message');
  child.send('costs');
  return ((await answer) as [ProcessCosts])[0]; // the process answers with them
}

/** Asks a child to end and waits; one that does not within ten seconds is ended. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}
