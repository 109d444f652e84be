import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/index.js';
import { TelemetryModule } from '../telemetry/index.js';
import { PoliciesController } from './policies.controller.js';
import { PoliciesReader } from './policies-reader.service.js';
import { PoliciesRepository } from './policies.repository.js';
import { PoliciesResolver, PolicyVersionsResolver } from './policies.resolver.js';
import { PoliciesService } from './policies.service.js';
import { PolicyPlansController } from './policy-plans.controller.js';
import { PolicyPlansResolver } from './policy-plans.resolver.js';
import { PolicyPlans } from './policy-plans.service.js';
import { SlicedWork } from './sliced-work.service.js';
import { TrafficHistory } from './traffic-history.service.js';

@Module({
  imports: [ProjectsModule, TelemetryModule],
  controllers: [PoliciesController, PolicyPlansController],
  providers: [
    PoliciesService,
    PoliciesReader,
    PoliciesRepository,
    PolicyPlans,
    PoliciesResolver,
    PolicyVersionsResolver,
    PolicyPlansResolver,
    TrafficHistory,
    SlicedWork,
  ],
  exports: [PoliciesReader, PolicyPlans, TrafficHistory, SlicedWork],
})
export class PoliciesModule {}
