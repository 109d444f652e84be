import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { RolloutsConfig } from '../platform/config/rollouts.js';
import { Jobs, JobType } from '../platform/jobs/jobs.js';
import { Sweep } from '../platform/jobs/sweep.js';
import { RolloutEngine } from './rollout-engine.service.js';
import { RolloutMetrics } from './rollout-metrics.provider.js';
import { RolloutLooks } from './rollout-looks.service.js';

// A type alias, because an interface has no index signature and would not be Json.
type TickPayload = { readonly rolloutId: string };
const TICK = new JobType<TickPayload>('rollout.tick');

/** How many rollouts one server looks at at once: what they have in common is read, and their ticks stored, together. */
const CONCURRENCY = 32;
/** How many are woken at once; the rest are found by the next sweep. */
const BATCH = 1_000;
/** What looking for them may add to a tick: a tenth of it on average, and never more than a second. */
const LONGEST_SWEEP_MS = 1_000;
const SWEEPS_PER_TICK = 5;

/** Wakes rollouts when they are due. */
@Injectable()
export class RolloutTickJob implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(
    private readonly jobs: Jobs,
    private readonly engine: RolloutEngine,
    private readonly looks: RolloutLooks,
    private readonly metrics: RolloutMetrics,
    config: RolloutsConfig,
  ) {
    const everyMs = Math.min(LONGEST_SWEEP_MS, config.tickMs / SWEEPS_PER_TICK);
    this.sweep = new Sweep(() => this.wakeDue(), { everyMs, what: 'Looking for rollouts that are due' });
  }

  onModuleInit(): void {
    const tick = async ({ rolloutId }: TickPayload) => this.metrics.count(await this.engine.tick(rolloutId));
    this.jobs.handle(TICK, tick, { concurrency: CONCURRENCY });
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  private async wakeDue(): Promise<void> {
    const due = await this.looks.listDue(BATCH);
    for (const { id, traceparent } of due) {
      const payload = { rolloutId: id, ...(traceparent === null ? {} : { traceparent }) };
      await this.jobs.enqueue(TICK, payload, { id });
    }
  }
}
