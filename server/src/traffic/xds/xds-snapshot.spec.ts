import { describe, expect, it } from '@jest/globals';
import { fromBinary } from '@bufbuild/protobuf';
import { RouteConfigurationSchema } from '../../platform/grpc/generated/envoy/config/route/v3/route_pb.js';
import { encodeResource } from './encode-resource.adapter.js';
import { CLUSTER, ENDPOINTS, RESOURCE_TYPES, ROUTES } from './xds-names.js';
import type { XdsRouteState } from './xds-route-state.js';
import { resourcesOf, snapshotOf } from './xds-snapshot.js';

const setup = {
  ...{ route: 'shop/production/checkout', listener: 'checkout.example', http2: true },
  ...{ versionHeader: 'x-sluice-version', bucketHeader: 'x-sluice-bucket' },
};
const NOBODY = new Map<string, []>();

function aState(overrides: Partial<XdsRouteState> = {}): XdsRouteState {
  return { arms: { stable: 'v1', candidate: 'v2' }, home: 'stable', share: 20_000, version: 5, ...overrides };
}

/** The routes as text: what is asked of a request, and where it goes; read back from the wire. */
function routesOf(state: XdsRouteState, changed: object = {}, registered: readonly string[] = []): readonly string[] {
  const served = new Map(registered.map((version) => [version, []]));
  const resources = resourcesOf({ ...setup, ...changed }, state, served).map(encodeResource);
  const value = resources.find(({ type }) => type === ROUTES)?.value ?? new Uint8Array();
  const routes = fromBinary(RouteConfigurationSchema, value).virtualHosts[0]?.routes ?? [];
  return routes.map(({ match, action }) => {
    const asked = match?.headers.map(({ name, headerMatchSpecifier: { case: kind, value: how } }) => {
      if (kind === 'stringMatch') return `${name}=${String(how.matchPattern.value)}`;
      return kind === 'rangeMatch' ? `${name} ${how.start}..${how.end}` : name;
    });
    const specifier = action.value?.clusterSpecifier;
    const clusters = specifier?.case === 'weightedClusters' ? specifier.value.clusters : [];
    return `${asked?.join(' ') ?? ''} → ${clusters.map(({ name, weight }) => `${weight} ${name}`).join(', ')}`;
  });
}
const V1 = 'shop/production/checkout@v1';
const V2 = 'shop/production/checkout@v2';

describe('the routes', () => {
  it('lead those who name a version, those with a bucket, and everybody', () => {
    expect(routesOf(aState())).toEqual([
      `x-sluice-version=v1 → 1 ${V1}`,
      `x-sluice-version=v2 → 1 ${V2}`,
      `x-sluice-bucket 0..20000 → 20000 ${V2}#5`,
      `x-sluice-bucket 20000..100000 → 80000 ${V1}#5`,
      ` → 20000 ${V2}#5, 80000 ${V1}#5`,
    ]);
  });

  it('give the first buckets to whoever is away from home, on whichever arm', () => {
    const swapped = aState({ arms: { stable: 'v3', candidate: 'v2' }, home: 'candidate', share: 90_000 });
    expect(routesOf(swapped).slice(-3)).toEqual([
      'x-sluice-bucket 0..10000 → 10000 shop/production/checkout@v3#5',
      `x-sluice-bucket 10000..100000 → 90000 ${V2}#5`,
      ` → 10000 shop/production/checkout@v3#5, 90000 ${V2}#5`,
    ]);
  });

  it('are one where nobody picks, and nothing is ramped', () => {
    const none = { versionHeader: undefined, bucketHeader: undefined };
    expect(routesOf(aState({ share: 0 }), none)).toEqual([` → 100000 ${V1}#5`]);
  });

  it('let testers pick versions that are registered and get no share', () => {
    expect(routesOf(aState(), {}, ['v9'])[2]).toBe('x-sluice-version=v9 → 1 shop/production/checkout@v9');
  });
});

describe('the resources of a route', () => {
  it('have the clusters of this generation and of the one before', () => {
    const clusters = resourcesOf(setup, aState(), NOBODY).filter(({ type }) => type === CLUSTER);
    expect(clusters.map(({ name }) => name)).toEqual([V1, `${V1}#4`, `${V1}#5`, V2, `${V2}#4`, `${V2}#5`]);
  });

  it('come in the order in which they are to be told', () => {
    const types = resourcesOf(setup, aState(), NOBODY).map(({ type }) => RESOURCE_TYPES.indexOf(type));
    expect(types).toEqual([...types].sort());
  });

  it('are none while no version is known', () => {
    const state = aState({ arms: { stable: null, candidate: null } });
    expect(resourcesOf(setup, state, NOBODY)).toEqual([]);
    expect(snapshotOf(setup.route, state, []).needs).toEqual([]);
  });

  it('are needed as far as they get a share: clusters, where their instances are, and the route', () => {
    const state = aState({ share: 0 });
    const resources = resourcesOf(setup, state, NOBODY).map(encodeResource);
    expect(snapshotOf(setup.route, state, resources).needs).toEqual([
      { type: CLUSTER, name: `${V1}#5` },
      { type: ENDPOINTS, name: V1 },
      { type: ROUTES, name: setup.route, digest: resources.at(-1)?.digest },
    ]);
  });
});
