import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { TelemetryRetention } from './telemetry-retention.service.js';

const SWEEP_MS = 60_000;

/** Wakes the retention once a minute. Replicas may sweep at the same time: they leave each other's rows alone. */
@Injectable()
export class TelemetryRetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(TelemetryRetentionJob.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly retention: TelemetryRetention) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private sweep(): void {
    this.running ??= this.retention
      .forgetOld()
      .catch((error: unknown) => this.logger.warn(error, 'Forgetting old telemetry failed; trying again.'))
      .finally(() => {
        this.running = undefined;
      });
  }
}
