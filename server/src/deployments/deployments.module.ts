import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/index.js';
import { DeploymentsRepository } from './deployments.repository.js';
import { ServiceCatalog } from './service-catalog.service.js';
import { ServiceTrafficRepository } from './service-traffic.repository.js';
import { ServiceTraffics } from './service-traffics.service.js';
import { ServicesReader } from './services-reader.service.js';
import { ServicesRepository } from './services.repository.js';
import { SnapshotRamps } from './snapshot-ramps.service.js';

/** Which versions of which services are installed where, and who is sent to which. */
@Module({
  imports: [ProjectsModule],
  providers: [
    ServiceCatalog,
    ServiceTraffics,
    ServicesReader,
    SnapshotRamps,
    ServicesRepository,
    DeploymentsRepository,
    ServiceTrafficRepository,
  ],
  exports: [ServiceTraffics, ServicesReader, SnapshotRamps],
})
export class DeploymentsModule {}
