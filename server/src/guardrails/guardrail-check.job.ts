import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { Jobs, JobType } from '../platform/jobs/jobs.js';
import { Sweep } from '../platform/jobs/sweep.js';
import { GuardrailChecks } from './guardrail-checks.service.js';
import { GuardrailMetrics } from './guardrail-metrics.provider.js';

// A type alias, because an interface has no index signature and would not be Json.
type CheckPayload = { readonly guardrailId: string };
const CHECK = new JobType<CheckPayload>('guardrail.check');

/** How many guardrails one server checks at once: most of the time it waits for answers. */
const CONCURRENCY = 16;
/** How many are woken at once; the rest are found by the next sweep. */
const BATCH = 1_000;
/** Intervals are whole seconds. */
const SWEEP_MS = 500;

/** Wakes guardrails when they are to be checked. */
@Injectable()
export class GuardrailCheckJob implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep = new Sweep(() => this.wakeDue(), {
    everyMs: SWEEP_MS,
    what: 'Looking for guardrails that are due',
  });
  private readonly closing = new AbortController();

  constructor(
    private readonly jobs: Jobs,
    private readonly checks: GuardrailChecks,
    private readonly metrics: GuardrailMetrics,
  ) {}

  onModuleInit(): void {
    const check = async ({ guardrailId }: CheckPayload): Promise<void> =>
      this.metrics.count(await this.checks.check(guardrailId, this.closing.signal));
    this.jobs.handle(CHECK, check, { concurrency: CONCURRENCY });
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    return this.sweep.stop();
  }

  private async wakeDue(): Promise<void> {
    for (const guardrailId of await this.checks.listDue(BATCH))
      await this.jobs.enqueue(CHECK, { guardrailId }, { id: guardrailId });
  }
}
