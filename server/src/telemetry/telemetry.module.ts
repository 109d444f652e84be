import { Module } from '@nestjs/common';
import { FlagsModule } from '../flags/index.js';
import { ProjectsModule } from '../projects/index.js';
import { FlagUsageController } from './flag-usage.controller.js';
import { FlagUsageResolver } from './flag-usage.resolver.js';
import { FlagUsageService } from './flag-usage.service.js';
import { InstancesController } from './instances.controller.js';
import { InstancesRepository } from './instances.repository.js';
import { InstancesResolver } from './instances.resolver.js';
import { InstancesService } from './instances.service.js';
import { MeasurementsReader } from './measurements-reader.service.js';
import { MeasurementsRepository } from './measurements.repository.js';
import { ReachReader } from './reach-reader.service.js';
import { ReportSinks } from './report-sinks.service.js';
import { ReportedEvaluations } from './reported-evaluations.service.js';
import { ReportedVersionsReader } from './reported-versions-reader.service.js';
import { TelemetryController } from './telemetry.controller.js';
import { TelemetryIntake } from './telemetry-intake.service.js';
import { TelemetryRepository } from './telemetry.repository.js';
import { TelemetryMetrics } from './telemetry-metrics.provider.js';
import { TelemetryRetentionJob } from './telemetry-retention.job.js';
import { TelemetryRetention } from './telemetry-retention.service.js';
import { TelemetryService } from './telemetry.service.js';
import { TrackedEventsController } from './tracked-events.controller.js';
import { TrackedEventsRepository } from './tracked-events.repository.js';
import { TrackedEventsService } from './tracked-events.service.js';

@Module({
  imports: [FlagsModule, ProjectsModule],
  controllers: [TelemetryController, InstancesController, FlagUsageController, TrackedEventsController],
  providers: [
    TelemetryService,
    TelemetryIntake,
    TelemetryMetrics,
    InstancesService,
    InstancesResolver,
    FlagUsageService,
    FlagUsageResolver,
    TrackedEventsService,
    ReportedEvaluations,
    MeasurementsReader,
    ReachReader,
    ReportedVersionsReader,
    ReportSinks,
    TelemetryRetention,
    TelemetryRetentionJob,
    TelemetryRepository,
    TrackedEventsRepository,
    InstancesRepository,
    MeasurementsRepository,
  ],
  exports: [MeasurementsReader, ReachReader, ReportedVersionsReader, ReportSinks],
})
export class TelemetryModule {}
