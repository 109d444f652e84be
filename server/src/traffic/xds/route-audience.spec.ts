import { describe, expect, it } from '@jest/globals';
import { confirmationOf, type RouteAudience } from './route-audience.js';

const at = (version: number, clients: number, behind = 0, complaints: readonly string[] = []): RouteAudience => ({
  version,
  clients,
  behind,
  complaints,
});

describe('a version of a route', () => {
  it.each<[string, readonly RouteAudience[], object]>([
    ['is with nobody without a replica', [], { kind: 'nobody' }],
    ['is with nobody where replicas have no clients', [at(7, 0)], { kind: 'nobody' }],
    ['is confirmed by all clients of all replicas', [at(7, 2), at(8, 1)], { kind: 'confirmed', clients: 3 }],
    ['waits for those that are behind', [at(7, 2), at(7, 3, 1)], { kind: 'waiting', clients: 5, behind: 1 }],
    ['waits for replicas that have not told it', [at(7, 2), at(6, 3)], { kind: 'waiting', clients: 5, behind: 3 }],
    ['does not wait for replicas without clients', [at(7, 2), at(1, 0)], { kind: 'confirmed', clients: 2 }],
  ])('%s', (_name, audiences, expected) => {
    expect(confirmationOf(audiences, 7)).toMatchObject(expected);
  });

  it('says who refuses it', () => {
    expect(confirmationOf([at(7, 3, 1, ['pod-1 refuses its Cluster: no.'])], 7)).toHaveProperty(
      'sentence',
      '1 of 3 xDS clients has not taken the route. pod-1 refuses its Cluster: no.',
    );
  });
});
