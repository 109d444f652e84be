import type { ProcessCosts } from '../answer-costs.js';
import { costsOf, stopProcess } from '../bench-process.js';
import { startProcess } from '../start-process.js';

/** A server in a process of its own, that tells what it costs. */
export interface MeasuredServer {
  /** Where it listens. */
  readonly url: string;
  costs(): Promise<ProcessCosts>;
  stop(): Promise<void>;
}

/** Starts a script that tells `{ url }`, and answers with its costs. */
export async function startMeasured(
  script: string,
  words: readonly string[] = [],
  nodeArguments: readonly string[] = [],
): Promise<MeasuredServer> {
  const { child, message } = await startProcess<{ readonly url: string }>(script, words, { nodeArguments });
  return { url: message.url, costs: () => costsOf(child), stop: () => stopProcess(child) };
}
