import { Injectable } from '@nestjs/common';
import { unavailable } from '../../kernel/errors.js';
import { type RequestContext, requireInstanceScope } from '../../kernel/request-context.js';
import { Transactions } from '../../kernel/transactions.js';
import { Bus } from '../bus/bus.js';
import { DatabaseConfig } from '../config/database.js';
import { RedisConfig } from '../config/redis.js';
import { Jobs, type JobStanding } from '../jobs/jobs.js';
import { settledWithin } from '../jobs/settled-within.js';
import { Outbox } from '../outbox/outbox.js';
import type { OutboxBacklog } from '../outbox/outbox-backlog.js';
import { SERVER_VERSION } from '../version.js';
import { EventLoopDelay, type LoopDelay } from './event-loop-delay.provider.js';
import { StoreHealth } from './store-health.js';

/** Who waits longer for an answer looks at a system that is away. */
const PATIENCE_MS = 2_000;

/** The process that answers. */
export interface ProcessStanding {
  readonly version: string;
  readonly nodeVersion: string;
  readonly uptimeSeconds: number;
  readonly residentBytes: number;
  readonly eventLoop: LoopDelay;
}

/** Something that this server leans on. */
export interface Reachability {
  readonly isReachable: boolean;
  /** How long it took to answer the smallest question; null: it did not. */
  readonly answeredMs: number | null;
}

export interface DatabaseStanding extends Reachability {
  readonly kind: 'embedded' | 'postgresql';
}

export interface RedisStanding extends Reachability {
  /** Servers that listen to it, this one among them; null: it did not answer. */
  readonly replicas: number | null;
}

/** Tells those who run an instance how it is. Each part is asked on its own: what is away hides nothing else. */
@Injectable()
export class SystemHealth {
  // Eight: everything that a server leans on.
  constructor(
    private readonly transactions: Transactions,
    private readonly store: StoreHealth,
    private readonly databaseConfig: DatabaseConfig,
    private readonly redisConfig: RedisConfig,
    private readonly bus: Bus,
    private readonly jobs: Jobs,
    private readonly messages: Outbox,
    private readonly eventLoop: EventLoopDelay,
  ) {}

  /** The process that answers; throws `forbidden` for callers who may not see all of the instance. */
  process(ctx: RequestContext): ProcessStanding {
    requireInstanceScope(ctx);
    return {
      version: SERVER_VERSION,
      nodeVersion: process.versions.node,
      uptimeSeconds: Math.floor(process.uptime()),
      residentBytes: process.memoryUsage.rss(),
      eventLoop: this.eventLoop.latest(),
    };
  }

  async database(): Promise<DatabaseStanding> {
    const kind = this.databaseConfig.url === undefined ? 'embedded' : 'postgresql';
    const { answeredMs } = await timed(() => this.store.ping());
    return { kind, isReachable: answeredMs !== null, answeredMs };
  }

  /** Null: this server runs alone and needs none. */
  async redis(): Promise<RedisStanding | null> {
    if (this.redisConfig.url === undefined) return null;
    const { answer = null, answeredMs } = await timed(() => this.bus.replicas());
    return { isReachable: answeredMs !== null, answeredMs, replicas: answer };
  }

  /** Throws `unavailable` when the store does not answer. */
  outbox(): Promise<OutboxBacklog> {
    return answered(() => this.transactions.read((tx) => this.messages.backlog(tx)), 'The database');
  }

  /** Throws `unavailable` when the queue does not answer. */
  queues(): Promise<readonly JobStanding[]> {
    return answered(() => this.jobs.standings(), 'The queue of jobs');
  }
}

async function timed<T>(ask: () => Promise<T>): Promise<{ readonly answer?: T; readonly answeredMs: number | null }> {
  const start = performance.now();
  const asked = ask().then(
    (answer) => ({ answer, answeredMs: Math.round((performance.now() - start) * 10) / 10 }),
    () => undefined,
  );
  const isAnswered = await settledWithin(asked, PATIENCE_MS);
  return (isAnswered ? await asked : undefined) ?? { answeredMs: null };
}

async function answered<T>(ask: () => Promise<T>, what: string): Promise<T> {
  const { answer } = await timed(ask);
  if (answer !== undefined) return answer;
  throw unavailable('SYSTEM_PART_UNREACHABLE', `${what} does not answer; look again in a while.`);
}
