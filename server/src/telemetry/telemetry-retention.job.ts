import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Sweep } from '../platform/jobs/sweep.js';
import { TelemetryRetention } from './telemetry-retention.service.js';

const SWEEP_MS = 60_000;

/** Wakes the retention once a minute. Replicas may sweep at the same time: they leave each other's rows alone. */
@Injectable()
export class TelemetryRetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(retention: TelemetryRetention) {
    this.sweep = new Sweep(() => retention.forgetOld(), { everyMs: SWEEP_MS, what: 'Forgetting old telemetry' });
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }
}
