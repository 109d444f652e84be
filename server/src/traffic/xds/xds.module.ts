import { Module } from '@nestjs/common';
import { AuthModule } from '../../auth/index.js';
import { DeploymentsModule } from '../../deployments/index.js';
import { ProjectsModule } from '../../projects/index.js';
import { Discovery } from './discovery.grpc.js';
import { LoadReports } from './load-reports.grpc.js';
import { XdsAccesses } from './xds-access.provider.js';
import { XdsCatalog } from './xds-catalog.service.js';
import { XdsClients } from './xds-clients.service.js';
import { XdsLoads } from './xds-loads.service.js';
import { XdsRoutesRepository } from './xds-routes.repository.js';
import { XdsStates } from './xds-states.service.js';

/** Traffic that clients split themselves, as they are told by xDS. */
@Module({
  imports: [AuthModule, ProjectsModule, DeploymentsModule],
  providers: [Discovery, LoadReports, XdsAccesses, XdsCatalog, XdsClients, XdsLoads, XdsStates, XdsRoutesRepository],
  exports: [XdsStates],
})
export class XdsModule {}
