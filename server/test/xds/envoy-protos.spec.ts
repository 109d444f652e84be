import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DescFile, DescMessage } from '@bufbuild/protobuf';
import { FieldDescriptorProto_Label as Label, FieldDescriptorProto_Type as Type } from '@bufbuild/protobuf/wkt';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { toServiceDefinition } from '../../src/platform/grpc/service-definition.js';
import { file_envoy_config_cluster_v3_cluster } from '../../src/platform/grpc/generated/envoy/config/cluster/v3/cluster_pb.js';
import { file_envoy_config_listener_v3_listener } from '../../src/platform/grpc/generated/envoy/config/listener/v3/listener_pb.js';
import { file_envoy_config_route_v3_route } from '../../src/platform/grpc/generated/envoy/config/route/v3/route_pb.js';
import { file_envoy_extensions_filters_http_router_v3_router } from '../../src/platform/grpc/generated/envoy/extensions/filters/http/router/v3/router_pb.js';
import { file_envoy_extensions_filters_network_http_connection_manager_v3_http_connection_manager } from '../../src/platform/grpc/generated/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js';
import { file_envoy_extensions_upstreams_http_v3_http_protocol_options } from '../../src/platform/grpc/generated/envoy/extensions/upstreams/http/v3/http_protocol_options_pb.js';
import { file_envoy_service_discovery_v3_ads } from '../../src/platform/grpc/generated/envoy/service/discovery/v3/ads_pb.js';
import { file_envoy_service_load_stats_v3_lrs } from '../../src/platform/grpc/generated/envoy/service/load_stats/v3/lrs_pb.js';

const require = createRequire(import.meta.url);
const client = require.resolve('@grpc/grpc-js-xds/package.json');
/** Envoy's own protocols, whole, as the client of gRPC ships them. */
const INCLUDED = ['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'];

const OURS = [
  file_envoy_config_cluster_v3_cluster,
  file_envoy_config_listener_v3_listener,
  file_envoy_config_route_v3_route,
  file_envoy_extensions_filters_http_router_v3_router,
  file_envoy_extensions_filters_network_http_connection_manager_v3_http_connection_manager,
  file_envoy_extensions_upstreams_http_v3_http_protocol_options,
  file_envoy_service_discovery_v3_ads,
  file_envoy_service_load_stats_v3_lrs,
];
const PATHS = [
  'envoy/config/cluster/v3/cluster.proto',
  'envoy/config/listener/v3/listener.proto',
  'envoy/config/route/v3/route.proto',
  'envoy/extensions/filters/http/router/v3/router.proto',
  'envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto',
  'envoy/extensions/upstreams/http/v3/http_protocol_options.proto',
  'envoy/service/discovery/v3/ads.proto',
  'envoy/service/load_stats/v3/lrs.proto',
];

/** All messages of some files and of what they import, without those of protobuf itself. */
function messagesOf(files: readonly DescFile[]): readonly DescMessage[] {
  const all = new Map<string, DescMessage>();
  const seen = new Set<string>();
  const collect = (message: DescMessage): void => {
    all.set(message.typeName, message);
    message.nestedMessages.forEach(collect);
  };
  const visit = (file: DescFile): void => {
    if (seen.has(file.name) || file.name.startsWith('google/protobuf/')) return;
    seen.add(file.name);
    file.messages.forEach(collect);
    file.dependencies.forEach(visit);
  };
  files.forEach(visit);
  return [...all.values()];
}

/** What goes over the wire of a field, and what it is called, in one word of both descriptions. */
function wordsOf(field: { number: number; label: string; type: string; typeName: string }): string {
  const name = field.typeName.slice(field.typeName.lastIndexOf('.') + 1);
  return `${field.number} ${field.label} ${field.type} ${name
    .replaceAll('_', '')
    .replace(/Entry$/u, '')
    .toLowerCase()}`;
}

/** As protobufjs describes what it loaded. */
interface LoadedMessage {
  readonly name: string;
  readonly field: readonly { name: string; number: number; label: string; type: string; typeName: string }[];
  readonly nestedType: readonly LoadedMessage[];
}
interface Loader {
  loadSync(files: readonly string[], options: object): Readonly<Record<string, unknown>>;
}

function messageOf(
  envoy: Readonly<Record<string, unknown>>,
  { typeName, name, parent }: DescMessage,
): LoadedMessage | undefined {
  if (parent !== undefined) return messageOf(envoy, parent)?.nestedType.find((nested) => nested.name === name);
  // Messages are under their names, each with its description.
  return (envoy[typeName] as { type: LoadedMessage } | undefined)?.type;
}

describe("Envoy's protocols as Sluice speaks them", () => {
  // The loader of the client itself: what it reads is what we have to write.
  const loader = createRequire(client)('@grpc/proto-loader') as Loader;
  const envoy = loader.loadSync(PATHS, {
    keepCase: true,
    includeDirs: INCLUDED.map((path) => join(dirname(client), 'deps', path)),
  });

  it.each(messagesOf(OURS).map((message) => [message.typeName, message] as const))(
    'have no field of %s that is another there',
    (_name, message) => {
      const theirs = messageOf(envoy, message);
      const words = new Map(theirs?.field.map((field) => [field.name, wordsOf(field)]));
      expect(theirs).toBeDefined();
      for (const { name: field, number, label = Label.OPTIONAL, type = Type.GROUP, typeName } of message.proto.field) {
        const ours = { number, label: `LABEL_${Label[label]}`, type: `TYPE_${Type[type]}`, typeName };
        expect([field, words.get(field)]).toEqual([field, wordsOf(ours)]);
      }
    },
  );

  it.each(OURS.flatMap(({ services }) => services).map((service) => [service.typeName, service] as const))(
    'call %s as there',
    (name, service) => {
      const theirs = envoy[name] as ServiceDefinition | undefined; // services are under their names
      for (const { path, requestStream, responseStream } of Object.values(toServiceDefinition(service))) {
        const method = theirs?.[path.slice(path.lastIndexOf('/') + 1)];
        expect(method).toMatchObject({ path, requestStream, responseStream });
      }
    },
  );
});
