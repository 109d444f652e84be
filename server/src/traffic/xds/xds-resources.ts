import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { type Any, anyPack } from '@bufbuild/protobuf/wkt';
import type { ServiceInstance } from '../../deployments/index.js';
import { FULL_SHARE } from '../../kernel/share.js';
import {
  Cluster_DiscoveryType,
  Cluster_LbPolicy,
  ClusterSchema,
} from '../../platform/grpc/generated/envoy/config/cluster/v3/cluster_pb.js';
import { ApiVersion, HealthStatus } from '../../platform/grpc/generated/envoy/config/core/v3/core_pb.js';
import { ClusterLoadAssignmentSchema } from '../../platform/grpc/generated/envoy/config/endpoint/v3/endpoint_pb.js';
import { ListenerSchema } from '../../platform/grpc/generated/envoy/config/listener/v3/listener_pb.js';
import {
  type RouteSchema,
  RouteConfigurationSchema,
} from '../../platform/grpc/generated/envoy/config/route/v3/route_pb.js';
import { RouterSchema } from '../../platform/grpc/generated/envoy/extensions/filters/http/router/v3/router_pb.js';
import { HttpConnectionManagerSchema } from '../../platform/grpc/generated/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { HttpProtocolOptionsSchema } from '../../platform/grpc/generated/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js';
import {
  CLUSTER,
  countedClusterName,
  ENDPOINTS,
  LISTENER,
  type ResourceType,
  ROUTES,
  versionClusterName,
} from './xds-names.js';
import { partsOf, type VersionPart, type XdsRouteState } from './xds-route-state.js';

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

/** A resource as it is told. */
export interface XdsResource {
  readonly type: ResourceType;
  readonly name: string;
  readonly value: Uint8Array<ArrayBuffer>;
}

const EVERYTHING = { pathSpecifier: { case: 'prefix' as const, value: '' } };
const BY_ADS = {
  resourceApiVersion: ApiVersion.V3,
  configSourceSpecifier: { case: 'ads' as const, value: {} },
};
/** Where clients report: to whom they have the cluster from. */
const TO_US = {
  resourceApiVersion: ApiVersion.V3,
  configSourceSpecifier: { case: 'self' as const, value: {} },
};
const HTTP2: Record<string, Any> = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': anyPack(
    HttpProtocolOptionsSchema,
    create(HttpProtocolOptionsSchema, {
      upstreamProtocolOptions: {
        case: 'explicitHttpConfig',
        value: { protocolConfig: { case: 'http2ProtocolOptions', value: {} } },
      },
    }),
  ),
};

type RouteInit = MessageInitShape<typeof RouteSchema>;

/** What leads a client to the route configuration, whatever it says (gRFC A27). */
export function listenerOf({ route, listener }: XdsRouteSetup): XdsResource {
  const manager = create(HttpConnectionManagerSchema, {
    statPrefix: route,
    routeSpecifier: { case: 'rds', value: { configSource: BY_ADS, routeConfigName: route } },
    httpFilters: [
      {
        name: 'router',
        configType: { case: 'typedConfig', value: anyPack(RouterSchema, create(RouterSchema)) },
      },
    ],
  });
  const apiListener = { apiListener: anyPack(HttpConnectionManagerSchema, manager) };
  return resource(LISTENER, listener, ListenerSchema, { name: listener, apiListener });
}

/**
 * Which requests go where. First those that name a version there is; then those with a bucket, where the version that
 * is away from home has the first buckets, so that a growing share drops nobody; the rest is drawn, each request by
 * itself (gRFC A28). A header that says nothing of this is as good as none.
 */
export function routesOf(setup: XdsRouteSetup, state: XdsRouteState, versions: readonly string[]): XdsResource {
  const { route, versionHeader, bucketHeader } = setup;
  const parts = partsOf(state);
  const routes: RouteInit[] = [
    ...(versionHeader === undefined ? [] : versions.map((version) => namedRoute(route, versionHeader, version))),
    ...(bucketHeader === undefined ? [] : bucketRoutes(setup.route, bucketHeader, state, parts)),
    drawnRoute(route, state, parts),
  ];
  return resource(ROUTES, route, RouteConfigurationSchema, {
    name: route,
    virtualHosts: [{ name: route, domains: ['*'], routes }],
  });
}

/** The counted clusters of some generations, and one beside them for the requests that name the version. */
export function clustersOf(
  { route, http2 }: XdsRouteSetup,
  version: string,
  generations: readonly number[],
): readonly XdsResource[] {
  const edsName = versionClusterName(route, version);
  const cluster = (name: string, isCounted: boolean): XdsResource =>
    resource(CLUSTER, name, ClusterSchema, {
      name,
      clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.EDS },
      edsClusterConfig: { edsConfig: BY_ADS, serviceName: edsName },
      lbPolicy: Cluster_LbPolicy.ROUND_ROBIN,
      connectTimeout: { seconds: 5n },
      ...(http2 ? { typedExtensionProtocolOptions: HTTP2 } : {}),
      ...(isCounted ? { lrsServer: TO_US } : {}),
    });
  const counted = generations.map((generation) => cluster(countedClusterName({ route, version, generation }), true));
  return [cluster(edsName, false), ...counted];
}

/** Where the instances of a version listen. */
export function endpointsOf(route: string, version: string, instances: readonly ServiceInstance[]): XdsResource {
  const clusterName = versionClusterName(route, version);
  const lbEndpoints = instances.map(({ address, port, weight }) => ({
    hostIdentifier: {
      case: 'endpoint' as const,
      value: {
        address: {
          address: {
            case: 'socketAddress' as const,
            value: { address, portSpecifier: { case: 'portValue' as const, value: port } },
          },
        },
      },
    },
    healthStatus: HealthStatus.HEALTHY,
    loadBalancingWeight: weight,
  }));
  // A locality without instances is one too many: clients would wait for it.
  const endpoints = lbEndpoints.length === 0 ? [] : [{ locality: {}, lbEndpoints, loadBalancingWeight: 1 }];
  return resource(ENDPOINTS, clusterName, ClusterLoadAssignmentSchema, { clusterName, endpoints });
}

function namedRoute(route: string, header: string, version: string): RouteInit {
  return {
    name: `version ${version}`,
    match: {
      ...EVERYTHING,
      headers: [
        {
          name: header,
          headerMatchSpecifier: { case: 'stringMatch', value: { matchPattern: { case: 'exact', value: version } } },
        },
      ],
    },
    action: toCluster(versionClusterName(route, version)),
  };
}

function bucketRoutes(
  route: string,
  header: string,
  { version: generation }: XdsRouteState,
  parts: readonly VersionPart[],
): readonly RouteInit[] {
  let from = 0;
  return parts.map(({ version, part }) => {
    const range = { start: BigInt(from), end: BigInt(from + part) };
    from += part;
    return {
      name: `buckets of ${version}`,
      match: { ...EVERYTHING, headers: [{ name: header, headerMatchSpecifier: { case: 'rangeMatch', value: range } }] },
      action: toCluster(countedClusterName({ route, version, generation })),
    };
  });
}

function drawnRoute(route: string, { version: generation }: XdsRouteState, parts: readonly VersionPart[]): RouteInit {
  const clusters = parts.map(({ version, part }) => ({
    name: countedClusterName({ route, version, generation }),
    weight: part,
  }));
  const specifier = { case: 'weightedClusters' as const, value: { clusters, totalWeight: sumOf(parts) } };
  return {
    name: 'everybody',
    match: EVERYTHING,
    action: { case: 'route', value: { clusterSpecifier: specifier, ...WITHOUT_TIMEOUT } },
  };
}

/** Callers have deadlines; proxies would end their streams after 15 s. */
const WITHOUT_TIMEOUT = { timeout: {} };

function toCluster(cluster: string): NonNullable<RouteInit['action']> {
  return {
    case: 'route',
    value: { clusterSpecifier: { case: 'cluster', value: cluster }, ...WITHOUT_TIMEOUT },
  };
}

/** All there is, unless an arm with a part of the requests holds no version that is known. */
function sumOf(parts: readonly VersionPart[]): number {
  return parts.reduce((sum, { part }) => sum + part, 0) || FULL_SHARE;
}

function resource<Schema extends DescMessage>(
  type: ResourceType,
  name: string,
  schema: Schema,
  init: MessageInitShape<Schema>,
): XdsResource {
  return { type, name, value: toBinary(schema, create(schema, init)) };
}
