import type { Json } from '../../kernel/json.js';

/** A named kind of job and the shape of what it carries. Names have no colon: `rollout.tick`. */
export class JobType<Payload extends Json> {
  declare private readonly payload: Payload;

  constructor(readonly name: string) {}
}

/** Which job of its type it is, and when it is due. Without a delay: now. */
export interface Enqueueing {
  readonly id: string;
  readonly delayMs?: number;
}

/** How the jobs of one type stand. */
export interface JobStanding extends JobRuns {
  readonly name: string;
  /** Jobs that are due and have not begun, of all replicas. */
  readonly waiting: number;
  /** Jobs that are due later, of all replicas. */
  readonly delayed: number;
}

/** What became of the jobs of one type in this process, since it started. */
export interface JobRuns {
  readonly running: number;
  readonly ended: number;
  /** Those of them whose handler threw. */
  readonly failed: number;
  readonly lastEndedAt: Date | null;
  readonly lastFailedAt: Date | null;
}

/**
 * Wakes handlers: work that must happen soon, or at a time, on one of the replicas.
 *
 * Jobs are only wake-ups. What is to be done stands in the store, handlers look there, and a sweep enqueues anew what a
 * crash, a Redis that was away or a handler that failed has lost. So a handler that throws is told of, its job is
 * dropped and nothing is tried again from here: a store that is down meets no storm of retries.
 *
 * A handler may run twice for one job, but never twice at once for the same id in one process. Two replicas may; their
 * handlers fence by the store (save by version).
 */
export abstract class Jobs {
  /** Names the one handler of a type and how many jobs of it may run here at once. Before `start`, at module init. */
  abstract handle<P extends Json>(
    type: JobType<P>,
    handler: (payload: P) => Promise<void>,
    options: { readonly concurrency: number },
  ): void;

  /**
   * Leaves a job. At most one of a type and id waits: another one is nothing new while it waits, unless it is due sooner
   * and so takes its place. While the job runs, another one makes it run once more afterwards. Call it after the commit of what
   * the handler is to find. Never rejects: a queue that is away is told of, and the sweep makes up for it.
   */
  abstract enqueue<P extends Json>(type: JobType<P>, payload: P, options: Enqueueing): Promise<void>;

  /** How the jobs of every type that is handled here stand, in order of name. Rejects while a queue is away. */
  abstract standings(): Promise<readonly JobStanding[]>;

  /** From now on handlers run. */
  abstract start(): void;

  /** Takes no more jobs and waits for those that run, no longer than given. Jobs may still be left for others. */
  abstract stop(withinMs: number): Promise<void>;

  /** Lets go of everything. After `stop`. */
  abstract close(): Promise<void>;
}

/** Where failures go: of a handler, or of the queue itself. */
export type OnJobError = (error: unknown, what: string) => void;
