import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { EventsModule } from '../events/index.js';
import { ProjectsModule } from '../projects/index.js';
import { TelemetryModule } from '../telemetry/index.js';
import { DeploymentJournal } from './deployment-journal.service.js';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsRepository } from './deployments.repository.js';
import { DeploymentsResolver } from './deployments.resolver.js';
import { DeploymentsService } from './deployments.service.js';
import { ServiceCatalog } from './service-catalog.service.js';
import { ServiceInstancesController } from './service-instances.controller.js';
import { ServiceInstancesRepository } from './service-instances.repository.js';
import { ServiceInstances } from './service-instances.service.js';
import { ServiceStandingsResolver } from './service-standings.resolver.js';
import { ServiceStandings } from './service-standings.service.js';
import { ServiceTrafficRepository } from './service-traffic.repository.js';
import { ServiceTraffics } from './service-traffics.service.js';
import { ServicesController } from './services.controller.js';
import { ServicesReader } from './services-reader.service.js';
import { ServicesRepository } from './services.repository.js';
import { ServicesResolver } from './services.resolver.js';
import { ServicesService } from './services.service.js';
import { SnapshotRamps } from './snapshot-ramps.service.js';

/** Which versions of which services are installed where, and who is sent to which. */
@Module({
  imports: [AuthModule, ProjectsModule, EventsModule, TelemetryModule],
  controllers: [DeploymentsController, ServicesController, ServiceInstancesController],
  providers: [
    DeploymentsService,
    DeploymentJournal,
    ServicesService,
    ServiceStandings,
    ServiceCatalog,
    ServiceTraffics,
    ServiceInstances,
    ServicesReader,
    SnapshotRamps,
    ServicesResolver,
    ServiceStandingsResolver,
    DeploymentsResolver,
    ServicesRepository,
    DeploymentsRepository,
    ServiceTrafficRepository,
    ServiceInstancesRepository,
  ],
  exports: [ServiceTraffics, ServiceInstances, ServicesReader, SnapshotRamps],
})
export class DeploymentsModule {}
