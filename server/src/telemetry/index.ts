export { TelemetryModule } from './telemetry.module.js';
export { UsageReader } from './usage-reader.service.js';
