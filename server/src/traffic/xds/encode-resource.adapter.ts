import { createHash } from 'node:crypto';
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import {
  Cluster_DiscoveryType,
  Cluster_LbPolicy,
  ClusterSchema,
} from '../../platform/grpc/generated/envoy/config/cluster/v3/cluster_pb.js';
import { ApiVersion, HealthStatus } from '../../platform/grpc/generated/envoy/config/core/v3/core_pb.js';
import { ClusterLoadAssignmentSchema } from '../../platform/grpc/generated/envoy/config/endpoint/v3/endpoint_pb.js';
import { ListenerSchema } from '../../platform/grpc/generated/envoy/config/listener/v3/listener_pb.js';
import {
  type HeaderMatcherSchema,
  RouteConfigurationSchema,
  type RouteSchema,
} from '../../platform/grpc/generated/envoy/config/route/v3/route_pb.js';
import { RouterSchema } from '../../platform/grpc/generated/envoy/extensions/filters/http/router/v3/router_pb.js';
import { HttpConnectionManagerSchema } from '../../platform/grpc/generated/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { HttpProtocolOptionsSchema } from '../../platform/grpc/generated/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js';
import { CLUSTER, ENDPOINTS, LISTENER, ROUTES } from './xds-names.js';
import type {
  ClusterResource,
  EndpointsResource,
  HeaderRoute,
  ListenerResource,
  RoutesResource,
  XdsResource,
} from './xds-resources.js';
import type { EncodedResource } from './xds-snapshot.js';

const BY_ADS = {
  resourceApiVersion: ApiVersion.V3,
  configSourceSpecifier: { case: 'ads' as const, value: {} },
};
/** Where clients report: to whom they have the cluster from. */
const TO_US = {
  resourceApiVersion: ApiVersion.V3,
  configSourceSpecifier: { case: 'self' as const, value: {} },
};
const HTTP2 = {
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
/**
 * Proxies leave out for a while what they cannot reach, or what answers as if it could not go on (502, 503, 504), at most
 * half of a version's instances. Nothing else: what a version does wrong is for releases to see. Clients of gRPC leave
 * out by themselves what they cannot connect to, and make nothing of these (gRFC A50).
 */
const OUTLIERS = {
  consecutiveGatewayFailure: 5,
  enforcingConsecutiveGatewayFailure: 100,
  enforcingConsecutive5xx: 0,
  enforcingSuccessRate: 0,
  maxEjectionPercent: 50,
};
const CONNECT_TIMEOUT = { seconds: 5n };
/** None: callers have deadlines, and proxies would end their streams after 15 s. */
const ROUTE_TIMEOUT = {};

/** Puts a resource into Envoy's words; the same resource gives the same bytes on every replica. */
export function encodeResource(resource: XdsResource): EncodedResource {
  const value = bytesOf(resource);
  const digest = createHash('sha256').update(value).digest('base64url').slice(0, 16);
  return { type: resource.type, name: resource.name, value, digest };
}

function bytesOf(resource: XdsResource): Uint8Array<ArrayBuffer> {
  switch (resource.type) {
    case LISTENER:
      return encode(ListenerSchema, toListener(resource));
    case ROUTES:
      return encode(RouteConfigurationSchema, toRouteConfiguration(resource));
    case CLUSTER:
      return encode(ClusterSchema, toCluster(resource));
    case ENDPOINTS:
      return encode(ClusterLoadAssignmentSchema, toLoadAssignment(resource));
  }
}

function toListener({ name, route }: ListenerResource): MessageInitShape<typeof ListenerSchema> {
  const router = anyPack(RouterSchema, create(RouterSchema));
  const manager = create(HttpConnectionManagerSchema, {
    statPrefix: route,
    routeSpecifier: { case: 'rds', value: { configSource: BY_ADS, routeConfigName: route } },
    httpFilters: [{ name: 'router', configType: { case: 'typedConfig', value: router } }],
  });
  return { name, apiListener: { apiListener: anyPack(HttpConnectionManagerSchema, manager) } };
}

function toRouteConfiguration({ name, routes }: RoutesResource): MessageInitShape<typeof RouteConfigurationSchema> {
  return { name, virtualHosts: [{ name, domains: ['*'], routes: routes.map(toRoute) }] };
}

function toRoute({ name, header, clusters }: HeaderRoute): MessageInitShape<typeof RouteSchema> {
  const weighted = {
    clusters: clusters.map(({ name: cluster, weight }) => ({ name: cluster, weight })),
    totalWeight: clusters.reduce((sum, { weight }) => sum + weight, 0),
  };
  return {
    name,
    match: {
      pathSpecifier: { case: 'prefix', value: '' },
      headers: header === undefined ? [] : [toMatcher(header)],
    },
    action: {
      case: 'route',
      value: { clusterSpecifier: { case: 'weightedClusters', value: weighted }, timeout: ROUTE_TIMEOUT },
    },
  };
}

function toMatcher(header: NonNullable<HeaderRoute['header']>): MessageInitShape<typeof HeaderMatcherSchema> {
  const { name } = header;
  if ('is' in header) {
    const exact = { matchPattern: { case: 'exact' as const, value: header.is } };
    return { name, headerMatchSpecifier: { case: 'stringMatch', value: exact } };
  }
  const range = { start: BigInt(header.start), end: BigInt(header.end) };
  return { name, headerMatchSpecifier: { case: 'rangeMatch', value: range } };
}

function toCluster({ name, endpoints, isCounted, http2 }: ClusterResource): MessageInitShape<typeof ClusterSchema> {
  return {
    name,
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: { edsConfig: BY_ADS, serviceName: endpoints },
    lbPolicy: Cluster_LbPolicy.ROUND_ROBIN,
    connectTimeout: CONNECT_TIMEOUT,
    outlierDetection: OUTLIERS,
    ...(http2 ? { typedExtensionProtocolOptions: HTTP2 } : {}),
    ...(isCounted ? { lrsServer: TO_US } : {}),
  };
}

function toLoadAssignment({
  name,
  instances,
}: EndpointsResource): MessageInitShape<typeof ClusterLoadAssignmentSchema> {
  const lbEndpoints = instances.map(({ address, port, weight }) => {
    const socket = { address, portSpecifier: { case: 'portValue' as const, value: port } };
    const endpoint = { address: { address: { case: 'socketAddress' as const, value: socket } } };
    return {
      hostIdentifier: { case: 'endpoint' as const, value: endpoint },
      healthStatus: HealthStatus.HEALTHY,
      loadBalancingWeight: weight,
    };
  });
  // A locality without instances is one too many: clients would wait for it.
  const endpoints = lbEndpoints.length === 0 ? [] : [{ locality: {}, lbEndpoints, loadBalancingWeight: 1 }];
  return { clusterName: name, endpoints };
}

function encode<Schema extends DescMessage>(schema: Schema, init: MessageInitShape<Schema>): Uint8Array<ArrayBuffer> {
  return toBinary(schema, create(schema, init));
}
