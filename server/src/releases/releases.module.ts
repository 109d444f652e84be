import { Module, type OnModuleInit } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { DeploymentsModule } from '../deployments/index.js';
import { EventsModule } from '../events/index.js';
import { FlagsModule } from '../flags/index.js';
import { GuardrailsModule } from '../guardrails/index.js';
import { ParallelRunsModule } from '../parallel-runs/index.js';
import { PoliciesModule } from '../policies/index.js';
import { ProjectsModule } from '../projects/index.js';
import { RolloutsModule } from '../rollouts/index.js';
import { SegmentsModule } from '../segments/index.js';
import { TelemetryModule } from '../telemetry/index.js';
import { ApprovalsRepository } from './approvals.repository.js';
import { FlaggerController } from './kubernetes/flagger.controller.js';
import { ReleaseAnalysesController } from './kubernetes/release-analyses.controller.js';
import { ReleaseAnalyses } from './kubernetes/release-analyses.service.js';
import { OverviewsResolver } from './overviews.resolver.js';
import { Overviews } from './overviews.service.js';
import { FlagDebt } from './flag-debt.service.js';
import { RejectionsRepository } from './rejections.repository.js';
import { ReleaseApprovals } from './release-approvals.service.js';
import { ReleaseCommandsResolver } from './release-commands.resolver.js';
import { ReleaseCommands } from './release-commands.service.js';
import { ReleaseComposer } from './release-composer.service.js';
import { ReleaseDetailsResolver } from './release-details.resolver.js';
import { ReleaseDetails } from './release-details.service.js';
import { ReleaseFollower } from './release-follower.service.js';
import { requireSoundMachine } from './release-machine.js';
import { ReleasePreviewsResolver } from './release-previews.resolver.js';
import { ReleasePreviews } from './release-previews.service.js';
import { ReleaseQueue } from './release-queue.service.js';
import { ReleaseRecord } from './release-record.service.js';
import { ReleaseStandings } from './release-standings.service.js';
import { ReleaseStartsJob } from './release-starts.job.js';
import { ReleaseStarts } from './release-starts.service.js';
import { ReleaseTwins } from './release-twins.service.js';
import { ReleaseVerdicts } from './release-verdicts.service.js';
import { ReleasesController } from './releases.controller.js';
import { ReleasesReader } from './releases-reader.service.js';
import { ReleasesRepository } from './releases.repository.js';
import { PolicyReleasesResolver, ReleasesResolver } from './releases.resolver.js';
import { ReleasesService } from './releases.service.js';
import { RunRampsController } from './run-ramps.controller.js';
import { RunRampsResolver } from './run-ramps.resolver.js';
import { RunRamps } from './run-ramps.service.js';

@Module({
  imports: [
    AuthModule,
    ProjectsModule,
    SegmentsModule,
    FlagsModule,
    EventsModule,
    DeploymentsModule,
    ParallelRunsModule,
    PoliciesModule,
    RolloutsModule,
    TelemetryModule,
    GuardrailsModule,
  ],
  controllers: [ReleasesController, RunRampsController, ReleaseAnalysesController, FlaggerController],
  providers: [
    ReleasesService,
    ReleaseComposer,
    ReleaseTwins,
    ReleaseRecord,
    ReleasesReader,
    ReleaseCommands,
    ReleaseApprovals,
    ReleaseVerdicts,
    ReleaseAnalyses,
    ReleaseStarts,
    ReleaseFollower,
    ReleaseQueue,
    ReleaseStartsJob,
    ReleasesRepository,
    ApprovalsRepository,
    FlagDebt,
    RunRamps,
    RunRampsResolver,
    ReleasesResolver,
    PolicyReleasesResolver,
    ReleaseStandings,
    Overviews,
    OverviewsResolver,
    ReleaseDetails,
    ReleaseDetailsResolver,
    ReleaseCommandsResolver,
    ReleasePreviews,
    ReleasePreviewsResolver,
    RejectionsRepository,
  ],
})
export class ReleasesModule implements OnModuleInit {
  onModuleInit(): void {
    requireSoundMachine();
  }
}
