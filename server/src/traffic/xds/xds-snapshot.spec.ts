import { describe, expect, it } from '@jest/globals';
import { fromBinary } from '@bufbuild/protobuf';
import { RouteConfigurationSchema } from '../../platform/grpc/generated/envoy/config/route/v3/route_pb.js';
import { CLUSTER, ENDPOINTS, RESOURCE_TYPES, ROUTES } from './xds-names.js';
import { type XdsRouteState } from './xds-route-state.js';
import { type RouteSnapshot, snapshotOf } from './xds-snapshot.js';

const setup = {
  ...{ route: 'shop/production/checkout', listener: 'checkout.example', http2: true },
  ...{ versionHeader: 'x-sluice-version', bucketHeader: 'x-sluice-bucket' },
};
const digest = (value: Uint8Array): string => Buffer.from(value).toString('base64');

function aState(overrides: Partial<XdsRouteState> = {}): XdsRouteState {
  return { arms: { stable: 'v1', candidate: 'v2' }, home: 'stable', share: 20_000, version: 5, ...overrides };
}
const snapshot = (state: XdsRouteState, changed: Partial<typeof setup> = {}, extra: readonly string[] = []) =>
  snapshotOf({ ...setup, ...changed }, state, new Map(extra.map((version) => [version, []])), digest);

/** The routes of a snapshot as text: what is asked of a request, and where it goes. */
function routesIn({ resources }: RouteSnapshot): readonly string[] {
  const value = resources.find(({ type }) => type === ROUTES)?.value ?? new Uint8Array();
  const routes = fromBinary(RouteConfigurationSchema, value).virtualHosts[0]?.routes ?? [];
  return routes.map(({ match, action }) => {
    const asked = match?.headers.map(({ name, headerMatchSpecifier: { case: kind, value: how } }) => {
      if (kind === 'stringMatch') return `${name}=${String(how.matchPattern.value)}`;
      return kind === 'rangeMatch' ? `${name} ${how.start}..${how.end}` : name;
    });
    const specifier = action.value?.clusterSpecifier;
    const where =
      specifier?.case === 'weightedClusters'
        ? specifier.value.clusters.map(({ name, weight }) => `${weight} ${name}`).join(', ')
        : specifier?.value;
    return `${asked?.join(' ') ?? ''} → ${where ?? ''}`;
  });
}
const V1 = 'shop/production/checkout@v1';
const V2 = 'shop/production/checkout@v2';

describe('the routes', () => {
  it('lead those who name a version, those with a bucket, and everybody', () => {
    expect(routesIn(snapshot(aState()))).toEqual([
      `x-sluice-version=v1 → ${V1}`,
      `x-sluice-version=v2 → ${V2}`,
      `x-sluice-bucket 0..20000 → ${V2}#5`,
      `x-sluice-bucket 20000..100000 → ${V1}#5`,
      ` → 20000 ${V2}#5, 80000 ${V1}#5`,
    ]);
  });

  it('give the first buckets to whoever is away from home, on whichever arm', () => {
    const swapped = aState({ arms: { stable: 'v3', candidate: 'v2' }, home: 'candidate', share: 90_000 });
    expect(routesIn(snapshot(swapped)).slice(-3)).toEqual([
      'x-sluice-bucket 0..10000 → shop/production/checkout@v3#5',
      `x-sluice-bucket 10000..100000 → ${V2}#5`,
      ` → 10000 shop/production/checkout@v3#5, 90000 ${V2}#5`,
    ]);
  });

  it('are one where nobody picks, and nothing is ramped', () => {
    const none = { versionHeader: undefined, bucketHeader: undefined };
    expect(routesIn(snapshotOf({ ...setup, ...none }, aState({ share: 0 }), new Map(), digest))).toEqual([
      ` → 100000 ${V1}#5`,
    ]);
  });

  it('let testers pick versions that are registered and get no share', () => {
    expect(routesIn(snapshot(aState(), {}, ['v9']))[2]).toBe('x-sluice-version=v9 → shop/production/checkout@v9');
  });
});

describe('a snapshot', () => {
  it('has the clusters of this generation and of the one before', () => {
    const clusters = snapshot(aState()).resources.filter(({ type }) => type === CLUSTER);
    expect(clusters.map(({ name }) => name)).toEqual([V1, `${V1}#4`, `${V1}#5`, V2, `${V2}#4`, `${V2}#5`]);
  });

  it('comes in the order in which it is to be told, and leads nowhere without a version', () => {
    const types = snapshot(aState()).resources.map(({ type }) => RESOURCE_TYPES.indexOf(type));
    expect(types).toEqual([...types].sort());
    const nowhere = snapshot(aState({ arms: { stable: null, candidate: null } }));
    expect([nowhere.resources, nowhere.needs]).toEqual([[], []]);
  });

  it('needs the clusters that get a share, where their instances are, and the route', () => {
    expect(snapshot(aState({ share: 0 })).needs).toMatchObject([
      { type: CLUSTER, name: `${V1}#5` },
      { type: ENDPOINTS, name: V1 },
      { type: ROUTES, name: setup.route },
    ]);
  });
});
