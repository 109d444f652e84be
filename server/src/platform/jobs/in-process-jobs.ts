import { AsyncLocalStorage } from 'node:async_hooks';
import type { Json } from '../../kernel/json.js';
import { JobLine } from './job-line.js';
import { JobTally } from './job-tally.js';
import { type Enqueueing, Jobs, type JobStanding, type JobType, type OnJobError } from './jobs.js';
import { settledWithin } from './settled-within.js';

/** The jobs of a server that runs alone. They wait in memory and are gone with it. */
export class InProcessJobs extends Jobs {
  private readonly lines = new Map<string, JobLine>();
  private readonly tallies = new Map<string, JobTally>();
  /** A job runs on its own, not in the request that left it. */
  private readonly onItsOwn = AsyncLocalStorage.snapshot();
  private isStarted = false;

  constructor(private readonly onError: OnJobError) {
    super();
  }

  override handle<P extends Json>(
    type: JobType<P>,
    handler: (payload: P) => Promise<void>,
    { concurrency }: { readonly concurrency: number },
  ): void {
    if (this.isStarted) throw new Error(`The handler of ${type.name} comes too late: jobs run already.`);
    if (this.lines.has(type.name)) throw new Error(`There are two handlers of ${type.name}.`);
    const tally = new JobTally();
    this.tallies.set(type.name, tally);
    const run = async (payload: Json): Promise<void> => {
      try {
        // A type's name fixes its payload's type at both ends.
        await tally.count(() => this.onItsOwn(() => handler(payload as P)));
      } catch (error) {
        this.onError(error, type.name);
      }
    };
    this.lines.set(type.name, new JobLine(run, concurrency));
  }

  override enqueue<P extends Json>(type: JobType<P>, payload: P, { id, delayMs = 0 }: Enqueueing): Promise<void> {
    const line = this.lines.get(type.name);
    if (line === undefined) this.onError(new Error('Nobody handles it; the job is dropped.'), type.name);
    else line.add(id, payload, delayMs);
    return Promise.resolve();
  }

  override standings(): Promise<readonly JobStanding[]> {
    const names = [...this.tallies.keys()].sort();
    return Promise.resolve(names.map((name) => this.standing(name)));
  }

  override start(): void {
    this.isStarted = true;
    for (const line of this.lines.values()) line.open();
  }

  override async stop(withinMs: number): Promise<void> {
    const ended = Promise.all([...this.lines.values()].map((line) => line.shut()));
    if (!(await settledWithin(ended, withinMs))) this.onError(new Error('Left while it ran.'), 'a job');
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  private standing(name: string): JobStanding {
    const { dueCount = 0, delayedCount = 0 } = this.lines.get(name) ?? {};
    const runs = (this.tallies.get(name) ?? new JobTally()).runs();
    return { name, waiting: dueCount, delayed: delayedCount, ...runs };
  }
}
