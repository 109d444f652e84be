export { DeploymentsModule } from './deployments.module.js';
export type { TrafficContent } from './service-traffic.js';
export { ServiceTraffics, type TrafficPlace } from './service-traffics.service.js';
export { ServicesReader } from './services-reader.service.js';
export { SnapshotRamps } from './snapshot-ramps.service.js';
