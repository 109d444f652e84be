import { Module } from '@nestjs/common';
import { EventsModule } from '../events/index.js';
import { FlagsModule } from '../flags/index.js';
import { ProjectsModule } from '../projects/index.js';
import { TelemetryModule } from '../telemetry/index.js';
import { CertificatesRepository } from './certificates.repository.js';
import { DigestKeys } from './digest-keys.js';
import { ParallelRunHolds } from './parallel-run-holds.service.js';
import { ParallelRunShares } from './parallel-run-shares.service.js';
import { ParallelRunStandings } from './parallel-run-standings.service.js';
import { ParallelRunsController } from './parallel-runs.controller.js';
import { ParallelRunsReader } from './parallel-runs-reader.service.js';
import { ParallelRunsRepository } from './parallel-runs.repository.js';
import { ParallelRunsResolver } from './parallel-runs.resolver.js';
import { ParallelRunsService } from './parallel-runs.service.js';
import { PlacedRunsController } from './placed-runs.controller.js';
import { RandomDigestKeys } from './random-digest-keys.adapter.js';
import { RuleExpiries } from './rule-expiries.service.js';
import { RunCatalog } from './run-catalog.service.js';
import { RunCommandsResolver } from './run-commands.resolver.js';
import { RunDefinitionsResolver } from './run-definitions.resolver.js';
import { RunFaults } from './run-faults.service.js';
import { RunFindingsController } from './run-findings.controller.js';
import { RunFindingsResolver } from './run-findings.resolver.js';
import { RunFindings } from './run-findings.service.js';
import { RunIntake } from './run-intake.service.js';
import { RunJournal } from './run-journal.service.js';
import { RunOverviews } from './run-overviews.service.js';
import { RunRemovals } from './run-removals.service.js';
import { RunRetentionJob } from './run-retention.job.js';
import { RunRetentionRepository } from './run-retention.repository.js';
import { RunRetention } from './run-retention.service.js';
import { RunReviewEffects } from './run-review-effects.service.js';
import { RunReviewJob } from './run-review.job.js';
import { RunReviews } from './run-reviews.service.js';
import { RunRulePricesResolver } from './run-rule-prices.resolver.js';
import { RunRules } from './run-rules.service.js';
import { RunSettingsController } from './run-settings.controller.js';
import { RunSettingsEditor } from './run-settings-editor.service.js';
import { RunSettingsRepository } from './run-settings.repository.js';
import { RunSettingsResolver } from './run-settings.resolver.js';
import { RunSettingsService } from './run-settings.service.js';
import { RunSettingsWriter } from './run-settings-writer.service.js';
import { RunSignaturesRepository } from './run-signatures.repository.js';
import { RunStandingBatches } from './run-standing-batches.service.js';
import { RunStandingsResolver } from './run-standings.resolver.js';
import { RunSumsRepository } from './run-sums.repository.js';
import { RunWatch } from './run-watch.service.js';

/** New code beside the old: what of it is sampled, what was compared, and whether it is equivalent. */
@Module({
  imports: [ProjectsModule, EventsModule, FlagsModule, TelemetryModule],
  controllers: [ParallelRunsController, PlacedRunsController, RunSettingsController, RunFindingsController],
  providers: [
    ParallelRunsService,
    RunRemovals,
    RunOverviews,
    RunSettingsService,
    RunSettingsEditor,
    RunSettingsWriter,
    RunRules,
    RunJournal,
    RunCatalog,
    RunFindings,
    RunFaults,
    RunIntake,
    RunWatch,
    RunReviews,
    RunReviewEffects,
    RunReviewJob,
    RuleExpiries,
    RunRetention,
    RunRetentionJob,
    ParallelRunHolds,
    ParallelRunShares,
    ParallelRunStandings,
    RunStandingBatches,
    ParallelRunsReader,
    ParallelRunsResolver,
    RunSettingsResolver,
    RunDefinitionsResolver,
    RunCommandsResolver,
    RunRulePricesResolver,
    RunStandingsResolver,
    RunFindingsResolver,
    ParallelRunsRepository,
    RunSettingsRepository,
    RunSumsRepository,
    RunSignaturesRepository,
    RunRetentionRepository,
    CertificatesRepository,
    { provide: DigestKeys, useClass: RandomDigestKeys },
  ],
  exports: [ParallelRunHolds, ParallelRunShares, ParallelRunStandings, ParallelRunsReader, RunSettingsService],
})
export class ParallelRunsModule {}
