import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Sweep } from '../platform/jobs/sweep.js';
import { RunRetention } from './run-retention.service.js';

const SWEEP_MS = 600_000;

/** Wakes the retention. Replicas may sweep at the same time: they leave each other's rows alone. */
@Injectable()
export class RunRetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(retention: RunRetention) {
    this.sweep = new Sweep(() => retention.forgetOld(), { everyMs: SWEEP_MS, what: 'Forgetting old parallel runs' });
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }
}
