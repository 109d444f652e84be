import { randomUUID } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Snapshot } from '@sluice/sdk/evaluation';
import { aReportedSignature, aSample, ofInputs } from '../builders/a-run-report.js';
import type { RunReport } from '../../src/telemetry/index.js';
import { aTelemetryBatch } from '../builders/a-telemetry-batch.js';
import { type Answer, type Api, startTestServer, type TestServer } from './start-test-server.js';

const START_TIMEOUT_MS = 60_000;
const BASE = '/api/v1/projects/shop';
const ANY = { 'if-match': '*' };

interface Candidate {
  readonly total: { readonly sums: { readonly inputs: { readonly n: number; readonly x: number } } };
  readonly assessment: { readonly finding: string };
  readonly certificate: { readonly id: string } | null;
  readonly signatures: readonly { readonly id: string; readonly excess: number }[];
}

interface Shown {
  readonly share: number;
  readonly epoch: number;
  readonly version: number;
  readonly rules: readonly { readonly id: string }[];
  readonly candidates: readonly Candidate[];
}

let server: TestServer;
let api: Api;
let sdk: Api;
let key: string;
let path: string;
/** As reports name the one that the run begins with. */
let epoch: number;
let made = 0;

beforeAll(async () => {
  server = await startTestServer();
  api = server.api;
  await api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }, { key: 'staging' }] });
  const token = await api('POST', '/api/v1/tokens', {
    ...{ kind: 'server', name: 'checkout', project: 'shop', environment: 'production' },
  });
  sdk = server.as(bodyOf<{ readonly secret: string }>(token).secret);
}, START_TIMEOUT_MS);
afterAll(() => server.close(), START_TIMEOUT_MS);

/** A run of its own, at 5 % of the calls, that is certified at 449 equal inputs. */
beforeEach(async () => {
  key = `price-${(made += 1)}`;
  path = `${BASE}/environments/production/parallel-runs/${key}`;
  await ok(api('POST', `${BASE}/parallel-runs`, { key, name: 'New pricing' }));
  await ok(api('PATCH', path, { demand: { tolerance: 0.01, latencyMargin: null } }, ANY));
  await ok(api('PUT', `${path}/share`, { share: 5_000 }));
  epoch = await epochOnceServed();
});

/** What the API answers is what its contract says; tests name the type. */
function bodyOf<T>({ body }: Answer): T {
  return body as T;
}
async function ok(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
const read = async <T>(at: string): Promise<T> => bodyOf<T>(await ok(api('GET', at)));
const show = () => read<Shown>(path);
/** n inputs of the run, x of them unequal. */
const compared = (n: number, x: number, overrides: Partial<RunReport> = {}) =>
  ofInputs(n, x, { run: key, epoch, ...overrides });
const batchOf = (...parallelRuns: readonly object[]) => ({
  ...aTelemetryBatch({ batchId: randomUUID(), evaluations: [] }),
  parallelRuns,
});
const send = (batch: object) => sdk('POST', '/sdk/v1/telemetry', batch);
const report = (...reports: readonly object[]) => ok(send(batchOf(...reports)));
const inputs = async () => (await show()).candidates[0]?.total.sums.inputs;
const snapshotOf = async () => {
  const { revision, parallelRuns = [] } = bodyOf<Snapshot>(await ok(sdk('GET', '/sdk/v1/snapshot')));
  return { revision, run: parallelRuns.find((each) => each.key === key) };
};

/** The epoch of the run in the snapshot, once it is there and is another than the one before. */
async function epochOnceServed(before?: number): Promise<number> {
  const served = await until(snapshotOf, ({ run }) => run !== undefined && run.epoch !== before);
  return served.run?.epoch ?? NaN;
}

/** Asks again and again until the answer is as expected: reviews follow reports within a second or so. */
async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  let last: T | undefined;
  for (let tries = 0; tries < 400; tries += 1) {
    last = await ask();
    if (isSo(last)) return last;
    await later(50);
  }
  throw new Error(`Never came to be: ${JSON.stringify(last)}`);
}
const untilCertified = () =>
  until(
    () => api('GET', `${path}/certificate`),
    ({ status }) => status === 200,
  );

interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}
async function told(): Promise<readonly Told[]> {
  const { items } = await read<{ readonly items: readonly Told[] }>(
    `${BASE}/events?subject=${encodeURIComponent(`parallel-run/${key}`)}&limit=200`,
  );
  return items.map(({ type, data }) => ({ type: type.replace('dev.sluice.parallelRun.', ''), data }));
}
const typesTold = async () => (await told()).map(({ type }) => type);
async function audited(): Promise<readonly string[]> {
  const { items } = await read<{
    readonly items: readonly {
      readonly subject: string;
      readonly action: string;
      readonly actor: { readonly kind: string };
    }[];
  }>('/api/v1/audit?limit=200');
  return items
    .filter(({ subject }) => subject === `parallel-run/${key}/production`)
    .map(({ action, actor }) => `${action} by ${actor.kind}`)
    .toReversed();
}

describe('Evidence', () => {
  it('is counted once, however often its batch arrives', async () => {
    const batch = batchOf(compared(10, 1));
    expect((await send(batch)).body).toMatchObject({ duplicate: false });
    expect((await send(batch)).body).toMatchObject({ duplicate: true });
    expect(await inputs()).toEqual({ n: 10, x: 1 });
  });

  it('of several instances adds up', async () => {
    await Promise.all(Array.from({ length: 10 }, () => report(compared(7, 1), compared(3, 0))));
    expect(await inputs()).toEqual({ n: 100, x: 10 });
    const { items } = await read<{ readonly items: readonly { readonly n: number }[] }>(`${path}/minutes`);
    expect(items.reduce((sum, { n }) => sum + n, 0)).toBe(100);
  });

  it('of a run or an epoch that is not there counts nowhere', async () => {
    await report(compared(1, 0, { epoch: epoch ^ 1 }));
    await ok(send({ ...batchOf(), parallelRuns: [compared(1, 0, { run: 'nobody' })] }));
    expect((await show()).candidates).toEqual([]);
  });

  it('of a run that is gone counts nowhere for one that was made under its key since', async () => {
    const late = batchOf(compared(5, 5));
    await ok(api('DELETE', `${BASE}/parallel-runs/${key}`, undefined, ANY));
    await ok(api('POST', `${BASE}/parallel-runs`, { key, name: 'New pricing again' }));
    await ok(api('PUT', `${path}/share`, { share: 5_000 }));
    epoch = await epochOnceServed(epoch);
    await ok(send(late));
    await report(compared(3, 0));
    expect(await inputs()).toEqual({ n: 3, x: 0 });
    expect(await show()).toMatchObject({ epoch: 1 });
  });

  it('comes with faults, worst first, noise taken away', async () => {
    const [bad, noisy] = [aReportedSignature({ id: '00000000000000b1', n: 3 }), aReportedSignature({ n: 9, twins: 1 })];
    await report(compared(100, 12, { twins: { n: 10, b: 1, c: 1 }, signatures: [noisy, bad] }));
    const [candidate] = (await show()).candidates;
    expect(candidate?.signatures).toMatchObject([
      { id: '00000000000000b1', excess: 3, firstVersion: 'v2', samples: [{ input: aSample().input }] },
      { id: '00000000000000a1', excess: 0 },
    ]);
  });

  it.each<[string, unknown, readonly string[]]>([
    ['no list', { parallelRuns: {} }, ['/parallelRuns']],
    ['null', { parallelRuns: null }, ['/parallelRuns']],
    ['no report', { parallelRuns: [7] }, ['/parallelRuns/0']],
    [
      'text for numbers',
      { parallelRuns: [{ ...ofInputs(1, 0), inputs: { n: '1', x: 0 } }] },
      ['/parallelRuns/0/inputs/n'],
    ],
    [
      'several things at once',
      { parallelRuns: [{ ...ofInputs(1, 0), served: 'x', epoch: -1, odd: 1 }] },
      ['/parallelRuns/0/epoch', '/parallelRuns/0/odd', '/parallelRuns/0/served'],
    ],
  ])('is refused where it is %s', async (_name, change, pointers) => {
    const answer = await send({ ...batchOf(), ...(change as object) });
    const { errors } = bodyOf<{ readonly errors: readonly { readonly pointer: string }[] }>(answer);
    expect([answer.status, errors.map(({ pointer }) => pointer).sort()]).toEqual([400, pointers]);
  });

  it.each<[string, string]>([
    ['broken', '{"batchId":"x","parallelRuns":[{'],
    ['no UTF-8 text', '{"parallelRuns":[{"run":"\\u0000"}]}'],
  ])('is refused where its body is %s', async (_name, body) => {
    expect((await send(body as never)).status).toBe(400);
  });
});

describe('A certificate', () => {
  it('is issued at the 449th equal input, and not before', async () => {
    await report(compared(448, 0));
    const lacking = await api('GET', `${path}/certificate`);
    expect([lacking.status, lacking.body]).toMatchObject([404, { code: 'CERTIFICATE_NOT_FOUND' }]);
    expect(bodyOf<{ readonly detail: string }>(lacking).detail).toContain('0 of 448 inputs came out unequal');
    expect((await show()).candidates).toMatchObject([
      { assessment: { finding: 'undecided', equivalence: { moreNeeded: 1 } }, certificate: null },
    ]);

    await report(compared(1, 0));
    const certificate = await untilCertified();
    expect(certificate.body).toMatchObject({
      ...{ run: key, environment: 'production', epoch: 1, finding: 'certified', voidedAt: null },
      ...{ candidate: 'candidate', controlVersion: 'v1', candidateVersion: 'v2' },
      statement: { demand: { tolerance: 0.01, alpha: 0.05 }, rules: [], sums: { inputs: { n: 449, x: 0 } } },
    });
    await report(compared(100, 0));
    await until(inputs, (counted) => counted?.n === 549);
    expect((await read<{ readonly items: readonly object[] }>(`${path}/certificates`)).items).toHaveLength(1);
    expect(await typesTold()).toEqual(['shared', 'certified']);
    expect(await audited()).toEqual([
      'parallelRun.settings.edited by token',
      'parallelRun.shared by token',
      'parallelRun.certified by system',
    ]);
    const overview = await read<{ readonly environments: object }>(`${BASE}/parallel-runs/${key}`);
    expect(overview.environments).toMatchObject({
      production: { share: 5_000, epoch: 1, candidates: [{ finding: 'certified', n: 549, x: 0 }] },
      staging: { share: 0, candidates: [] },
    });
  });

  it('is void with another version, and stays so when the old one goes on', async () => {
    await report(compared(449, 0));
    await untilCertified();
    await report(compared(1, 0, { candidateVersion: 'v3' }));
    const listed = () =>
      read<{ readonly items: readonly { readonly voidedAt: string | null }[] }>(`${path}/certificates`);
    const { items } = await until(listed, ({ items: [certificate] }) => certificate?.voidedAt !== null);
    expect(items).toMatchObject([
      { candidateVersion: 'v2', voidReason: expect.stringContaining('version "v3" of the candidate') },
    ]);
    await report(compared(9, 0));
    expect((await api('GET', `${path}/certificate`)).status).toBe(404);
    expect(await typesTold()).toEqual(['shared', 'certified', 'voided']);
  });

  it.each<[string, () => Promise<Answer>, string]>([
    ['demand', () => api('PATCH', path, { demand: { tolerance: 0.02 } }, ANY), 'What evidence depends on changed.'],
    ['deadline', () => api('PATCH', path, { runner: { deadlineMs: 7 } }, ANY), 'What evidence depends on changed.'],
    [
      'rule',
      () => api('POST', `${path}/rules`, { kind: 'ignore', path: '$.at', owner: 'shop', reason: 'a clock' }),
      'Added: ignore at $.at, of shop.',
    ],
    ['reset', () => api('POST', `${path}/reset`, { reason: 'Replayed twice.' }), 'Replayed twice.'],
  ])('is void with another %s, at once, and evidence begins anew', async (_name, change, reason) => {
    await report(compared(449, 0));
    await untilCertified();
    const before = await snapshotOf();
    expect((await ok(change())).body).toMatchObject({ epoch: 2 });
    expect((await api('GET', `${path}/certificate`)).status).toBe(404);
    expect(await read(`${path}/certificates`)).toMatchObject({ items: [{ voidReason: reason }] });
    const after = await until(snapshotOf, ({ revision }) => revision > before.revision);
    expect(after.run).toMatchObject({ share: 5_000 });
    expect(after.run?.epoch).not.toBe(epoch);
    expect(after.run?.digestKey).toBe(before.run?.digestKey);
    await report(compared(449, 0));
    expect((await show()).candidates).toEqual([]);
    await report(compared(449, 0, { epoch: after.run?.epoch ?? NaN }));
    expect(await inputs()).toEqual({ n: 449, x: 0 });
    expect((await typesTold()).slice(0, 4)).toEqual(['shared', 'certified', 'voided', 'renewed']);
  });

  it('ends with a rule that runs out', async () => {
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const rule = { kind: 'unordered', path: '$.items', owner: 'shop', reason: 'a set', expiresAt };
    const added = bodyOf<Shown>(await ok(api('POST', `${path}/rules`, rule)));
    expect(added).toMatchObject({ epoch: 2, rules: [{ kind: 'unordered', expiresAt }] });
    const ended = await until(show, ({ rules }) => rules.length === 0);
    expect(ended).toMatchObject({ epoch: 3 });
    expect(await audited()).toContain('parallelRun.rule.expired by system');
  });
});

describe('A refutation', () => {
  it('stops the run at once, and stays', async () => {
    const signatures = [aReportedSignature({ n: 50 })];
    await report(compared(500, 50, { signatures }));
    const stopped = await until(show, ({ share }) => share === 0);
    expect(stopped).toMatchObject({
      epoch: 1,
      candidates: [{ assessment: { finding: 'refuted' }, certificate: null }],
    });
    expect((await until(snapshotOf, ({ run }) => run === undefined)).run).toBeUndefined();
    const events = await told();
    expect(events.map(({ type }) => type)).toEqual(['shared', 'refuted', 'shared']);
    expect(events[1]?.data).toMatchObject({ n: 500, x: 50, candidateVersion: 'v2' });
    expect(events[2]?.data).toMatchObject({ share: 0, from: 5_000, reason: expect.stringContaining('50 of 500') });
    // Somebody wants to see more of it: that is theirs to decide.
    await ok(api('PUT', `${path}/share`, { share: 100 }));
    await report(compared(100_000, 0));
    await until(inputs, (counted) => counted?.n === 100_500);
    expect(await show()).toMatchObject({ share: 100, candidates: [{ assessment: { finding: 'refuted' } }] });
  });
});

describe('Two versions at once', () => {
  it('are both judged, the newest last, and the certificate asked for is of the newest', async () => {
    await report(compared(449, 0));
    await report(compared(20, 1, { candidateVersion: 'v1', signatures: [aReportedSignature()] }));
    const candidates = await until(
      async () => (await show()).candidates,
      (all) => all.length === 2 && all[0]?.certificate === null,
    );
    expect(candidates).toMatchObject([
      { total: { candidateVersion: 'v2', sums: { inputs: { n: 449 } } }, certificate: null, signatures: [] },
      { total: { candidateVersion: 'v1', sums: { inputs: { n: 20 } } }, signatures: [{ n: expect.any(Number) }] },
    ]);
    for (const query of ['', '?candidate=candidate']) {
      const lacking = await api('GET', `${path}/certificate${query}`);
      expect(lacking).toMatchObject({ status: 404, body: { detail: expect.stringContaining('1 of 20 inputs') } });
    }
    await report(compared(449, 0, { candidate: 'other' }));
    const ambiguous = await api('GET', `${path}/certificate`);
    expect(ambiguous.body).toMatchObject({
      code: 'CANDIDATE_AMBIGUOUS',
      detail: expect.stringContaining('name one of candidate, other in'),
    });
  });

  it('stop the run when the older one is refuted', async () => {
    await report(compared(20, 0));
    await report(compared(449, 0, { candidateVersion: 'v3' }));
    await report(compared(1_000, 300));
    const stopped = await until(show, ({ share, candidates }) => share === 0 && candidates[1]?.certificate !== null);
    expect(stopped.candidates).toMatchObject([
      { total: { candidateVersion: 'v2' }, assessment: { finding: 'refuted' }, certificate: null },
      { total: { candidateVersion: 'v3' }, assessment: { finding: 'certified' } },
    ]);
  });
});

describe('The API', () => {
  it('hands the run out to SDKs while it is sampled, with a key that people do not see', async () => {
    const { run } = await snapshotOf();
    expect(run).toMatchObject({ epoch, share: 5_000, twinShare: 2_000, rules: [], rawPaths: [] });
    expect(run?.digestKey).toMatch(/^[0-9a-f]{64}$/u);
    const seen = JSON.stringify([await show(), await read('/api/v1/audit?limit=200'), await told()]);
    expect(seen).not.toContain(run?.digestKey);
    await ok(api('PUT', `${path}/share`, { share: 0 }));
    expect((await until(snapshotOf, (now) => now.run === undefined)).run).toBeUndefined();
  });

  it('tells what a rule would hide, and stores none', async () => {
    await report(compared(100, 2, { signatures: [aReportedSignature({ n: 2 })] }));
    const price = await ok(api('POST', `${path}/rules/price`, { kind: 'ignore', path: '$.items' }));
    expect(price.body).toMatchObject({ hidden: 2, partly: 0, mismatches: 2, signatures: [{ coverage: 'all', n: 2 }] });
    expect(await show()).toMatchObject({ epoch: 1, rules: [] });
  });

  it('lists how runs stand, in pages, everywhere and in one environment', async () => {
    await report(compared(10, 1));
    interface Listed {
      readonly items: readonly { readonly key?: string; readonly run?: string; readonly environments?: object }[];
      readonly nextCursor: string | null;
    }
    const standing = {
      share: 5_000,
      epoch: 1,
      candidates: [{ candidateVersion: 'v2', finding: 'undecided', n: 10, x: 1 }],
    };
    const all = await read<Listed>(`${BASE}/parallel-runs?limit=200`);
    expect(all.items.find((each) => each.key === key)?.environments).toMatchObject({ production: standing });
    const here = await read<Listed>(`${BASE}/environments/production/parallel-runs?limit=200`);
    expect(here.items.find((each) => each.run === key)).toMatchObject({ name: 'New pricing', ...standing });
    const first = await read<Listed>(`${BASE}/environments/staging/parallel-runs?limit=1`);
    expect(first).toMatchObject({ items: [{ share: 0, candidates: [] }], nextCursor: expect.any(String) });
  });

  it('removes a rule', async () => {
    const rule = { kind: 'ignore', path: '$.at', owner: 'shop', reason: 'a clock' };
    const { rules } = bodyOf<Shown>(await ok(api('POST', `${path}/rules`, rule)));
    const removed = await ok(api('DELETE', `${path}/rules/${rules[0]?.id ?? ''}`));
    expect(removed.body).toMatchObject({ rules: [], epoch: 3 });
  });

  it('edits over the version last seen, and deletes', async () => {
    const at = `${BASE}/parallel-runs/${key}`;
    const { headers } = await ok(api('GET', at));
    const match = { 'if-match': headers.get('etag') ?? '' };
    expect((await ok(api('PATCH', at, { owner: 'shop' }, match))).body).toMatchObject({ owner: 'shop', version: 2 });
    expect((await api('PATCH', at, { owner: 'x' }, match)).status).toBe(412);
    expect((await api('DELETE', at, undefined, { 'if-match': '"2"' })).status).toBe(204);
    expect((await api('GET', at)).status).toBe(404);
    expect((await until(snapshotOf, ({ run }) => run === undefined)).run).toBeUndefined();
  });

  it.each<[string, string, string, unknown, number, string]>([
    ['a run that is there', 'POST', '', { key: 'there' }, 409, 'PARALLEL_RUN_EXISTS'],
    ['a run of no key', 'POST', '', {}, 400, 'VALIDATION_FAILED'],
    ['nobody’s run', 'GET', '/nobody', undefined, 404, 'PARALLEL_RUN_NOT_FOUND'],
    ['an odd key', 'GET', '/No%20Key', undefined, 404, 'PARALLEL_RUN_NOT_FOUND'],
    ['an edit made blindly', 'PATCH', '/there', { owner: 'x' }, 428, 'IF_MATCH_REQUIRED'],
    ['to delete blindly', 'DELETE', '/there', undefined, 428, 'IF_MATCH_REQUIRED'],
  ])('refuses %s', async (_name, method, tail, body, status, code) => {
    await api('POST', `${BASE}/parallel-runs`, { key: 'there' });
    const answer = await api(method, `${BASE}/parallel-runs${tail}`, body);
    expect([answer.status, bodyOf<{ readonly code: string }>(answer).code]).toEqual([status, code]);
  });

  it.each<[string, string, string, unknown, number, string]>([
    ['settings edited blindly', 'PATCH', '', { demand: {} }, 428, 'IF_MATCH_REQUIRED'],
    ['a share of nothing', 'PUT', '/share', {}, 400, 'VALIDATION_FAILED'],
    ['a share beyond all', 'PUT', '/share', { share: 100_001 }, 400, 'VALIDATION_FAILED'],
    ['a reset without a word', 'POST', '/reset', {}, 400, 'VALIDATION_FAILED'],
    ['a rule of nobody', 'POST', '/rules', { kind: 'ignore', path: '$.a' }, 400, 'VALIDATION_FAILED'],
    ['a rule that is not there', 'DELETE', '/rules/none', undefined, 404, 'RULE_NOT_FOUND'],
    ['a foreign cursor', 'GET', '/certificates?after=eA', undefined, 400, 'CURSOR_UNKNOWN'],
    ['a span the wrong way', 'GET', '/minutes?from=2999-01-01T00:00:00Z', undefined, 400, 'SPAN_OUT_OF_RANGE'],
  ])('refuses, in an environment, %s', async (_name, method, tail, body, status, code) => {
    const answer = await api(method, `${path}${tail}`, body);
    expect([answer.status, bodyOf<{ readonly code: string }>(answer).code]).toEqual([status, code]);
  });

  it('lets pipelines operate a run, and demand nothing of it', async () => {
    const token = await ok(api('POST', '/api/v1/tokens', { kind: 'ci', name: 'ci', project: 'shop' }));
    const ci = server.as(bodyOf<{ readonly secret: string }>(token).secret);
    expect((await ci('PUT', `${path}/share`, { share: 1 })).status).toBe(200);
    expect((await ci('PATCH', path, { demand: { tolerance: 0.4 } }, ANY)).status).toBe(403);
    expect((await sdk('GET', path)).status).toBe(403);
  });
});
