import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { type Job, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Json } from '../../kernel/json.js';
import { ANSWER_MS, RECONNECTING, RedisLink, tellOnce } from '../redis/redis-link.js';
import { JobLine } from './job-line.js';
import { JobTally } from './job-tally.js';
import { type Enqueueing, Jobs, type JobStanding, type JobType, type OnJobError } from './jobs.js';
import { settledWithin } from './settled-within.js';

const PREFIX = 'sluice';
/** How long a job stays with a server that was killed over it; one that lives renews it twice as often. */
export const HELD_MS = 4_000;
/** How often jobs are looked for that nobody holds any more. */
const ABANDONED_EVERY_MS = 2_000;
/** A connection that is silent for longer is lost. Workers wait in Redis for ten seconds at most (BullMQ, maximumBlockTimeout). */
const SILENT_MS = 15_000;
/** BullMQ keeps a stream of what happens in each queue; nobody here reads it. */
const EVENTS_KEPT = 100;

/** How the jobs of one type are run here. */
interface Handling {
  readonly worker: Worker<Json>;
  /** Where jobs wait that are left while Redis is away. */
  readonly line: JobLine;
  readonly tally: JobTally;
}

/**
 * The jobs of several replicas, on Redis by BullMQ: one queue and one worker for each type.
 *
 * A job's id is BullMQ's deduplication id, which a job gives up when it begins to run, so that the next one may wait
 * meanwhile. (BullMQ's own answer to that, `keepLastIfActive`, forgets a job that is due now for one that comes after it
 * and is due later.) Two replicas that bring the same job forward in the same moment may leave it at the later of their
 * times; one that is due at once is never lost.
 *
 * While Redis is away, what is left here runs here: a rollback waits for no queue. Every replica whose sweep finds the
 * same work then does it, and all but one are fenced off by the store.
 */
export class BullMqJobs extends Jobs {
  private readonly queues = new Map<string, Queue<Json>>();
  private readonly handlings = new Map<string, Handling>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly producer: RedisLink;
  private readonly consumer: Redis;
  /** A job runs on its own, not in the request that left it. */
  private readonly onItsOwn = AsyncLocalStorage.snapshot();

  private constructor(
    url: string,
    private readonly onError: OnJobError,
  ) {
    super();
    this.producer = new RedisLink(url, (error) => onError(error, 'Redis'));
    // Workers wait for a Redis that is away; the producer tells of it.
    this.consumer = new Redis(url, { ...RECONNECTING, maxRetriesPerRequest: null, socketTimeout: SILENT_MS });
    tellOnce(this.consumer, () => undefined);
  }

  /** Queues at the Redis at a URL; one that is away is waited for afterwards, not here. */
  static async open(url: string, onError: OnJobError): Promise<BullMqJobs> {
    const jobs = new BullMqJobs(url, onError);
    await jobs.producer.tried();
    return jobs;
  }

  override handle<P extends Json>(
    type: JobType<P>,
    handler: (payload: P) => Promise<void>,
    { concurrency }: { readonly concurrency: number },
  ): void {
    if (this.handlings.has(type.name)) throw new Error(`There are two handlers of ${type.name}.`);
    const tally = new JobTally();
    // A type's name fixes its payload's type at both ends.
    const run = (payload: Json) => tally.count(() => handler(payload as P));
    const runInTurn = (id: string, work: () => Promise<void>) => this.runInTurn({ type: type.name, id }, work);
    const runQueued = (job: Job<Json>) =>
      runInTurn(job.deduplicationId ?? '', async () => {
        await this.giveUpId(job);
        await run(job.data);
      });
    const worker = new Worker<Json>(type.name, runQueued, {
      connection: this.consumer,
      prefix: PREFIX,
      concurrency,
      lockDuration: HELD_MS,
      stalledInterval: ABANDONED_EVERY_MS,
      autorun: false,
    });
    worker.on('error', (error) => this.tellUnlessAway(error, type.name));
    const runHere = (payload: Json, id: string) => this.onItsOwn(() => runInTurn(id, () => run(payload)));
    const line = new JobLine(runHere, concurrency);
    this.handlings.set(type.name, { worker, line, tally });
  }

  override async enqueue<P extends Json>(type: JobType<P>, payload: P, { id, delayMs = 0 }: Enqueueing): Promise<void> {
    if (this.producer.isUp) {
      try {
        return await this.leave(await this.readyQueue(type.name), { id, payload, delayMs });
      } catch (error) {
        this.onError(error, type.name);
      }
    }
    this.handlings.get(type.name)?.line.add(id, payload, delayMs);
  }

  override standings(): Promise<readonly JobStanding[]> {
    const names = [...this.handlings].sort(([one], [other]) => (one < other ? -1 : 1));
    return Promise.all(
      names.map(async ([name, { line, tally }]) => {
        const queue = await this.readyQueue(name);
        const { wait = 0, delayed = 0 } = await queue.getJobCounts('wait', 'delayed');
        return { name, waiting: wait + line.dueCount, delayed: delayed + line.delayedCount, ...tally.runs() };
      }),
    );
  }

  override start(): void {
    for (const [name, { worker, line }] of this.handlings) {
      worker.run().catch((error: unknown) => this.tellUnlessAway(error, name));
      line.open();
    }
  }

  override async stop(withinMs: number): Promise<void> {
    const ended = Promise.all([...this.handlings.values()].map((each) => this.shut(each)));
    if (!(await settledWithin(ended, withinMs))) this.onError(new Error('Left while it ran.'), 'a job');
  }

  override async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.consumer.disconnect();
    this.producer.close();
  }

  private async leave(
    queue: Queue<Json>,
    { id, payload, delayMs }: { readonly id: string; readonly payload: Json; readonly delayMs: number },
  ): Promise<void> {
    const jobId = randomUUID();
    const options = { jobId, delay: delayMs, removeOnComplete: true, removeOnFail: true };
    const { id: foundId } = await queue.add(queue.name, payload, { ...options, deduplication: { id } });
    if (foundId === undefined || foundId === jobId) return;
    const found = await queue.getJob(foundId);
    // What is gone by now has begun after it was found, and so after this was asked for.
    if (found === undefined || found.timestamp + found.delay <= Date.now() + delayMs) return;
    await queue.add(queue.name, payload, { ...options, deduplication: { id, replace: true } });
  }

  /** Rejects when Redis does not answer; BullMQ itself would wait for it. */
  private async readyQueue(name: string): Promise<Queue<Json>> {
    const queue = this.queueOf(name);
    const isReady = this.producer.isUp && (await settledWithin(queue.waitUntilReady(), ANSWER_MS));
    if (!isReady) throw new Error('Redis does not answer.');
    return queue;
  }

  private queueOf(name: string): Queue<Json> {
    const known = this.queues.get(name);
    if (known !== undefined) return known;
    const streams = { events: { maxLen: EVENTS_KEPT } };
    const queue = new Queue<Json>(name, { connection: this.producer.redis, prefix: PREFIX, streams });
    queue.on('error', (error) => this.tellUnlessAway(error, name));
    this.queues.set(name, queue);
    return queue;
  }

  /** Every queue and worker repeats what its connection said; of a Redis that is away the producer tells. */
  private tellUnlessAway(error: unknown, what: string): void {
    if (this.producer.isUp && !(error instanceof Error && 'syscall' in error)) this.onError(error, what);
  }

  /**
   * Lets the next job of its id wait. Where Redis does not answer the job runs all the same, and BullMQ forgets the id
   * after it.
   */
  private async giveUpId(job: Job<Json>): Promise<void> {
    const givenUp = job.removeDeduplicationKey();
    givenUp.catch((error: unknown) => this.tellUnlessAway(error, job.name));
    await settledWithin(givenUp, this.producer.isUp ? ANSWER_MS : 0);
  }

  /** Runs a job when the one with its id that runs here has ended. Never rejects: nobody would try it again. */
  private async runInTurn(
    { type, id }: { readonly type: string; readonly id: string },
    work: () => Promise<void>,
  ): Promise<void> {
    const key = `${type} ${id}`;
    const before = this.running.get(key) ?? Promise.resolve();
    const run = before.then(async () => {
      try {
        await work();
      } catch (error) {
        this.onError(error, type);
      }
    });
    this.running.set(key, run);
    await run;
    if (this.running.get(key) === run) this.running.delete(key);
  }

  /** Begins nothing more and waits for what runs; for Redis it waits only while that is there. */
  private async shut({ worker, line }: Handling): Promise<void> {
    await line.shut();
    if (!this.producer.isUp) await Promise.all(this.running.values());
    await worker.close(!this.producer.isUp);
  }
}
