import type { RouteStanding } from '../../src/traffic/route-standing.js';

/** A route that gives v2 a tenth of the requests, unless said. */
export function aStanding(overrides: Partial<RouteStanding> = {}): RouteStanding {
  return {
    arms: { stable: 'v1', candidate: 'v2' },
    home: 'stable',
    follows: 3,
    share: 10_000,
    outcome: { kind: 'inPlace' },
    mark: null,
    verified: null,
    checkedAt: '2026-01-01T00:00:00.000Z',
    ...overrides,
  };
}
