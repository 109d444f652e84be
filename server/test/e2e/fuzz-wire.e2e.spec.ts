import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, type DescService, toBinary } from '@bufbuild/protobuf';
import { status as Status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  AggregatedDiscoveryService,
  DiscoveryRequestSchema,
} from '../../src/platform/grpc/generated/envoy/service/discovery/v3/ads_pb.js';
import { LoadReportingService } from '../../src/platform/grpc/generated/envoy/service/load_stats/v3/lrs_pb.js';
import {
  ResolveBooleanRequestSchema,
  Service as FlagdV2,
} from '../../src/platform/grpc/generated/flagd/evaluation/v2/evaluation_pb.js';
import { Service as FlagdV1 } from '../../src/platform/grpc/generated/flagd/evaluation/v1/evaluation_pb.js';
import { FlagSyncService } from '../../src/platform/grpc/generated/flagd/sync/v1/sync_pb.js';
import { Health } from '../../src/platform/grpc/generated/grpc/health/v1/health_pb.js';
import { LISTENER } from '../../src/traffic/xds/xds-names.js';
import { aTelemetryBatch } from '../builders/a-telemetry-batch.js';
import { type Ending, GrpcBytes } from '../clients/grpc-bytes.js';
import type { Json } from '../fuzz/fitting-values.js';
import { furnishShop, type Shop } from '../fuzz/furnished-shop.js';
import { GRPC_MESSAGES, metadataOf } from '../fuzz/grpc-messages.js';
import { garbage } from '../fuzz/odd-bytes.js';
import * as wires from '../fuzz/wire-requests.js';
import { bodyOf } from './releases-world.js';
import { startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 120_000;
/** Longer than any answer takes on a busy machine. */
const PATIENCE_MS = 30_000;
/** Raise these, with another seed, to look for more by hand. */
const HTTP_RUNS = { numRuns: 60 };
const GRPC_RUNS = { numRuns: 25 };

/** What grpc-js answers by itself to bytes that are no message of the method: its own INTERNAL, and the only one. */
const NO_MESSAGE = { code: Status.INTERNAL, details: 'Error deserializing request' };
/** What Connect's protocol asks for where a coding is none of the server's: the one refusal in its range of 5xx. */
const UNKNOWN_COMPRESSION = {
  status: 501,
  said: expect.stringMatching(/"code":"unimplemented","message":"unknown compression/u) as unknown,
};
/** What Connect says by itself of a stream's only request when it cannot be read, beside which it says nothing. */
const UNREAD_BY_CONNECT = /^(?:parse binary: |received compressed envelope, )/u;
/** Connect's own words are no sentences. */
const WORDS = /^\S/u;
const SENTENCE = /^\S[^]*[.?!]$/u;

let folder: string;
let server: TestServer;
let shop: Shop;
let grpc: GrpcBytes;
let lastEntry: unknown;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-fuzz-'));
  const file = join(folder, 'traffic.json');
  const route = {
    project: 'shop',
    environment: 'live',
    service: 'pricing',
    router: 'xds',
    listener: 'pricing.example',
  };
  await writeFile(file, JSON.stringify({ routes: [route] }));
  server = await startTestServer({ SLUICE_TRAFFIC_FILE: file });
  shop = await furnishShop(server);
  grpc = new GrpcBytes(server.grpcAddress);
  lastEntry = await newestEntry();
}, START_TIMEOUT_MS);
afterAll(async () => {
  grpc.close();
  await server.close();
  await rm(folder, { recursive: true });
}, START_TIMEOUT_MS);

/** The newest record of what was changed. */
async function newestEntry(): Promise<unknown> {
  return bodyOf<{ readonly items: readonly unknown[] }>(await server.api('GET', '/api/v1/audit?limit=1')).items[0];
}

function send({ method, url, headers, body }: wires.HttpRequest): Promise<Response> {
  return fetch(server.url + url, {
    method,
    headers: { authorization: `Bearer ${shop.serverToken}`, ...headers },
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body === undefined ? {} : { body }),
  });
}

const authorization = (): { authorization: string } => ({ authorization: `Bearer ${shop.serverToken}` });

afterEach(async () => {
  // It goes on answering, on each transport.
  const json = { 'content-type': 'application/json' };
  const asked = new TextEncoder().encode('{"flagKey":"checkout"}');
  for (const [method, url, body] of [
    ['POST', '/ofrep/v1/evaluate/flags/checkout', asked],
    ['GET', '/sdk/v1/snapshot', undefined],
    ['POST', '/flagd.evaluation.v2.Service/ResolveBoolean', asked],
  ] as const) {
    const response = await send({ method, url, headers: json, body });
    expect([url, response.status]).toEqual([url, 200]);
    await response.body?.cancel();
  }
  const question = toBinary(ResolveBooleanRequestSchema, create(ResolveBooleanRequestSchema, { flagKey: 'checkout' }));
  const discovery = create(DiscoveryRequestSchema, { typeUrl: LISTENER, resourceNames: ['pricing.example'] });
  for (const [path, message] of [
    ['/flagd.evaluation.v1.Service/ResolveBoolean', question],
    ['/flagd.evaluation.v2.Service/ResolveBoolean', question],
    ['/flagd.sync.v1.FlagSyncService/FetchAllFlags', new Uint8Array()],
    [
      '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources',
      toBinary(DiscoveryRequestSchema, discovery),
    ],
    ['/grpc.health.v1.Health/Check', new Uint8Array()],
    // list_services
    ['/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', new Uint8Array([0x3a, 1, 0x2a])],
  ] as const) {
    const { code, details, answers } = await grpc.send(path, [message], { headers: authorization() });
    expect([path, code, details, answers.length]).toEqual([path, Status.OK, expect.anything(), 1]);
  }
  // Nothing was stored.
  expect(await newestEntry()).toEqual(lastEntry);
}, START_TIMEOUT_MS);

/** What a refusal says, wherever its protocol has it said. */
function sentenceOf(body: string): unknown {
  const said = JSON.parse(body) as Readonly<Record<string, unknown>>; // as each of the protocols has it
  return said['detail'] ?? said['errorDetails'] ?? said['message'];
}

describe('what clients send over HTTP', () => {
  it.each<[string, () => wires.Wire | Promise<wires.Wire>]>([
    ['OFREP, one flag', () => wires.OFREP_ONE],
    ['OFREP, all flags', () => wires.OFREP_ALL],
    ['OFREP, events', async () => wires.ofrepEvents(await ticket())],
    ['the SDK’s snapshot', () => wires.SDK_SNAPSHOT],
    ['the SDK’s stream', () => wires.SDK_STREAM],
    // It is JSON, made by ours.
    ['the SDK’s telemetry', () => wires.telemetry(aTelemetryBatch({ evaluations: [] }) as unknown as Json)],
    ['flagd by Connect', () => wires.FLAGD_CONNECT],
    ['flagd by Connect, asked with GET', () => wires.FLAGD_CONNECT_GET],
  ])('is answered, or refused with a sentence: %s', async (_name, wire) => {
    const property = fc.asyncProperty(wires.requestsOf(await wire()), async (request) => {
      const response = await send(request);
      const { status, headers } = response;
      if (status >= 400) {
        const said = await response.text();
        if (status >= 500) expect({ status, said }).toEqual(UNKNOWN_COMPRESSION);
        return expect(sentenceOf(said)).toMatch(request.url.startsWith('/flagd.') ? WORDS : SENTENCE);
      }
      if (!/^application\/connect/u.test(headers.get('content-type') ?? '')) return response.body?.cancel();
      return expectStreamed(response);
    });
    await fc.assert(property, HTTP_RUNS);
  });

  async function ticket(): Promise<string> {
    const { eventStreams } = bodyOf<{ readonly eventStreams: readonly [{ endpoint: { requestUri: string } }] }>(
      await server.as(shop.serverToken)('POST', '/ofrep/v1/evaluate/flags', {}),
    );
    return new URL(eventStreams[0].endpoint.requestUri, server.url).searchParams.get('ticket') ?? '';
  }

  /** A stream of Connect is always 200: what is refused says so in its first and last envelope. */
  async function expectStreamed(response: Response): Promise<void> {
    const reader = response.body?.getReader();
    const first = (await reader?.read())?.value as Uint8Array | undefined;
    await reader?.cancel();
    expect(first).toBeDefined();
    const isEnd = ((first?.[0] ?? 0) & 2) === 2;
    if (!isEnd) return;
    const { error } = JSON.parse(new TextDecoder().decode(first?.subarray(5))) as {
      error?: { code: string; message: string };
    };
    expect(error?.code).not.toBe('unknown');
    expect(error?.message).toMatch(error?.code === 'internal' ? UNREAD_BY_CONNECT : WORDS);
  }
});

describe('what clients send over gRPC', () => {
  const methodsOf = (service: DescService) =>
    service.methods.map((method) => ({
      path: `/${service.typeName}/${method.name}`,
      isEndless: method.methodKind === 'server_streaming',
      isMany: method.methodKind === 'bidi_streaming',
    }));
  const reflection = ['v1', 'v1alpha'].map((version) => ({
    path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
    isEndless: false,
    isMany: true,
  }));
  const services = [FlagdV1, FlagdV2, FlagSyncService, AggregatedDiscoveryService, LoadReportingService, Health];
  const methods = [...services.flatMap(methodsOf), ...reflection];

  function expectEnd({ code, details }: Ending): void {
    if (code === NO_MESSAGE.code) expect({ code, details }).toEqual(NO_MESSAGE);
    expect(code).not.toBe(Status.UNKNOWN);
    if (code !== Status.OK && code !== NO_MESSAGE.code) expect(details).toMatch(SENTENCE);
  }

  it.each(methods.map((method) => [method.path, method] as const))(
    'is answered, or refused with a sentence: %s',
    async (path, { isEndless, isMany }) => {
      const kind = Object.keys(GRPC_MESSAGES).find((prefix) => path.startsWith(`/${prefix}`)) ?? '';
      const one = GRPC_MESSAGES[kind] ?? garbage;
      const messages = fc.array(one, { minLength: 1, maxLength: isMany ? 4 : 1 });
      const property = fc.asyncProperty(messages, metadataOf(shop.serverToken), async (sent, headers) => {
        expectEnd(await grpc.send(path, sent, { headers, isEndless }));
      });
      await fc.assert(property, GRPC_RUNS);
    },
  );
});
