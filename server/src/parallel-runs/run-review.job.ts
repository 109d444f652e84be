import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { Jobs, JobType } from '../platform/jobs/jobs.js';
import { Sweep } from '../platform/jobs/sweep.js';
import { RuleExpiries } from './rule-expiries.service.js';
import { RunReviews } from './run-reviews.service.js';
import { RunWatch } from './run-watch.service.js';
import type { TouchedRun } from './touched-run.js';

const REVIEW = new JobType<TouchedRun>('parallel-run.review');

const CONCURRENCY = 4;
const SWEEP_MS = 1_000;

/** Wakes the reviews of runs that were compared since the last look, and takes away rules that ran out. */
@Injectable()
export class RunReviewJob implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep = new Sweep(() => this.wake(), { everyMs: SWEEP_MS, what: 'Looking at parallel runs' });

  constructor(
    private readonly jobs: Jobs,
    private readonly watch: RunWatch,
    private readonly reviews: RunReviews,
    private readonly expiries: RuleExpiries,
  ) {}

  onModuleInit(): void {
    const review = async (run: TouchedRun): Promise<void> => {
      await this.reviews.review(run);
      this.watch.settle(run);
    };
    this.jobs.handle(REVIEW, review, { concurrency: CONCURRENCY });
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }

  private async wake(): Promise<void> {
    await this.expiries.expire();
    for (const run of await this.watch.look()) {
      await this.jobs.enqueue(REVIEW, run, { id: `${run.runId} ${run.environmentId}` });
    }
  }
}
