import { Module } from '@nestjs/common';
import { AnalysisModule } from '../analysis/index.js';
import { DeploymentsModule } from '../deployments/index.js';
import { FlagsModule } from '../flags/index.js';
import { GuardrailsModule } from '../guardrails/index.js';
import { ParallelRunsModule } from '../parallel-runs/index.js';
import { PoliciesModule } from '../policies/index.js';
import { ProjectsModule } from '../projects/index.js';
import { SegmentsModule } from '../segments/index.js';
import { TelemetryModule } from '../telemetry/index.js';
import { BackTestReplays } from './back-test-replays.service.js';
import { BackTestSplits } from './back-test-splits.service.js';
import { BackTestsController } from './back-tests.controller.js';
import { BackTestsRepository } from './back-tests.repository.js';
import { BackTests } from './back-tests.service.js';
import { GateCaller } from './gate-caller.js';
import { Inquiries } from './inquiries.service.js';
import { RolloutEffects } from './rollout-effects.service.js';
import { RolloutEndings } from './rollout-endings.service.js';
import { RolloutEngine } from './rollout-engine.service.js';
import { RolloutEvidence } from './rollout-evidence.service.js';
import { RolloutGates } from './rollout-gates.service.js';
import { RolloutGuards } from './rollout-guards.service.js';
import { RolloutHistory } from './rollout-history.service.js';
import { RolloutListeners } from './rollout-listeners.service.js';
import { RolloutLooks } from './rollout-looks.service.js';
import { RolloutMetrics } from './rollout-metrics.provider.js';
import { RolloutWaits } from './rollout-waits.service.js';
import { RolloutQueries } from './rollout-queries.service.js';
import { RolloutPreviews } from './rollout-previews.service.js';
import { RolloutPresence } from './rollout-presence.service.js';
import { RolloutRetentionJob } from './rollout-retention.job.js';
import { RolloutRetention } from './rollout-retention.service.js';
import { RolloutRuns } from './rollout-runs.service.js';
import { RolloutTargets } from './rollout-targets.service.js';
import { RolloutTickJob } from './rollout-tick.job.js';
import { RolloutsReader } from './rollouts-reader.service.js';
import { RolloutsRepository } from './rollouts.repository.js';
import { Rollouts } from './rollouts.service.js';
import { WebhookGateAdapter } from './webhook-gate.adapter.js';

@Module({
  imports: [
    AnalysisModule,
    ProjectsModule,
    SegmentsModule,
    FlagsModule,
    DeploymentsModule,
    TelemetryModule,
    ParallelRunsModule,
    PoliciesModule,
    GuardrailsModule,
  ],
  controllers: [BackTestsController],
  providers: [
    Rollouts,
    RolloutsReader,
    RolloutsRepository,
    RolloutEngine,
    RolloutMetrics,
    RolloutLooks,
    RolloutWaits,
    RolloutGates,
    { provide: GateCaller, useClass: WebhookGateAdapter },
    Inquiries,
    RolloutQueries,
    RolloutEndings,
    RolloutEffects,
    RolloutRuns,
    RolloutTargets,
    RolloutHistory,
    RolloutPresence,
    RolloutEvidence,
    RolloutPreviews,
    RolloutListeners,
    RolloutGuards,
    RolloutTickJob,
    RolloutRetention,
    RolloutRetentionJob,
    BackTests,
    BackTestReplays,
    BackTestSplits,
    BackTestsRepository,
  ],
  exports: [Rollouts, RolloutsReader, RolloutListeners, RolloutGuards, RolloutEvidence, RolloutPreviews],
})
export class RolloutsModule {}
