export { DeploymentsModule } from './deployments.module.js';
export type { Artifact } from './service.js';
export type { ServiceTraffic, TrafficCandidate, TrafficContent } from './service-traffic.js';
export { ServiceTraffics, type TrafficPlace } from './service-traffics.service.js';
export { type PlacedTraffic, ServicesReader } from './services-reader.service.js';
export { SnapshotRamps } from './snapshot-ramps.service.js';
