import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startProcess } from '../start-process.js';
import type { Load, LoadResult } from './load.js';

/** Callers in a process of their own. */
export class LoadGenerator {
  private constructor(private readonly child: ChildProcess) {}

  static async start(): Promise<LoadGenerator> {
    return new LoadGenerator((await startProcess('server/load-process.js')).child);
  }

  async run(load: Load): Promise<LoadResult> {
    const answer = once(this.child, 'message');
    this.child.send(load);
    return ((await answer) as [LoadResult])[0]; // what load-process.ts answers with
  }

  stop(): void {
    this.child.disconnect();
  }
}
