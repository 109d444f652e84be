import { Module } from '@nestjs/common';
import { AnalysisModule } from '../analysis/index.js';
import { EventsModule } from '../events/index.js';
import { FlagsModule } from '../flags/index.js';
import { ProjectsModule } from '../projects/index.js';
import { TelemetryModule } from '../telemetry/index.js';
import { GuardrailCheckJob } from './guardrail-check.job.js';
import { GuardrailChecks } from './guardrail-checks.service.js';
import { GuardrailCommandsResolver } from './guardrail-commands.resolver.js';
import { GuardrailEffects } from './guardrail-effects.service.js';
import { GuardrailMeasurements } from './guardrail-measurements.service.js';
import { GuardrailMetrics } from './guardrail-metrics.provider.js';
import { GuardrailsController } from './guardrails.controller.js';
import { GuardrailsReader } from './guardrails-reader.service.js';
import { GuardrailsResolver } from './guardrails.resolver.js';
import { GuardrailsRepository } from './guardrails.repository.js';
import { GuardrailsService } from './guardrails.service.js';

@Module({
  imports: [AnalysisModule, ProjectsModule, EventsModule, FlagsModule, TelemetryModule],
  controllers: [GuardrailsController],
  providers: [
    GuardrailsService,
    GuardrailChecks,
    GuardrailMetrics,
    GuardrailMeasurements,
    GuardrailEffects,
    GuardrailCheckJob,
    GuardrailsReader,
    GuardrailsResolver,
    GuardrailCommandsResolver,
    GuardrailsRepository,
  ],
  exports: [GuardrailsReader],
})
export class GuardrailsModule {}
