import type { Guardrail, MeasurementStatement, QueryStatement } from '../../src/guardrails/guardrail.js';
import { UNKNOWN_STANDING } from '../../src/guardrails/guardrail-state.js';
import { idNumber } from '../fakes/sequential-ids.js';

/** Orders of the whole environment: at least 30 per minute over five minutes, unless said. */
export function aMeasurementStatement(overrides: Partial<MeasurementStatement> = {}): MeasurementStatement {
  return {
    kind: 'measurement',
    subject: 'all',
    metric: 'orders',
    what: 'countPerMinute',
    windowSeconds: 300,
    atLeast: 30,
    ...overrides,
  };
}

/** A number of a JSON endpoint: at least 30, unless said. */
export function aQueryStatement(overrides: Partial<QueryStatement> = {}): QueryStatement {
  return {
    kind: 'query',
    query: { kind: 'json', url: 'http://shop.test/orders', method: 'GET', headers: {}, path: '$.perMinute' },
    windowSeconds: 60,
    atLeast: 30,
    ...overrides,
  };
}

/** A guardrail of anEnvironment that has never been checked, unless said. */
export function aGuardrail(overrides: Partial<Guardrail> = {}): Guardrail {
  return {
    id: idNumber(50),
    projectId: idNumber(1),
    environmentId: idNumber(2),
    key: 'orders',
    name: 'Orders',
    statement: aQueryStatement(),
    intervalSeconds: 60,
    failureLimit: 2,
    recoveryLimit: 2,
    onBroken: { alert: true, hold: null, kill: null },
    ...UNKNOWN_STANDING,
    reason: '',
    lastCheck: null,
    recentChecks: [],
    watchedSince: null,
    changedAt: new Date('2026-01-01T00:00:00.000Z'),
    nextCheckAt: new Date('2026-01-01T00:00:00.000Z'),
    createdAt: new Date('2026-01-01T00:00:00.000Z'),
    version: 1,
    ...overrides,
  };
}
