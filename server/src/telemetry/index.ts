export { TelemetryModule } from './telemetry.module.js';
export { type LastEvaluations, UsageReader } from './usage-reader.service.js';
