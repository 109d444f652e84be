import { Injectable, type OnModuleInit } from '@nestjs/common';
import { FlagEvaluations } from '../flags/index.js';
import { TelemetryRepository } from './telemetry.repository.js';

/** Tells flags when services last evaluated them. */
@Injectable()
export class ReportedEvaluations implements OnModuleInit {
  constructor(
    private readonly evaluations: FlagEvaluations,
    private readonly telemetry: TelemetryRepository,
  ) {}

  onModuleInit(): void {
    this.evaluations.register((...asked) => this.telemetry.mapLastEvaluated(...asked));
  }
}
