import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { compileSnapshot, evaluate, isTangled, OPERATORS, type Snapshot } from '@sluice/sdk/evaluation';
import fc from 'fast-check';
import { FlagsReader } from '../../src/flags/index.js';
import { Transactions } from '../../src/kernel/transactions.js';
import { parseConfig } from '../../src/platform/config/config.js';
import { SegmentsReader } from '../../src/segments/index.js';
import { type RunningServer, startServer } from '../../src/start-server.js';
import { IN_MEMORY } from '../contracts/in-memory.js';

const TIMEOUT_MS = 240_000;
const FLAGS = ['a', 'b', 'c/d'];
const SEGMENTS = ['s', 't', 'u'];
const VARIATIONS = ['v', 'w', 'x'];

/** One request, as far as it is not known before the run in which project it happens. */
interface Command {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

const flagKey = fc.constantFrom(...FLAGS, 'nobody');
const segmentKey = fc.constantFrom(...SEGMENTS, 'nobody');
const variation = fc.constantFrom(...VARIATIONS);
const operand = fc.oneof(
  fc.constantFrom<unknown>('10.0.0.0/8', '::/0', '^1.2', '>=2 <3', '2026-01-01T00:00:00Z', '^a+$', '[', '', 'x-y', '*'),
  fc.string({ maxLength: 8 }),
  fc.double(),
  fc.boolean(),
);
const attribute = fc.oneof(fc.constantFrom('targetingKey', 'email', '/org/plan', '/a~', '/', '/~01', ''), fc.string());
const clause = fc.oneof(
  fc.record(
    {
      attribute,
      operator: fc.constantFrom(...OPERATORS),
      values: fc.array(operand, { maxLength: 3 }),
      negate: fc.boolean(),
    },
    { requiredKeys: ['operator'] },
  ),
  fc.record({ operator: fc.constant('inSegment'), values: fc.array(segmentKey, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    attribute: fc.constant('email'),
    operator: fc.constant('in'),
    values: fc.array(operand, { minLength: 1 }),
  }),
);
const clauses = fc.array(clause, { maxLength: 2 });
const share = fc.oneof(fc.constantFrom(0, 1, 50_000, 99_999, 100_000), fc.integer(), fc.double());
const split = fc.record(
  {
    bucketBy: attribute,
    seed: fc.string({ unit: 'binary' }),
    shares: fc.oneof(
      fc.array(fc.record({ variation, share }), { maxLength: 3 }),
      fc.integer({ min: 0, max: 100_000 }).map((v) => [
        { variation: 'v', share: v },
        { variation: 'w', share: 100_000 - v },
      ]),
    ),
  },
  { requiredKeys: ['shares'] },
);
const serve = fc.oneof(fc.record({ variation }), fc.record({ split }));
const settings = fc.record(
  {
    on: fc.constant(true),
    offVariation: fc.option(variation),
    defaultServe: fc.option(serve),
    targets: fc.array(fc.record({ variation, values: fc.array(fc.string({ minLength: 1 })) }), { maxLength: 2 }),
    rules: fc.array(fc.record({ clauses, serve }), { maxLength: 2 }),
    prerequisites: fc.array(fc.record({ flag: flagKey, variations: fc.array(variation, { minLength: 1 }) }), {
      maxLength: 2,
    }),
  },
  { requiredKeys: ['on'] },
);
const variations = fc.uniqueArray(fc.record({ key: variation, value: fc.oneof(fc.object(), fc.constant({})) }), {
  minLength: 1,
  selector: ({ key }) => key,
});
const pathOf = (list: string, key: string): string => `/${list}/${encodeURIComponent(key)}`;
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(flagKey, settings)
      .map(([key, body]) => ({ method: 'PATCH', path: `${pathOf('flags', key)}/environments/production`, body })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(segmentKey, fc.array(fc.record({ clauses }), { maxLength: 2 }))
      .map(([key, rules]) => ({ method: 'PATCH', path: pathOf('segments', key), body: { rules } })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(flagKey, variations)
      .map(([key, list]) => ({ method: 'PATCH', path: pathOf('flags', key), body: { variations: list } })),
  },
  { weight: 1, arbitrary: flagKey.map((key) => ({ method: 'DELETE', path: pathOf('flags', key) })) },
  { weight: 1, arbitrary: segmentKey.map((key) => ({ method: 'DELETE', path: pathOf('segments', key) })) },
  { weight: 1, arbitrary: segmentKey.map((key) => ({ method: 'POST', path: '/segments', body: { key } })) },
);

const CONTEXTS = [
  {},
  { targetingKey: 'user-1', email: 'a@example.com', org: { plan: 'pro' }, '': 'x' },
  { targetingKey: '10.1.2.3', email: ['1.2.3', '::1', null, 7], '/': true },
  { targetingKey: '2026-06-01T00:00:00Z', email: 1e308, org: null },
];

let server: RunningServer;
let projects = 0;
let accepted = 0;

beforeAll(async () => {
  server = await startServer(
    parseConfig({
      SLUICE_DATA_DIR: IN_MEMORY,
      SLUICE_HTTP_PORT: '0',
      SLUICE_GRPC_PORT: '0',
      SLUICE_LOG_LEVEL: 'silent',
      SLUICE_API_REQUESTS_PER_MINUTE: '1000000',
    }),
  );
}, TIMEOUT_MS);
afterAll(() => server.close(), TIMEOUT_MS);

/** What this test looks at of an answer's body, each where it is there. */
interface Body {
  readonly id?: string;
  readonly environments?: readonly { readonly id: string; readonly key: string }[];
  readonly revision?: number;
}

async function send({ method, path, body }: Command): Promise<{ status: number; body: Body }> {
  const response = await fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${server.adminToken ?? ''}`,
      'if-match': '*',
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Body) };
}

async function snapshotOf(projectId: string, environmentId: string): Promise<Snapshot> {
  const { app } = server;
  return app.get(Transactions, { strict: false }).read(async (tx) => ({
    schemaVersion: 1,
    project: '',
    environment: '',
    revision: 1,
    flags: await app.get(FlagsReader, { strict: false }).snapshotFlags(tx, projectId, environmentId),
    segments: await app.get(SegmentsReader, { strict: false }).snapshotSegments(tx, projectId),
  }));
}

it(
  'what the API accepts, evaluators understand, and it costs one revision',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 15 }), async (commands) => {
        const key = `p${(projects += 1)}`;
        const base = `/api/v1/projects/${key}`;
        const { body: project } = await send({ method: 'POST', path: '/api/v1/projects', body: { key } });
        const production = project.environments?.find((environment) => environment.key === 'production');
        if (project.id === undefined || production === undefined) throw new Error('The project was not made.');
        for (const flag of FLAGS) {
          const body = {
            key: flag,
            type: 'json',
            variations: VARIATIONS.map((name) => ({ key: name, value: { name } })),
          };
          expect((await send({ method: 'POST', path: `${base}/flags`, body })).status).toBe(201);
        }
        for (const segment of SEGMENTS.slice(0, 2)) {
          expect((await send({ method: 'POST', path: `${base}/segments`, body: { key: segment } })).status).toBe(201);
        }

        let revision = FLAGS.length + 2;
        for (const { path, ...rest } of commands) {
          const { status } = await send({ ...rest, path: base + path });
          expect([200, 201, 204, 400, 404, 409]).toContain(status);
          if (status < 300) [revision, accepted] = [revision + 1, accepted + 1];
          expect((await send({ method: 'GET', path: `${base}/environments/production` })).body.revision).toBe(revision);

          const compiled = compileSnapshot(await snapshotOf(project.id, production.id));
          expect([
            [...compiled.keys()].some((key) => isTangled(compiled, key)),
            compiled.segments.tangled.size,
          ]).toEqual([false, 0]);
          for (const flag of compiled.keys()) {
            for (const context of CONTEXTS) {
              const { errorCode, errorMessage } = evaluate(compiled, flag, context);
              const isUnderstood = errorCode !== 'GENERAL' && errorCode !== 'PARSE_ERROR';
              expect([isUnderstood, isUnderstood || errorMessage]).toEqual([true, true]);
            }
          }
        }
      }),
      { numRuns: 30, seed: 20_261_121, endOnFailure: true },
    );
    expect(accepted).toBeGreaterThan(60);
  },
  TIMEOUT_MS,
);
