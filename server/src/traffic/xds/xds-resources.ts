import type { ServiceInstance } from '../../deployments/index.js';
import type { ENDPOINTS, LISTENER } from './xds-names.js';
import { CLUSTER, countedClusterName, ROUTES, versionClusterName } from './xds-names.js';
import { partsOf, type XdsRouteState } from './xds-route-state.js';

/** How a route is set up. */
export interface XdsRouteSetup {
  readonly route: string;
  /** What clients of gRPC dial: `xds:///<listener>`. */
  readonly listener: string;
  /** The request header that names the version to get; undefined: nobody picks. */
  readonly versionHeader: string | undefined;
  /** The request header with the user's bucket, 0 to 99 999; undefined: each request is drawn by itself. */
  readonly bucketHeader: string | undefined;
  /** Whether proxies speak HTTP/2 with instances, as gRPC needs. */
  readonly http2: boolean;
}

/** What leads a client to the routes, whatever they say (gRFC A27). */
export interface ListenerResource {
  readonly type: typeof LISTENER;
  readonly name: string;
  readonly route: string;
}

/** Which requests go where; the first route that matches counts. */
export interface RoutesResource {
  readonly type: typeof ROUTES;
  readonly name: string;
  readonly routes: readonly HeaderRoute[];
}

export interface HeaderRoute {
  readonly name: string;
  /** Undefined: every request. A range is from its start on, below its end. */
  readonly header:
    | { readonly name: string; readonly is: string }
    | { readonly name: string; readonly start: number; readonly end: number }
    | undefined;
  /** Drawn by weight, each request by itself (gRFC A28). */
  readonly clusters: readonly { readonly name: string; readonly weight: number }[];
}

/** Requests that are sent, and perhaps counted, together. */
export interface ClusterResource {
  readonly type: typeof CLUSTER;
  readonly name: string;
  /** The name of the endpoints that it sends to. */
  readonly endpoints: string;
  readonly isCounted: boolean;
  readonly http2: boolean;
}

/** Where the instances of a version listen. */
export interface EndpointsResource {
  readonly type: typeof ENDPOINTS;
  readonly name: string;
  readonly instances: readonly Pick<ServiceInstance, 'address' | 'port' | 'weight'>[];
}

export type XdsResource = ListenerResource | RoutesResource | ClusterResource | EndpointsResource;

/**
 * First those who name a version there is; then those with a bucket, where the version that is away from home has the
 * first buckets, so that a growing share drops nobody; then all others. A header that says nothing of this is as none.
 */
export function routesOf(setup: XdsRouteSetup, state: XdsRouteState, versions: readonly string[]): RoutesResource {
  const { route, versionHeader, bucketHeader } = setup;
  const clusters = partsOf(state).map(({ version, part }) => ({
    name: countedClusterName({ route, version, generation: state.version }),
    weight: part,
  }));
  const everybody = { name: 'everybody', header: undefined, clusters };
  const named = versions.map((version) => ({
    name: `version ${version}`,
    header: { name: versionHeader ?? '', is: version },
    clusters: [{ name: versionClusterName(route, version), weight: 1 }],
  }));
  let start = 0;
  const buckets = clusters.map((cluster) => {
    const end = start + cluster.weight;
    const header = { name: bucketHeader ?? '', start, end };
    start = end;
    return { name: `buckets below ${end}`, header, clusters: [cluster] };
  });
  const routes = [
    ...(versionHeader === undefined ? [] : named),
    ...(bucketHeader === undefined ? [] : buckets),
    everybody,
  ];
  return { type: ROUTES, name: route, routes };
}

/** The counted clusters of some generations, and one beside them for the requests that name the version. */
export function clustersOf(
  { route, http2 }: XdsRouteSetup,
  version: string,
  generations: readonly number[],
): readonly ClusterResource[] {
  const endpoints = versionClusterName(route, version);
  const common = { type: CLUSTER, endpoints, http2 } as const;
  return [
    { ...common, name: endpoints, isCounted: false },
    ...generations.map((generation) => ({
      ...common,
      name: countedClusterName({ route, version, generation }),
      isCounted: true,
    })),
  ];
}
