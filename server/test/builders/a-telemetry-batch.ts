import type { TelemetryBatch } from '../../../sdk/src/telemetry/batch.js';

/** A report of one evaluation by an instance that serves revision 1, unless said. */
export function aTelemetryBatch(overrides: Partial<TelemetryBatch> = {}): TelemetryBatch {
  return {
    batchId: 'batch-1',
    instance: {
      id: 'instance-1',
      name: 'checkout-7f',
      sdk: 'sluice-node/0.1.0',
      revision: 1,
      revisionAppliedAt: '2026-01-01T00:00:00.000Z',
    },
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-01T00:00:10.000Z',
    evaluations: [{ flag: 'new-cart', variation: 'on', count: 1, lastAt: '2026-01-01T00:00:09.000Z' }],
    ...overrides,
  };
}
