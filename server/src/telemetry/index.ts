export type { Arm, MeasurementInterval, MeasurementTotal } from './measurement.js';
export { type HistoryQuestion, MeasurementsReader } from './measurements-reader.service.js';
export { ReachReader, type RevisionReach } from './reach-reader.service.js';
export { ReportedVersionsReader } from './reported-versions-reader.service.js';
export type { Laggard, ReportedVersion } from './sdk-instance.js';
export { TelemetryModule } from './telemetry.module.js';
export { UsageReader } from './usage-reader.service.js';
