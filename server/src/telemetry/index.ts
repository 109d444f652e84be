export type { Arm, MeasurementInterval, MeasurementTotal } from './measurement.js';
export { MeasurementsReader } from './measurements-reader.service.js';
export { ReachReader } from './reach-reader.service.js';
export { ReportedVersionsReader } from './reported-versions-reader.service.js';
export { TelemetryModule } from './telemetry.module.js';
export { UsageReader } from './usage-reader.service.js';
