import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { stopProcess } from '../bench-process.js';
import { startProcess } from '../start-process.js';
import type { Arrivals, HolderOrder } from './holder.js';

/** No event takes so long. */
const PATIENCE_MS = 60_000;

/** Streams that a process of its own holds. */
export class StreamHolder {
  private constructor(private readonly child: ChildProcess) {}

  static async start(url: string, token = ''): Promise<StreamHolder> {
    return new StreamHolder((await startProcess('streams/holder-process.js', [url, token])).child);
  }

  async open(count: number): Promise<void> {
    await this.order({ kind: 'open', count });
  }

  /** Resolves once the next event is waited for, with a promise of when it had reached each stream. */
  async arm(): Promise<() => Promise<Arrivals>> {
    await this.order({ kind: 'arm' });
    const arrivals = this.next();
    // Whoever asks is told of a failure; one who does not ask has failed before.
    arrivals.catch(() => undefined);
    return async () => (await arrivals) as Arrivals; // what follows an order to arm
  }

  async stop(): Promise<void> {
    await stopProcess(this.child);
  }

  private order(order: HolderOrder): Promise<unknown> {
    const answer = this.next();
    this.child.send(order);
    return answer;
  }

  private async next(): Promise<unknown> {
    const words: readonly unknown[] = await once(this.child, 'message', { signal: AbortSignal.timeout(PATIENCE_MS) });
    return words[0];
  }
}
