import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Sweep } from '../platform/jobs/sweep.js';
import { RolloutRetention } from './rollout-retention.service.js';

const SWEEP_MS = 600_000;

/** Wakes the retention every ten minutes. Replicas may sweep at the same time: they leave each other's rows alone. */
@Injectable()
export class RolloutRetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(retention: RolloutRetention) {
    this.sweep = new Sweep(() => retention.forgetOld(), { everyMs: SWEEP_MS, what: 'Forgetting old observations' });
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }
}
