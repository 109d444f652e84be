import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { create, fromBinary, type JsonObject, toBinary } from '@bufbuild/protobuf';
import { FlagdProvider } from '@openfeature/flagd-provider';
import { type Client, OpenFeature } from '@openfeature/server-sdk';
import { createClient, type SluiceClient } from '@sluice/sdk';
import type { EvaluationContext, JsonValue, Snapshot, SnapshotFlag } from '@sluice/sdk/evaluation';
import { Service as ServiceV1 } from '../../src/platform/grpc/generated/flagd/evaluation/v1/evaluation_pb.js';
import {
  ResolveBooleanRequestSchema,
  Service as ServiceV2,
} from '../../src/platform/grpc/generated/flagd/evaluation/v2/evaluation_pb.js';
import { aRandomEnvironment, someRandomContexts } from '../builders/a-random-environment.js';
import { bearer, ControlPlane, LiveEnvironment } from '../clients/control-plane.js';
import { GrpcClient } from '../clients/grpc-client.js';
import { LeanGrpc } from '../clients/lean-grpc.js';

const FLAGS = 100;
const CONTEXTS = 1_000;
const PAIRS = FLAGS * CONTEXTS;
/** A call for each pair takes minutes on a busy machine. */
const PATIENCE_MS = 480_000;
const SEED = 1_121;
const START_TIMEOUT_MS = 240_000;

const world = aRandomEnvironment(2_026, FLAGS);
const contexts = someRandomContexts(SEED, CONTEXTS);

let folder: string;
let plane: ControlPlane;
let live: LiveEnvironment;
let sluice: SluiceClient;
let inProcess: Client;
let rpc1: GrpcClient<typeof ServiceV1>;
let rpc2: LeanGrpc;
/** The flags that flagd can be told of. */
let carried: readonly SnapshotFlag[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-agreement-'));
  const first = await ControlPlane.start({ SLUICE_DATA_DIR: folder });
  const { project, id, tokens } = await first.createEnvironment();
  await store(first, project, world);
  await first.close();
  plane = await ControlPlane.start({ SLUICE_DATA_DIR: folder, SLUICE_FLAGD_TOKEN: tokens.server.secret });
  live = new LiveEnvironment(plane, project, id, tokens);

  sluice = await createClient({ url: plane.url, token: tokens.server.secret });
  const { grpcAddress } = plane.server;
  const [host = '', port] = grpcAddress.split(':');
  const options = { host, port: Number(port), deadlineMs: 20_000, resolverType: 'in-process' } as const;
  await OpenFeature.setProviderAndWait('agreement', new FlagdProvider(options));
  inProcess = OpenFeature.getClient('agreement');
  rpc1 = new GrpcClient(ServiceV1, grpcAddress, bearer(tokens.server));
  rpc2 = new LeanGrpc(grpcAddress, bearer(tokens.server));
  const { document } = await plane.manage<{ document: { flags: object } }>(
    'GET',
    `/projects/${project}/environments/live/flagd`,
  );
  carried = world.flags.filter(({ key }) => Object.hasOwn(document.flags, key));
}, START_TIMEOUT_MS);
afterAll(async () => {
  await OpenFeature.clearProviders();
  await sluice.close();
  rpc1.close();
  await rpc2.close();
  await plane.close();
  await rm(folder, { recursive: true });
}, START_TIMEOUT_MS);

/** Makes an environment as people do. */
async function store(at: ControlPlane, project: string, { flags, segments }: Snapshot): Promise<void> {
  for (const { key, included, excluded, rules } of segments) {
    await at.manage('POST', `/projects/${project}/segments`, { key, included, excluded, rules });
  }
  for (const { key, type, variations, metadata = {}, version: _none, ...settings } of flags) {
    await at.manage('POST', `/projects/${project}/flags`, { key, type, variations, metadata });
    const { offVariation = null, defaultServe = null, ...rest } = settings;
    const body = { ...rest, offVariation, defaultServe };
    await at.manage('PUT', `/projects/${project}/flags/${key}/environments/live`, body);
  }
}

/** Value and variant, comparable; a value that is left to the caller is undefined. */
function told(value: unknown, variant: string | undefined): string {
  return JSON.stringify([value ?? null, value === undefined ? null : (variant ?? null)], sorted);
}

/** Objects in order of their keys: not every protocol keeps it. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const asJson = (context: EvaluationContext): JsonObject => context as JsonObject; // safe: made of JSON

interface Told {
  readonly value?: unknown;
  readonly variant?: string | undefined;
}

const METHODS = {
  boolean: ServiceV2.method.resolveBoolean,
  string: ServiceV2.method.resolveString,
  number: ServiceV2.method.resolveFloat,
  json: ServiceV2.method.resolveObject,
};

/** A part of a question of v2, which is the same for all types; messages one after the other are one with all of both. */
function questionOf(part: { flagKey: string } | { context: JsonObject }): Uint8Array {
  return toBinary(ResolveBooleanRequestSchema, create(ResolveBooleanRequestSchema, part));
}

/** Asks for a flag by its type; an error leaves the value to the caller. */
async function askV2({ key, type }: SnapshotFlag, context: Uint8Array): Promise<Told> {
  const { name, output } = METHODS[type];
  const question = Buffer.concat([questionOf({ flagKey: key }), context]);
  const answer = await rpc2.ask(`/${ServiceV2.typeName}/${name}`, question);
  return answer === undefined ? {} : fromBinary(output, answer);
}

function detailsOf(type: SnapshotFlag['type'], key: string, context: JsonObject): Promise<Told> {
  // OpenFeature's type of contexts is narrower than what its clients take.
  const asked = context as Parameters<Client['getBooleanDetails']>[2];
  switch (type) {
    case 'boolean':
      return inProcess.getBooleanDetails(key, false, asked);
    case 'string':
      return inProcess.getStringDetails(key, '', asked);
    case 'number':
      return inProcess.getNumberDetails(key, 0, asked);
    case 'json':
      return inProcess.getObjectDetails(key, {}, asked);
  }
}

/** Collects what others answer otherwise than our SDK. */
class Comparison {
  compared = 0;
  readonly differing: object[] = [];

  add(flag: string, context: EvaluationContext, ours: string, theirs: string): void {
    this.compared += 1;
    if (ours !== theirs) this.differing.push({ flag, context, ours, theirs });
  }
}

const eachContext = async (
  compare: (context: EvaluationContext, ours: ReadonlyMap<string, string>) => Promise<void>,
  asked = contexts,
): Promise<void> => {
  for (const context of asked) {
    const answers = Object.entries(sluice.evaluateAll(context));
    await compare(context, new Map(answers.map(([key, { value, variant }]) => [key, told(value, variant)])));
  }
};

it('most of what there is can be carried, and everything is met', () => {
  expect(carried.length).toBeGreaterThan(FLAGS * 0.85);
  expect(carried.length).toBeLessThan(FLAGS);
  const met = contexts.flatMap((context) => Object.values(sluice.evaluateAll(context)));
  for (const reason of ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR']) {
    expect([reason, met.some((each) => each.reason === reason)]).toEqual([reason, true]);
  }
});

it('OFREP answers as the SDK does, in 100 000 cases', async () => {
  const comparison = new Comparison();
  await eachContext(async (context, ours) => {
    const response = await fetch(`${plane.url}/ofrep/v1/evaluate/flags`, {
      method: 'POST',
      headers: { ...bearer(live.tokens.server), 'content-type': 'application/json' },
      body: JSON.stringify({ context }),
    });
    const { flags } = (await response.json()) as { flags: { key: string; value?: JsonValue; variant?: string }[] }; // by OFREP
    for (const { key, value, variant } of flags)
      comparison.add(key, context, ours.get(key) ?? '', told(value, variant));
  });
  expect(comparison.differing.slice(0, 3)).toEqual([]);
  expect(comparison.compared).toBe(PAIRS);
}, 120_000);

it('flagd.evaluation.v1 answers as the SDK does, in 100 000 cases', async () => {
  const comparison = new Comparison();
  await eachContext(async (context, ours) => {
    const { flags } = await rpc1.ask('resolveAll', { context: asJson(context) });
    for (const { key } of world.flags) {
      const answer = flags[key];
      comparison.add(key, context, ours.get(key) ?? '', told(answer?.value.value, answer?.variant));
    }
  });
  expect(comparison.differing.slice(0, 3)).toEqual([]);
  expect(comparison.compared).toBe(PAIRS);
}, 120_000);

it(
  'flagd.evaluation.v2 answers as the SDK does, asked for each flag by its type, in 100 000 cases',
  async () => {
    const comparison = new Comparison();
    await eachContext(async (context, ours) => {
      const asked = questionOf({ context: asJson(context) });
      const answers = await Promise.all(
        world.flags.map(async (flag) => {
          const { value, variant } = await askV2(flag, asked);
          return [flag.key, told(value, variant)] as const;
        }),
      );
      for (const [key, theirs] of answers) comparison.add(key, context, ours.get(key) ?? '', theirs);
    });
    expect(comparison.differing.slice(0, 3)).toEqual([]);
    expect(comparison.compared).toBe(PAIRS);
  },
  PATIENCE_MS,
);

it(
  'flagd’s provider, evaluating by itself, answers as the SDK does for what is carried, in 100 000 cases',
  async () => {
    const comparison = new Comparison();
    // The same contexts and some more, for there are fewer flags.
    const asked = someRandomContexts(SEED, Math.ceil(PAIRS / carried.length));
    await eachContext(async (context, ours) => {
      for (const { key, type } of carried) {
        // The default in the code has no variant.
        const { value, variant } = await detailsOf(type, key, asJson(context));
        comparison.add(key, context, ours.get(key) ?? '', told(variant === undefined ? undefined : value, variant));
      }
    }, asked);
    expect(comparison.differing.slice(0, 3)).toEqual([]);
    expect(comparison.compared).toBeGreaterThanOrEqual(PAIRS);
  },
  PATIENCE_MS,
);
