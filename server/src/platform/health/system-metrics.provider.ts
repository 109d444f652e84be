import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { RedisConfig } from '../config/redis.js';
import { Metrics, sample, type Sample } from '../metrics/metrics.js';
import { type Reachability, SystemHealth } from './system-health.service.js';

const MS_PER_SECOND = 1_000;

/** What this server leans on, and what waits in it. Each part is read on its own: what is away hides nothing else. */
@Injectable()
export class SystemMetrics {
  constructor(
    metrics: Metrics,
    private readonly health: SystemHealth,
    private readonly redis: RedisConfig,
    private readonly clock: Clock,
  ) {
    metrics.add(
      {
        sluice_dependency_up: {
          type: 'gauge',
          help: 'Whether what this replica leans on answers it: 1 or 0; without REDIS_URL there is no redis.',
        },
        sluice_dependency_answer_seconds: {
          type: 'gauge',
          help: 'How long it took to answer the smallest question; no sample while it does not.',
        },
        sluice_replicas: { type: 'gauge', help: 'Servers that listen to the same Redis; 1 without one.' },
      },
      () => this.readDependencies(),
    );
    metrics.add(
      {
        sluice_outbox_messages: {
          type: 'gauge',
          help: 'Messages that were committed and not told to the replicas yet; the same from every replica.',
        },
        sluice_outbox_oldest_age_seconds: {
          type: 'gauge',
          help: 'How long the oldest of them has waited; 0 when none does.',
        },
      },
      () => this.readOutbox(),
    );
    metrics.add(
      {
        sluice_jobs_waiting: {
          type: 'gauge',
          help: 'Jobs that are due and have not begun, of all replicas; the same from every replica.',
        },
        sluice_jobs_delayed: {
          type: 'gauge',
          help: 'Jobs that are due later, of all replicas; the same from every replica.',
        },
        sluice_jobs_running: { type: 'gauge', help: 'Jobs that run on this replica now.' },
        sluice_jobs_ended_total: {
          type: 'counter',
          help: 'Jobs that ended on this replica, by how: done, or failed because their handler threw.',
        },
      },
      () => this.readJobs(),
    );
  }

  private async readDependencies(): Promise<Record<string, readonly Sample[]>> {
    const [database, redis] = await Promise.all([this.health.database(), this.health.redis()]);
    const found: readonly (readonly [string, Reachability])[] = [
      ['database', database],
      ...(redis === null ? [] : ([['redis', redis]] as const)),
    ];
    const replicas = this.redis.url === undefined ? 1 : redis?.replicas;
    return {
      sluice_dependency_up: found.map(([dependency, { isReachable }]) => sample(isReachable ? 1 : 0, { dependency })),
      sluice_dependency_answer_seconds: found.flatMap(([dependency, { answeredMs }]) =>
        answeredMs === null ? [] : [sample(answeredMs / MS_PER_SECOND, { dependency })],
      ),
      sluice_replicas: typeof replicas === 'number' ? [sample(replicas)] : [],
    };
  }

  private async readOutbox(): Promise<Record<string, readonly Sample[]>> {
    const { waiting, oldestAt } = await this.health.outbox();
    const ageMs = oldestAt === null ? 0 : Math.max(0, this.clock.now().getTime() - oldestAt.getTime());
    return {
      sluice_outbox_messages: [sample(waiting)],
      sluice_outbox_oldest_age_seconds: [sample(ageMs / MS_PER_SECOND)],
    };
  }

  private async readJobs(): Promise<Record<string, readonly Sample[]>> {
    const standings = await this.health.queues();
    return {
      sluice_jobs_waiting: standings.map(({ name, waiting }) => sample(waiting, { type: name })),
      sluice_jobs_delayed: standings.map(({ name, delayed }) => sample(delayed, { type: name })),
      sluice_jobs_running: standings.map(({ name, running }) => sample(running, { type: name })),
      sluice_jobs_ended_total: standings.flatMap(({ name, ended, failed }) => [
        sample(ended - failed, { type: name, outcome: 'done' }),
        sample(failed, { type: name, outcome: 'failed' }),
      ]),
    };
  }
}
