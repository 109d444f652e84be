export { DeploymentsModule } from './deployments.module.js';
export { INSTANCES_CHANGED } from './instances-changed.js';
export { isLive, type ServiceInstance, servedInstances } from './service-instance.js';
export { ServiceInstances } from './service-instances.service.js';
export type { TrafficContent } from './service-traffic.js';
export { ServiceTraffics, type TrafficPlace } from './service-traffics.service.js';
export { ServicesReader } from './services-reader.service.js';
export { SnapshotRamps } from './snapshot-ramps.service.js';
