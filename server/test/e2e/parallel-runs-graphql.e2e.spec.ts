import { randomUUID } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@sluice/sdk/evaluation';
import { aReportedSignature, aSample, ofInputs } from '../builders/a-run-report.js';
import { aTelemetryBatch } from '../builders/a-telemetry-batch.js';
import type { RunReport } from '../../src/telemetry/index.js';
import type { PlacedRunView } from '../../src/parallel-runs/run-findings.service.js';
import type { ParallelRunWithStandings } from '../../src/parallel-runs/run-overviews.service.js';
import { type Ask, codesOf, type GraphqlAnswer, graphqlOf } from './graphql-client.js';
import { type Answer, type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const BASE = '/api/v1/projects/shop';

let server: TestServer;
let api: Api;
let ask: Ask;
let sdk: Api;
let key: string;
let path: string;
/** As reports name the one that the run begins with. */
let epoch: number;
let made = 0;

beforeAll(async () => {
  server = await startTestServer();
  ({ api } = server);
  ask = graphqlOf(api);
  await ok(api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }, { key: 'staging' }] }));
  sdk = server.as(await tokenOf('server'));
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

/** A run of its own, at 5 % of the calls, that is certified at 449 equal inputs. */
beforeEach(async () => {
  key = `price-${(made += 1)}`;
  path = `${BASE}/environments/production/parallel-runs/${key}`;
  await ok(api('POST', `${BASE}/parallel-runs`, { key, name: 'New pricing', owner: 'checkout' }));
  await ok(api('PATCH', path, { demand: { tolerance: 0.01, latencyMargin: null } }, { 'if-match': '*' }));
  await ok(api('PUT', `${path}/share`, { share: 5_000 }));
  const served = async () => ((await ok(sdk('GET', '/sdk/v1/snapshot'))).body as Snapshot).parallelRuns;
  const runs = await until(served, (all) => all?.some((run) => run.key === key) === true);
  epoch = runs?.find((run) => run.key === key)?.epoch ?? NaN;
});

async function ok(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
async function tokenOf(kind: string): Promise<string> {
  const environment = kind === 'ci' ? {} : { environment: 'production' };
  const issued = await ok(api('POST', '/api/v1/tokens', { kind, name: kind, project: 'shop', ...environment }));
  // A token's secret is what the API answers when it is made.
  return (issued.body as { readonly secret: string }).secret;
}
const report = (...reports: readonly object[]) =>
  ok(
    sdk('POST', '/sdk/v1/telemetry', {
      ...aTelemetryBatch({ batchId: randomUUID(), evaluations: [] }),
      parallelRuns: reports,
    }),
  );
/** n inputs of the run, x of them unequal. */
const compared = (n: number, x: number, overrides: Partial<RunReport> = {}) =>
  ofInputs(n, x, { run: key, epoch, ...overrides });
const rest = async <T = object>(at: string): Promise<T> => (await ok(api('GET', at))).body as T;

/** Asks again and again until the answer is as expected: reviews follow reports within a second or so. */
async function until<T>(look: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  let last: T | undefined;
  for (let tries = 0; tries < 400; tries += 1) {
    last = await look();
    if (isSo(last)) return last;
    await later(50);
  }
  throw new Error(`Never came to be: ${JSON.stringify(last)}`);
}

const placed = (more: object = {}) => ({ project: 'shop', environment: 'production', run: key, ...more });
const run = <T>(fields: string) =>
  ask<{ readonly project: { readonly parallelRun: T } }>(
    `query($key: String!) { project(key: "shop") { parallelRun(key: $key) { ${fields} } } }`,
    { key },
  );
/** What a run shows of itself; throws where any of it is refused. */
const shown = async <T>(fields: string): Promise<T> => {
  const { data, errors } = await run<T>(fields);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.project.parallelRun;
};
const mutate = <T>(name: string, input: object, fields: string, as: Ask = ask) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const payload = `node { ${fields} } problems { kind code pointer data }`;
  return as<Readonly<Record<string, { readonly node: T; readonly problems: readonly object[] }>>>(
    `mutation($input: ${type}!) { ${name}(input: $input) { ${payload} } }`,
    { input },
  );
};

const CANDIDATES = `candidates { candidate controlVersion candidateVersion firstAt lastAt finding sentence lacks
  equivalence { n x tolerance logCertificate certificateLimit logRefutation refutationLimit interval { low high } moreNeeded }
  unanswered { calls unanswered tolerance state unseen } latency { n ratio upper limit state }
  noise { n b c excess p } coverage { shapes unseen } strata { stratum n x minimum interval { low high } isRefuted }
  certificate { id finding sentence at } }`;
const STANDING = `standing(environment: "production") { share epoch ${CANDIDATES} }`;

interface Standing {
  readonly share: number;
  readonly epoch: number;
  readonly candidates: readonly { readonly certificate: object | null }[];
}
type Placed = Pick<PlacedRunView, 'share' | 'epoch' | 'candidates'>;

/** A candidate as REST answers it, in GraphQL's shape. */
function asGraphql({ total, assessment, certificate }: Placed['candidates'][number]): object {
  const toInterval = ([low, high]: readonly number[]) => ({ low, high });
  const { sums: _sums, ...pair } = total;
  const { equivalence, strata, ...rest } = assessment;
  return {
    ...pair,
    ...rest,
    equivalence: { ...equivalence, interval: toInterval(equivalence.interval) },
    strata: strata.map((each) => ({ ...each, interval: toInterval(each.interval) })),
    certificate: certificate && {
      ...{ id: certificate.id, finding: certificate.finding, at: certificate.at },
      sentence: certificate.statement.assessment.sentence,
    },
  };
}

interface ListAnswer<T> {
  readonly project: {
    readonly parallelRuns: {
      readonly edges: readonly { readonly cursor: string; readonly node: T }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    };
  };
}

describe('Parallel runs', () => {
  it('are listed page by page, forwards', async () => {
    const query = `query($after: String) { project(key: "shop") { parallelRuns(first: 2, after: $after) {
      edges { cursor node { key project name owner } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
    for (const more of ['a', 'b', 'c']) await api('POST', `${BASE}/parallel-runs`, { key: `page-${more}` });
    const { items } = await rest<{ readonly items: readonly { readonly key: string }[] }>(
      `${BASE}/parallel-runs?limit=200`,
    );
    const seen: string[] = [];
    const pageAfter = (cursor: string | null) => ask<ListAnswer<{ readonly key: string }>>(query, { after: cursor });
    let after: string | null = null;
    for (;;) {
      const { data } = await pageAfter(after);
      const { edges, pageInfo } = data.project.parallelRuns;
      seen.push(...edges.map(({ node }) => node.key));
      expect(pageInfo).toEqual({
        hasNextPage: seen.length < items.length,
        hasPreviousPage: after !== null,
        startCursor: edges[0]?.cursor,
        endCursor: edges.at(-1)?.cursor,
      });
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen).toEqual(items.map((each) => each.key));
  });

  it.each<[string, string, string]>([
    ['none', 'first: 0', 'LIMIT_OUT_OF_RANGE'],
    ['too many', 'first: 201', 'LIMIT_OUT_OF_RANGE'],
    ['behind a foreign cursor', 'first: 1, after: "%"', 'CURSOR_UNKNOWN'],
  ])('are not listed when asked for %s', async (_name, args, code) => {
    const answer = await ask(`{ project(key: "shop") { key parallelRuns(${args}) { edges { node { key } } } } }`);
    expect(codesOf(answer)).toEqual([code]);
  });

  it('tell what they are, how they are set and how they stand, as REST does', async () => {
    await report(compared(100, 3, { signatures: [aReportedSignature({ n: 3 })] }));
    const { standing, ...itself } = await shown<{
      readonly standing: Standing;
    }>(`id key name description owner dueAt version createdAt updatedAt
      environments { environment share epoch candidates { candidate finding n x } }
      settings(environment: "production") { run environment share epoch version demandHash
        demand { tolerance alpha alphaKill unansweredTolerance latencyMargin strata { stratum minimum } }
        runner { bucketBy twinShare deadlineMs maxConcurrent budget { addedMs loopDelayMs } windowSeconds
          serve { flag variation } rawPaths } rules { id } } ${STANDING}`);
    const {
      projectId: _projectId,
      environments,
      ...whole
    } = await rest<ParallelRunWithStandings>(`${BASE}/parallel-runs/${key}`);
    const { candidates, ...settings } = await rest<Placed>(path);
    expect(itself).toEqual({
      ...whole,
      settings,
      environments: Object.entries(environments).map(([environment, overview]) => ({
        environment,
        ...overview,
        candidates: overview.candidates.map(({ candidate, finding, n, x }) => ({ candidate, finding, n, x })),
      })),
    });
    expect(standing).toEqual({ share: 5_000, epoch: 1, candidates: candidates.map(asGraphql) });
    expect(standing.candidates).toMatchObject([{ finding: 'undecided', equivalence: { n: 100, x: 3 } }]);
  });

  it('stand in a list as they do alone, certified and not', async () => {
    await report(compared(449, 0));
    const other = `other-${made}`;
    await ok(api('POST', `${BASE}/parallel-runs`, { key: other }));
    const certified = await until(
      async () => (await shown<{ readonly standing: Standing }>(STANDING)).standing,
      ({ candidates }) => candidates[0]?.certificate !== null,
    );
    expect(certified.candidates).toMatchObject([
      { finding: 'certified', lacks: [], certificate: { finding: 'certified' } },
    ]);
    const { data, errors } = await ask<
      ListAnswer<{ readonly key: string; readonly standing: Standing; readonly staging: Standing }>
    >(`{ project(key: "shop") { parallelRuns(first: 40) { edges { node { key ${STANDING}
      staging: standing(environment: "staging") { share epoch candidates { finding } } } } } } }`);
    expect(errors).toBeUndefined();
    const nodes = data.project.parallelRuns.edges.map(({ node }) => node);
    expect(nodes.find((node) => node.key === key)?.standing).toEqual(certified);
    expect(nodes.find((node) => node.key === other)?.standing).toEqual({ share: 0, epoch: 1, candidates: [] });
    for (const { key: listed, standing, staging } of nodes) {
      const at = `${BASE}/environments/production/parallel-runs/${listed}`;
      const { share, epoch, candidates } = await rest<Placed>(at);
      expect(standing).toEqual({ share, epoch, candidates: candidates.map(asGraphql) });
      expect(staging).toEqual({ share: 0, epoch: 1, candidates: [] });
    }
  });

  it('tell their faults with samples, worst first, noise apart', async () => {
    const [bad, noisy] = [aReportedSignature({ id: '00000000000000b1', n: 3 }), aReportedSignature({ n: 9, twins: 1 })];
    await report(compared(100, 12, { twins: { n: 10, b: 1, c: 1 }, signatures: [noisy, bad] }));
    const fields = `id n noise excess firstVersion places { path kind transition } strata { stratum n }
      samples { at stratum input traceId values { path control { digest raw absent } candidate { digest raw absent } } }`;
    const { signatures, worst } = await shown<{
      readonly signatures: readonly { readonly samples: readonly { readonly values: object }[] }[];
      readonly worst: object;
    }>(`signatures(environment: "production", first: 2) { ${fields} }
      worst: signatures(environment: "production", first: 1) { id }`);
    expect(signatures).toMatchObject([
      { id: '00000000000000b1', n: 3, noise: 0, excess: 3, firstVersion: 'v2', samples: [{ input: aSample().input }] },
      { id: '00000000000000a1', n: 9, noise: 1, excess: 0 },
    ]);
    expect(worst).toEqual([{ id: '00000000000000b1' }]);
    const { candidates } = await rest<Placed>(path);
    const worstToRest = candidates[0]?.signatures[0];
    expect(signatures[0]).toMatchObject({ places: worstToRest?.places, strata: worstToRest?.strata });
    const toValue = (value: object) => ({ digest: null, raw: null, absent: false, ...value });
    expect(signatures[0]?.samples[0]?.values).toEqual(
      worstToRest?.samples[0]?.values.map(({ path: at, control, candidate }) => ({
        path: at,
        control: toValue(control),
        candidate: toValue(candidate),
      })),
    );
  });

  it('tell what was compared when, and all that was ever found', async () => {
    const before = new Date(Date.now() - 60_000).toISOString();
    await report(compared(449, 0));
    const query = `minutes(environment: "production", from: "${before}") { n x }
      certificates(environment: "production", first: 1) { edges { node { id finding voidedAt statement } } pageInfo { hasNextPage } }`;
    const { minutes, certificates } = await until(
      () =>
        shown<{
          readonly minutes: object;
          readonly certificates: { readonly edges: readonly { readonly node: object }[]; readonly pageInfo: object };
        }>(query),
      (found) => found.certificates.edges.length > 0,
    );
    expect(minutes).toEqual([{ n: 449, x: 0 }]);
    expect(certificates.pageInfo).toEqual({ hasNextPage: false });
    const { items } = await rest<{ readonly items: readonly { readonly id: string; readonly statement: object }[] }>(
      `${path}/certificates`,
    );
    expect(certificates.edges[0]?.node).toEqual({
      ...{ id: items[0]?.id, finding: 'certified', voidedAt: null, statement: items[0]?.statement },
    });
  });

  it.each<[string, string, string, string]>([
    [
      'an environment that is not there',
      'standing(environment: "none") { share }',
      'ENVIRONMENT_NOT_FOUND',
      'notFound',
    ],
    [
      'a span the wrong way',
      'minutes(environment: "production", from: "2999-01-01T00:00:00Z") { n }',
      'SPAN_OUT_OF_RANGE',
      'invalid',
    ],
    [
      'a cursor of another list',
      'certificates(environment: "production", after: "eA") { edges { cursor } }',
      'CURSOR_UNKNOWN',
      'invalid',
    ],
    ['no faults', 'signatures(environment: "production", first: 0) { id }', 'LIMIT_OUT_OF_RANGE', 'invalid'],
  ])('refuse %s, and answer the rest', async (_name, field, code, kind) => {
    const { data, errors } = await run(`key it: ${field}`);
    expect(data.project.parallelRun).toEqual({ key, it: null });
    expect(errors).toMatchObject([{ path: ['project', 'parallelRun', 'it'], extensions: { code, kind } }]);
  });

  it('refuse a moment that is none', async () => {
    expect(codesOf(await run('minutes(environment: "production", from: "yesterday") { n }'))).toEqual([
      'QUERY_INVALID',
    ]);
  });

  it('that are not there are null, with a sentence', async () => {
    const { data, errors } = await ask('{ project(key: "shop") { key parallelRun(key: "nobody") { key } } }');
    expect(data).toEqual({ project: { key: 'shop', parallelRun: null } });
    expect(errors).toMatchObject([
      {
        message: 'Project "shop" has no parallel run "nobody".',
        extensions: { code: 'PARALLEL_RUN_NOT_FOUND', status: 404 },
      },
    ]);
  });

  it('of a list that cannot be shown somewhere fail one by one, each at its place', async () => {
    const { data, errors } = await ask<ListAnswer<{ readonly standing: null }>>(
      '{ project(key: "shop") { parallelRuns(first: 2) { edges { node { key standing(environment: "none") { share } } } } } }',
    );
    expect(data.project.parallelRuns.edges.map(({ node }) => node.standing)).toEqual([null, null]);
    expect(errors?.[0]?.path).toEqual(['project', 'parallelRuns', 'edges', 0, 'node', 'standing']);
    expect(codesOf({ ...(errors && { errors }) })).toEqual(['ENVIRONMENT_NOT_FOUND', 'ENVIRONMENT_NOT_FOUND']);
  });
});

const done = (name: string, node: object) => ({ [name]: { node, problems: [] } });

describe('A command', () => {
  it('samples another share, and answers the settings', async () => {
    const { data } = await mutate('setParallelRunShare', placed({ share: 100 }), 'run environment share version');
    expect(data).toEqual(done('setParallelRunShare', { run: key, environment: 'production', share: 100, version: 3 }));
    expect(await rest(path)).toMatchObject({ share: 100, version: 3 });
    expect(await rest('/api/v1/audit?limit=1')).toMatchObject({
      items: [{ action: 'parallelRun.shared', actor: { kind: 'token' } }],
    });
  });

  it('adds a rule and removes it, each a new epoch', async () => {
    const rule = {
      kind: 'tolerance',
      path: '$.price',
      absolute: 0.005,
      relative: null,
      owner: 'shop',
      reason: 'rounding',
    };
    const expiresAt = '2999-01-31T00:00:00+01:00';
    const { data: added } = await mutate<{
      readonly epoch: number;
      readonly rules: readonly { readonly id: string }[];
    }>(
      'addParallelRunRule',
      placed({ rule: { ...rule, expiresAt } }),
      'epoch rules { id kind path absolute relative withinMs owner reason expiresAt }',
    );
    const [stored] = added['addParallelRunRule']?.node.rules ?? [];
    expect(added['addParallelRunRule']?.node.epoch).toBe(2);
    expect(stored).toEqual({ ...rule, id: stored?.id, withinMs: null, expiresAt: '2999-01-30T23:00:00.000Z' });
    const removed = await mutate('removeParallelRunRule', placed({ rule: stored?.id }), 'epoch rules { id }');
    expect(removed.data).toEqual(done('removeParallelRunRule', { epoch: 3, rules: [] }));
  });

  it('creates a run, edits what it is and demands, prices a rule, and deletes it', async () => {
    const at = { project: 'shop', run: `made-${made}` };
    const draft = { project: 'shop', document: { key: at.run, name: 'Made' } };
    expect((await mutate('createParallelRun', draft, 'key name project version')).data).toEqual(
      done('createParallelRun', { key: at.run, name: 'Made', project: 'shop', version: 1 }),
    );
    const edit = { ...at, expectedVersion: 1, document: { owner: 'payments' } };
    expect((await mutate('editParallelRun', edit, 'owner version')).data).toEqual(
      done('editParallelRun', { owner: 'payments', version: 2 }),
    );
    await ok(api('POST', `${BASE}/flags`, { key: at.run, type: 'boolean' }));
    const serve = { flag: at.run, variation: 'on' };
    const settings = { ...at, environment: 'production', expectedVersion: 0, document: { runner: { serve } } };
    expect((await mutate('editParallelRunSettings', settings, 'runner { serve { flag variation } }')).data).toEqual(
      done('editParallelRunSettings', { runner: { serve } }),
    );
    const { data } = await ask(
      `query($rule: JSON!) { project(key: "shop") { parallelRun(key: "${at.run}") {
        rulePrice(environment: "production", rule: $rule) { hidden partly mismatches signatures { id coverage } } } } }`,
      { rule: { kind: 'ignore', path: '$.at' } },
    );
    expect(data).toEqual({
      project: { parallelRun: { rulePrice: { hidden: 0, partly: 0, mismatches: 0, signatures: [] } } },
    });
    expect((await mutate('deleteParallelRun', { ...at, expectedVersion: 2 }, 'key')).data).toEqual(
      done('deleteParallelRun', { key: at.run }),
    );
  });

  it('begins anew', async () => {
    await report(compared(10, 0));
    const { data } = await mutate('resetParallelRun', placed({ reason: 'Replayed twice.' }), 'epoch');
    expect(data).toEqual(done('resetParallelRun', { epoch: 2 }));
    expect(await shown(STANDING)).toMatchObject({ standing: { epoch: 2, candidates: [] } });
  });

  it('starts a release that samples the run, finds it again, and stops it', async () => {
    await mutate('setParallelRunShare', placed({ share: 0 }), 'share');
    const fields = 'id project environment status policyKey attempt reason { code sentence }';
    const started = await mutate<{ readonly id: string }>('startParallelRun', placed(), fields);
    expect(started.errors).toBeUndefined();
    const release = started.data['startParallelRun']?.node;
    expect(release).toMatchObject({
      project: 'shop',
      environment: 'production',
      policyKey: 'parallel-run',
    });
    const id = release?.id;
    expect((await mutate('startParallelRun', placed(), 'id')).data).toEqual(done('startParallelRun', { id }));
    const held = await until(
      () => mutate('setParallelRunShare', placed({ share: 7 }), 'share'),
      ({ data }) => data['setParallelRunShare']?.node === null,
    );
    expect(held.data['setParallelRunShare']?.problems).toEqual([
      { code: 'PARALLEL_RUN_HELD', kind: 'conflict', pointer: null, data: { releaseId: id } },
    ]);
    const stopped = await mutate('stopParallelRun', placed({ reason: 'Enough.' }), 'run share');
    expect(stopped.data).toEqual(done('stopParallelRun', { run: key, share: 0 }));
    expect(await rest(`/api/v1/releases/${id}`)).toMatchObject({ status: 'aborted' });
  });

  const aRule = { kind: 'ignore', path: '$.at', owner: 'shop', reason: 'a clock' };
  it.each<[string, string, () => object, object]>([
    [
      'over another version',
      'setParallelRunShare',
      () => ({ share: 1, expectedVersion: 1 }),
      { code: 'VERSION_STALE', kind: 'precondition', pointer: null, data: { currentVersion: 2 } },
    ],
    [
      'of a share beyond all',
      'setParallelRunShare',
      () => ({ share: 100_001 }),
      { kind: 'invalid', pointer: '/share', code: 'SHAPE' },
    ],
    [
      'of a rule with the bounds of another',
      'addParallelRunRule',
      () => ({ rule: { ...aRule, absolute: 1 } }),
      { pointer: '/absolute', code: 'UNKNOWN_FIELD' },
    ],
    [
      'of a rule that is not there',
      'removeParallelRunRule',
      () => ({ rule: 'none' }),
      { code: 'RULE_NOT_FOUND', kind: 'notFound' },
    ],
    ['without a word', 'resetParallelRun', () => ({ reason: ' ' }), { kind: 'invalid', pointer: '/reason' }],
    ['under no policy', 'startParallelRun', () => ({ policy: 'No Such' }), { kind: 'invalid', pointer: '/policy' }],
    [
      'with arguments that are no object',
      'startParallelRun',
      () => ({ arguments: [1] }),
      { kind: 'invalid', pointer: '/arguments' },
    ],
    ['to stop without a word', 'stopParallelRun', () => ({ reason: '' }), { kind: 'invalid', pointer: '/reason' }],
    [
      'on a run that is not there',
      'resetParallelRun',
      () => ({ run: 'nobody', reason: 'x' }),
      { code: 'PARALLEL_RUN_NOT_FOUND' },
    ],
  ])('is refused %s, and changes nothing', async (_name, name, input, problem) => {
    const before = await rest(path);
    const { status, data, errors } = await mutate(name, placed(input()), '__typename');
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    expect(data[name]).toMatchObject({ node: null, problems: [problem] });
    expect(await rest(path)).toEqual(before);
  });

  it.each<[string, string, readonly string[]]>([
    ['ci', 'may operate a run, and demand nothing of it', ['addParallelRunRule', 'removeParallelRunRule']],
    ['server', 'may do nothing', []],
    ['client', 'may do nothing', []],
  ])('of a %s token %s', async (kind, _may, refused) => {
    const as = graphqlOf(server.as(await tokenOf(kind)));
    const inputs: Readonly<Record<string, object>> = {
      setParallelRunShare: { share: 1 },
      resetParallelRun: { reason: 'x' },
      addParallelRunRule: { rule: aRule },
      removeParallelRunRule: { rule: 'none' },
      startParallelRun: {},
      stopParallelRun: { reason: 'x' },
    };
    const answers = await Promise.all(
      Object.entries(inputs).map(async ([name, input]): Promise<readonly [string, GraphqlAnswer]> => [
        name,
        await mutate(name, placed(input), '__typename', as),
      ]),
    );
    const kept = answers.filter(([, answer]) => codesOf(answer).includes('PERMISSION_MISSING')).map(([name]) => name);
    expect(kept).toEqual(kind === 'ci' ? refused : Object.keys(inputs));
  });

  it('of several is done one after the other, each on its own', async () => {
    const share = (of: number) =>
      `setParallelRunShare(input: { project: "shop", environment: "production", run: "${key}", share: ${of} }) { node { share } problems { pointer } }`;
    const { data, errors } = await ask(`mutation { one: ${share(10)} two: ${share(100_001)} three: ${share(30)} }`);
    expect(data).toEqual({
      one: { node: { share: 10 }, problems: [] },
      two: { node: null, problems: [{ pointer: '/share' }] },
      three: { node: { share: 30 }, problems: [] },
    });
    expect(errors).toBeUndefined();
  });
});
