import { Module } from '@nestjs/common';
import { DeploymentsModule } from '../deployments/index.js';
import { EventsModule } from '../events/index.js';
import { TrafficConfig } from '../platform/config/traffic.js';
import { ProjectsModule } from '../projects/index.js';
import { RolloutsModule } from '../rollouts/index.js';
import { HttpRoutesController } from './gateway-api/http-routes.controller.js';
import { HttpRoutes } from './gateway-api/http-routes.service.js';
import { TrafficController } from './traffic.controller.js';
import { TrafficResolver } from './traffic.resolver.js';
import { TrafficFollowJob } from './traffic-follow.job.js';
import { TrafficFollower } from './traffic-follower.service.js';
import { TrafficReaches } from './traffic-reaches.service.js';
import { TrafficRoutes } from './traffic-routes.provider.js';
import { TrafficShifts } from './traffic-shifts.service.js';
import { TrafficStandingsRepository } from './traffic-standings.repository.js';
import { TrafficViews } from './traffic-views.service.js';
import { XdsRouter } from './xds/xds-router.adapter.js';
import { XdsStates } from './xds/xds-states.service.js';
import { XdsModule } from './xds/xds.module.js';

/** Traffic that proxies split, for services that embed no SDK: it follows the releases. */
@Module({
  imports: [ProjectsModule, EventsModule, DeploymentsModule, RolloutsModule, XdsModule],
  controllers: [TrafficController, HttpRoutesController],
  providers: [
    {
      provide: TrafficRoutes,
      inject: [TrafficConfig, XdsStates],
      useFactory: (config: TrafficConfig, states: XdsStates) =>
        TrafficRoutes.open(config, (route) => new XdsRouter(route, states)),
    },
    HttpRoutes,
    TrafficShifts,
    TrafficFollower,
    TrafficFollowJob,
    TrafficReaches,
    TrafficViews,
    TrafficResolver,
    TrafficStandingsRepository,
  ],
})
export class TrafficModule {}
