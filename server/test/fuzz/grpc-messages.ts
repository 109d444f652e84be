import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import type { ValueSchema } from '@bufbuild/protobuf/wkt';
import { StructSchema } from '@bufbuild/protobuf/wkt';
import fc, { type Arbitrary } from 'fast-check';
import { NodeSchema } from '../../src/platform/grpc/generated/envoy/config/core/v3/core_pb.js';
import { ClusterStatsSchema } from '../../src/platform/grpc/generated/envoy/config/endpoint/v3/endpoint_pb.js';
import { DiscoveryRequestSchema } from '../../src/platform/grpc/generated/envoy/service/discovery/v3/ads_pb.js';
import { LoadStatsRequestSchema } from '../../src/platform/grpc/generated/envoy/service/load_stats/v3/lrs_pb.js';
import { ResolveBooleanRequestSchema } from '../../src/platform/grpc/generated/flagd/evaluation/v2/evaluation_pb.js';
import { RESOURCE_TYPES } from '../../src/traffic/xds/xds-names.js';
import { type Bytes, garbage, headerTexts, utf8, wordTexts } from './odd-bytes.js';

/** A field of a message that holds bytes. */
function field(number: number, content: Uint8Array): Bytes {
  const length: number[] = [];
  for (let left = content.length; length.length === 0 || left > 0; left = Math.floor(left / 128)) {
    length.push((left % 128) + (left >= 128 ? 128 : 0));
  }
  return Uint8Array.from([number * 8 + 2, ...length, ...content]);
}

const value = (kind: MessageInitShape<typeof ValueSchema>['kind']): MessageInitShape<typeof ValueSchema> => ({
  ...(kind === undefined ? {} : { kind }),
});
function nestedValue(depth: number): MessageInitShape<typeof ValueSchema> {
  let inner = value({ case: 'boolValue', value: true });
  for (let level = 0; level < depth; level++) inner = value({ case: 'listValue', value: { values: [inner] } });
  return inner;
}
/** Structs that protobuf can say and JSON cannot, or hardly. */
const oddStructs: Arbitrary<Bytes> = fc
  .tuple(
    wordTexts,
    fc.constantFrom(
      value(undefined),
      value({ case: 'numberValue', value: Number.NaN }),
      value({ case: 'numberValue', value: -Infinity }),
      value({ case: 'numberValue', value: -0 }),
      value({ case: 'nullValue', value: 7 as 0 }), // an enum's number on the wire may be any
      nestedValue(30),
      nestedValue(90),
    ),
  )
  .map(([key, each]) => toBinary(StructSchema, create(StructSchema, { fields: { [key]: each } })));

/** Messages of flagd's evaluation: the key of a flag, and a context that JSON could say, or not. */
export const evaluationMessages: Arbitrary<Bytes> = (() => {
  const key = wordTexts.map((flagKey) =>
    toBinary(ResolveBooleanRequestSchema, create(ResolveBooleanRequestSchema, { flagKey })),
  );
  const known = create(ResolveBooleanRequestSchema, { flagKey: 'checkout' });
  const asked = fc.oneof(key, fc.constant(toBinary(ResolveBooleanRequestSchema, known)));
  return fc.tuple(asked, oddStructs).map(([flag, struct]) => Uint8Array.from([...flag, ...field(2, struct)]));
})();

/** Fields of text and numbers alone, as those of most requests are. */
const textMessages = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 7 }), wordTexts), { maxLength: 3 })
  .map((fields) => Uint8Array.from(fields.flatMap(([number, text]) => [...field(number, utf8(text))])));

const oddNodes = fc.record({
  id: wordTexts,
  cluster: wordTexts,
  metadata: fc.constantFrom({}, { sluice_token: 1 }, { sluice_token: 'x'.repeat(3_000) }, { sluice_token: null }),
});
const names = fc.oneof(
  fc.array(fc.oneof(wordTexts, fc.constantFrom('*', 'pricing.example')), { maxLength: 4 }),
  fc.constant(Array.from({ length: 5_000 }, (_, at) => `cluster-${at}`)),
);
const discoveryMessages = fc
  .record({
    typeUrl: fc.oneof(fc.constantFrom(...RESOURCE_TYPES), wordTexts),
    resourceNames: names,
    responseNonce: fc.oneof(fc.constantFrom('', '1', '2'), wordTexts),
    versionInfo: wordTexts,
    errorDetail: fc.option(fc.record({ code: fc.integer(), message: wordTexts }), { nil: undefined }),
    node: fc.option(oddNodes, { nil: undefined }),
  })
  .map(({ errorDetail, node, ...rest }) =>
    toBinary(
      DiscoveryRequestSchema,
      create(DiscoveryRequestSchema, {
        ...rest,
        ...(errorDetail === undefined ? {} : { errorDetail }),
        ...(node === undefined ? {} : { node: create(NodeSchema, node) }),
      }),
    ),
  );
const counts = fc.constantFrom(0n, 1n, 2n ** 53n, 2n ** 64n - 1n);
const loadMessages = fc
  .array(fc.tuple(fc.oneof(wordTexts, fc.constantFrom('shop/live/pricing/v1')), fc.array(counts, { maxLength: 3 })), {
    maxLength: 3,
  })
  .map((clusters) =>
    toBinary(
      LoadStatsRequestSchema,
      create(LoadStatsRequestSchema, {
        clusterStats: clusters.map(([clusterName, issued]) =>
          create(ClusterStatsSchema, {
            clusterName,
            upstreamLocalityStats: issued.map((totalIssuedRequests) => ({ totalIssuedRequests })),
          }),
        ),
      }),
    ),
  );
/** Of reflection: names of Object's own members are no symbols, whatever an index by them says. */
const reflectionMessages = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.oneof(wordTexts, fc.constantFrom('hasOwnProperty', 'valueOf', '.grpc')))
  .map(([number, text]) => field(number, number === 5 ? field(1, utf8(text)) : utf8(text)));

/** What is sent to a method of gRPC: messages with odd contents, and bytes that are none. */
export const GRPC_MESSAGES: Readonly<Record<string, Arbitrary<Bytes>>> = {
  'flagd.evaluation': fc.oneof(evaluationMessages, textMessages, garbage),
  'envoy.service.discovery': fc.oneof({ weight: 4, arbitrary: discoveryMessages }, { weight: 1, arbitrary: garbage }),
  'envoy.service.load_stats': fc.oneof({ weight: 4, arbitrary: loadMessages }, { weight: 1, arbitrary: garbage }),
  'grpc.reflection': fc.oneof({ weight: 4, arbitrary: reflectionMessages }, { weight: 1, arbitrary: garbage }),
  '': fc.oneof(textMessages, garbage),
};

/** The metadata of a call, some of it odd. */
export function metadataOf(token: string): Arbitrary<Readonly<Record<string, string>>> {
  const odd = fc.oneof(
    headerTexts.map((text) => ({ 'flagd-selector': text })),
    headerTexts.map((text) => ({ authorization: text })),
    headerTexts.map((text) => ({ 'x-api-key': text })),
    headerTexts.map((text) => ({ 'x-forwarded-for': text })),
    headerTexts.map((text) => ({ 'x-request-id': text })),
    headerTexts.map((text) => ({ traceparent: text })),
  );
  const authorization = `Bearer ${token}`;
  return fc.option(odd, { nil: {}, freq: 2 }).map((more) => ({ authorization, ...more }));
}
