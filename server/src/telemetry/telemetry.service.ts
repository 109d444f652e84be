import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { forbidden } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { TelemetryMetrics } from './telemetry-metrics.provider.js';
import { parseTelemetryBatch } from './telemetry-batch.js';
import { type Receipt, TelemetryIntake } from './telemetry-intake.service.js';

/**
 * Takes in what SDKs report. It is no management change: nothing is audited, no revision moves, and no row that
 * delivery or a use case needs is locked.
 */
@Injectable()
export class TelemetryService {
  constructor(
    private readonly intake: TelemetryIntake,
    private readonly clock: Clock,
    private readonly metrics: TelemetryMetrics,
  ) {}

  /** Counts a batch once, however often it arrives. What is accepted is stored. */
  async record(ctx: RequestContext, body: unknown): Promise<Receipt> {
    const environmentId = requireEnvironment(ctx);
    const receivedAt = this.clock.now();
    return this.metrics.count(async () => {
      const arrived = { environmentId, receivedAt, report: parseTelemetryBatch(body, receivedAt) };
      const receipt = await this.intake.take(arrived);
      return { arrived, receipt };
    });
  }
}

function requireEnvironment({ scope }: RequestContext): string {
  const [place, ...more] = scope === 'instance' ? [] : scope;
  if (place?.environmentId !== undefined && more.length === 0) return place.environmentId;
  throw forbidden('SCOPE_TOO_WIDE', 'Telemetry belongs to one environment; send it with that environment’s token.');
}
