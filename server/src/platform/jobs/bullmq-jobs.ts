import { randomUUID } from 'node:crypto';
import { type Job, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Json } from '../../kernel/json.js';
import { JobTally } from './job-tally.js';
import { type Enqueueing, Jobs, type JobStanding, type JobType, type OnJobError } from './jobs.js';
import { settledWithin } from './settled-within.js';

const PREFIX = 'sluice';
/** How long a job stays with a server that was killed over it; one that lives renews it twice as often. */
export const HELD_MS = 4_000;
/** How often jobs are looked for that nobody holds any more. */
const ABANDONED_EVERY_MS = 2_000;
/** BullMQ keeps a stream of what happens in each queue; nobody here reads it. */
const EVENTS_KEPT = 100;

/**
 * The jobs of several replicas, on Redis by BullMQ: one queue and one worker for each type.
 *
 * A job's id is BullMQ's deduplication id, which a job gives up when it begins to run, so that the next one may wait
 * meanwhile. (BullMQ's own answer to that, `keepLastIfActive`, forgets a job that is due now for one that comes after it
 * and is due later.) Two replicas that bring the same job forward in the same moment may leave it at the later of their
 * times; one that is due at once is never lost.
 */
export class BullMqJobs extends Jobs {
  private readonly queues = new Map<string, Queue<Json>>();
  private readonly workers = new Map<string, Worker<Json>>();
  private readonly tallies = new Map<string, JobTally>();
  private readonly running = new Map<string, Promise<void>>();

  private constructor(
    private readonly producer: Redis,
    private readonly consumer: Redis,
    private readonly onError: OnJobError,
  ) {
    super();
    producer.on('error', (error) => onError(error, 'Redis'));
    consumer.on('error', (error) => onError(error, 'Redis'));
  }

  /** Connects to the Redis at a URL. Rejects when it cannot be reached now; later it is waited for. */
  static async connect(url: string, onError: OnJobError): Promise<BullMqJobs> {
    const producer = new Redis(url, { lazyConnect: true });
    // Workers wait for a Redis that is away; those who enqueue hear of it.
    const consumer = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
    const jobs = new BullMqJobs(producer, consumer, onError);
    try {
      await Promise.all([producer.connect(), consumer.connect()]);
    } catch (error) {
      await jobs.close();
      throw new Error('REDIS_URL names a Redis that does not answer; is it up?', { cause: error });
    }
    return jobs;
  }

  override handle<P extends Json>(
    type: JobType<P>,
    handler: (payload: P) => Promise<void>,
    { concurrency }: { readonly concurrency: number },
  ): void {
    if (this.workers.has(type.name)) throw new Error(`There are two handlers of ${type.name}.`);
    // A type's name fixes its payload's type at both ends.
    const tally = new JobTally();
    this.tallies.set(type.name, tally);
    const run = (job: Job<Json>) => this.run(job, () => tally.count(() => handler(job.data as P)));
    const worker = new Worker<Json>(type.name, run, {
      connection: this.consumer,
      prefix: PREFIX,
      concurrency,
      lockDuration: HELD_MS,
      stalledInterval: ABANDONED_EVERY_MS,
      autorun: false,
    });
    worker.on('error', (error) => this.tellUnlessAway(error, type.name));
    this.workers.set(type.name, worker);
  }

  override async enqueue<P extends Json>(type: JobType<P>, payload: P, { id, delayMs = 0 }: Enqueueing): Promise<void> {
    try {
      const queue = this.queueOf(type.name);
      const jobId = randomUUID();
      const options = { jobId, delay: delayMs, removeOnComplete: true, removeOnFail: true };
      const { id: foundId } = await queue.add(type.name, payload, { ...options, deduplication: { id } });
      if (foundId === undefined || foundId === jobId) return;
      const found = await queue.getJob(foundId);
      // What is gone by now has begun after it was found, and so after this was asked for.
      if (found === undefined || found.timestamp + found.delay <= Date.now() + delayMs) return;
      await queue.add(type.name, payload, { ...options, deduplication: { id, replace: true } });
    } catch (error) {
      this.onError(error, type.name);
    }
  }

  override standings(): Promise<readonly JobStanding[]> {
    const tallies = [...this.tallies].sort(([one], [other]) => (one < other ? -1 : 1));
    return Promise.all(
      tallies.map(async ([name, tally]) => {
        const { wait = 0, delayed = 0 } = await this.queueOf(name).getJobCounts('wait', 'delayed');
        return { name, waiting: wait, delayed, ...tally.runs() };
      }),
    );
  }

  override start(): void {
    for (const [name, worker] of this.workers) {
      worker.run().catch((error: unknown) => this.onError(error, name));
    }
  }

  override async stop(withinMs: number): Promise<void> {
    const ended = Promise.all([...this.workers.values()].map((worker) => worker.close()));
    if (!(await settledWithin(ended, withinMs))) this.onError(new Error('Left while it ran.'), 'a job');
  }

  override async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.consumer.disconnect();
    this.producer.disconnect();
  }

  private queueOf(name: string): Queue<Json> {
    const known = this.queues.get(name);
    if (known !== undefined) return known;
    const streams = { events: { maxLen: EVENTS_KEPT } };
    const queue = new Queue<Json>(name, { connection: this.producer, prefix: PREFIX, streams });
    queue.on('error', (error) => this.tellUnlessAway(error, name));
    this.queues.set(name, queue);
    return queue;
  }

  /** Every queue and worker repeats what its connection said; of a Redis that is away the connections tell. */
  private tellUnlessAway(error: Error, what: string): void {
    const { syscall } = error as NodeJS.ErrnoException; // undefined on errors that are not the system's
    if (syscall === undefined) this.onError(error, what);
  }

  /** Runs a job when the one with its id that runs here has ended. Never rejects: BullMQ has nothing to try again. */
  private async run(job: Job<Json>, handler: () => Promise<void>): Promise<void> {
    const key = `${job.queueName} ${job.deduplicationId ?? ''}`;
    const before = this.running.get(key) ?? Promise.resolve();
    const run = before.then(async () => {
      try {
        await job.removeDeduplicationKey();
        await handler();
      } catch (error) {
        this.onError(error, job.name);
      }
    });
    this.running.set(key, run);
    await run;
    if (this.running.get(key) === run) this.running.delete(key);
  }
}
