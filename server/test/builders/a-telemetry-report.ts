import type { TelemetryReport } from '../../src/telemetry/telemetry-batch.js';

/** A report that was read: nothing counted, by an instance that serves revision 1, unless said. */
export function aTelemetryReport(overrides: Partial<TelemetryReport> = {}): TelemetryReport {
  const revisionAppliedAt = new Date('2026-01-01T00:00:00.000Z');
  return {
    batchId: 'batch-1',
    instance: {
      id: 'instance-1',
      name: 'checkout-7f',
      sdk: 'sluice-node/0.1.0',
      revision: 1,
      revisionAppliedAt,
      service: null,
      serviceVersion: null,
    },
    usage: [],
    tracked: [],
    arms: [],
    ordinary: [],
    parallelRuns: [],
    ...overrides,
  };
}
