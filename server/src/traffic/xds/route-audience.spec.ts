import { describe, expect, it } from '@jest/globals';
import { DiscoverySession } from './discovery-session.js';
import { audienceOf, confirmationOf, type RouteAudience } from './route-audience.js';
import { ROUTES } from './xds-names.js';
import type { EncodedResource, RouteSnapshot } from './xds-snapshot.js';

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

describe('the audience of a route', () => {
  const snapshot: RouteSnapshot = {
    route: 'a/b/c',
    version: 7,
    resources: [],
    needs: [{ type: ROUTES, name: 'a/b/c' }],
  };
  /** A client that asks for the route, and refuses what it is told. */
  const refusing = (node: string, isBelieved: boolean) => {
    const session = new DiscoverySession();
    const ask = { typeUrl: ROUTES, resourceNames: ['a/b/c'] };
    session.take({ ...ask, responseNonce: '', refusal: undefined });
    const resource: EncodedResource = { type: ROUTES, name: 'a/b/c', value: new Uint8Array(), digest: 'r' };
    const [answer] = session.answers([{ ...snapshot, resources: [resource] }]);
    session.take({ ...ask, responseNonce: answer?.nonce ?? '', refusal: `${node} does not like it.` });
    return { node, session, isBelieved };
  };

  it('is those that are believed, whatever others say', () => {
    const audience = audienceOf([refusing('stranger', false), refusing('pod-1', true)], snapshot);
    expect(audience).toEqual({
      version: 7,
      clients: 1,
      behind: 1,
      complaints: ['pod-1 refuses its RouteConfiguration: pod-1 does not like it.'],
    });
  });

  it('is all where nobody is believed, so that a route that only strangers follow can be confirmed', () => {
    expect(audienceOf([refusing('a', false), refusing('b', false)], snapshot)).toMatchObject({ clients: 2, behind: 2 });
  });
});
