import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { replayBundle, type VerdictBundle } from '../../src/rollouts/replay.js';
import { oldPrice, PricingShop, samePrice, truncatingPrice } from '../clients/pricing-shop.js';
import { bodyOf, ReleasesWorld } from './releases-world.js';
import { type Answer, startTestServer, type TestServer } from './start-test-server.js';

const ENVIRONMENT = '/api/v1/projects/shop/environments/production';

let server: TestServer;
let world: ReleasesWorld;
let token: string;
let runs = 0;
let shop: PricingShop | undefined;

beforeAll(async () => {
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  world = await ReleasesWorld.furnish(server);
  const draft = { kind: 'server', name: 'shop', project: 'shop', environment: 'production' };
  token = bodyOf<{ secret: string }>(await server.api('POST', '/api/v1/tokens', draft)).secret;
});
afterEach(() => shop?.close());
afterAll(() => server.close());

/** A run that is certified after 87 equal inputs, whose candidate the flag serves. */
async function aRun(flag: string): Promise<string> {
  const run = `price-${(runs += 1)}`;
  expect((await world.api('POST', '/api/v1/projects/shop/parallel-runs', { key: run, name: run })).status).toBe(201);
  const settings = {
    demand: { tolerance: 0.05, unansweredTolerance: 0.05, latencyMargin: null },
    // Server and shop share a process, where a busy machine would have the calls shed.
    runner: { serve: { flag, variation: 'on' }, budget: { addedMs: 60_000, loopDelayMs: 60_000 } },
  };
  const edited = await world.api('PATCH', `${ENVIRONMENT}/parallel-runs/${run}`, settings, { 'if-match': '*' });
  expect(edited).toMatchObject({ status: 200, body: { demand: { tolerance: 0.05 } } });
  return run;
}

const wholeWay = {
  steps: [
    { share: 0, sampling: 10_000 },
    { share: 0, sampling: 100_000, gates: [{ kind: 'certificate' }] },
    { share: 50_000 },
    { share: 100_000 },
  ],
};

const release = (flag: string, run: string, policy: string): Promise<Answer> =>
  world.ask({
    changes: [
      { kind: 'parallelRun', run },
      { kind: 'flag', flag, ramp: { variation: 'on' }, retireAfterDays: 14 },
    ],
    policy,
    start: true,
  });

const standing = async (run: string) =>
  bodyOf<{ share: number; candidates: readonly { assessment: { finding: string } }[] }>(
    await world.api('GET', `${ENVIRONMENT}/parallel-runs/${run}`),
  );

describe('a release from the parallel run to the flag that is retired', () => {
  it('compares, is certified, serves the candidate to everybody, and gives the flag its due date', async () => {
    const flag = await world.flag();
    const run = await aRun(flag);
    shop = await PricingShop.open({ url: server.url, token }, run, samePrice);
    const asked = bodyOf<ReleaseView>(await release(flag, run, await world.policy(wholeWay)));
    const done = await world.until(asked.id, ({ status }) => status === 'released');
    expect(done.reason.code).toBe('PROMOTED_ON_EVIDENCE');

    const certificate = await world.api('GET', `${ENVIRONMENT}/parallel-runs/${run}/certificate`);
    expect(certificate.body).toMatchObject({ finding: 'certified', voidedAt: null });
    const { dueAt } = bodyOf<{ dueAt: string }>(await world.api('GET', `/api/v1/projects/shop/flags/${flag}`));
    expect(Math.round((new Date(dueAt).getTime() - Date.now()) / 86_400_000)).toBe(14);
    // The code that lost its place still tells whether its successor is right.
    expect(await standing(run)).toMatchObject({ share: 100_000 });

    const bundle = bodyOf<VerdictBundle>(await world.api('GET', `/api/v1/releases/${asked.id}/verdict`));
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    expect(replayBundle(bundle, sha256)).toMatchObject({ isSame: true, differences: [] });
    expect(bundle.ticks.some(({ body }) => (body.runs ?? []).length > 0)).toBe(true);
  });

  it('rolls back before anybody is served by a candidate that is refuted', async () => {
    const flag = await world.flag();
    const run = await aRun(flag);
    shop = await PricingShop.open({ url: server.url, token }, run, truncatingPrice);
    const before = await world.settings(flag);
    const asked = bodyOf<ReleaseView>(await release(flag, run, await world.policy(wholeWay)));
    const done = await world.until(asked.id, ({ status }) => status === 'rolledBack');
    expect(done.reason).toMatchObject({ code: 'EVIDENCE_BAD', sentence: expect.stringContaining('came out unequal') });
    expect(await world.settings(flag)).toEqual(before);
    expect(await standing(run)).toMatchObject({ share: 0, candidates: [{ assessment: { finding: 'refuted' } }] });
    expect(shop.answers.filter(({ cents, price }) => price !== oldPrice(cents))).toEqual([]);

    // What is known of the old code says nothing of the mended one, though nobody has called that yet.
    Object.assign(shop, { candidate: samePrice, version: 'v8' });
    const mended = bodyOf<ReleaseView>(await release(flag, run, await world.policy(wholeWay)));
    expect(await world.until(mended.id, ({ finishedAt }) => finishedAt !== null)).toMatchObject({ status: 'released' });
  });

  it('rolls back a candidate that is served and goes wrong after its certificate: the old code shadows it', async () => {
    const flag = await world.flag();
    const run = await aRun(flag);
    shop = await PricingShop.open({ url: server.url, token }, run, samePrice);
    const policy = await world.policy({ ...wholeWay, bakeSeconds: 600 });
    const asked = bodyOf<ReleaseView>(await release(flag, run, policy));
    await world.until(asked.id, ({ reason }) => reason.code === 'BAKING');
    shop.candidate = truncatingPrice;
    const done = await world.until(asked.id, ({ status }) => status === 'rolledBack');
    expect(done.reason.code).toBe('EVIDENCE_BAD');
  });

  it('does not go on without its certificate once that is void, by itself or by hand', async () => {
    const flag = await world.flag();
    const run = await aRun(flag);
    shop = await PricingShop.open({ url: server.url, token }, run, samePrice);
    const [shadow, gated, half, whole] = wholeWay.steps;
    const policy = await world.policy({ steps: [shadow, gated, { ...half, holdSeconds: 600 }, whole] });
    const asked = bodyOf<ReleaseView>(await release(flag, run, policy));
    await world.until(asked.id, ({ rollout }) => rollout?.stepIndex === 2);
    await shop.close();
    const reset = await world.api('POST', `${ENVIRONMENT}/parallel-runs/${run}/reset`, { reason: 'Other inputs.' });
    expect(reset.status).toBe(200);
    const sent = await world.command(asked.id, 'promote', { to: 'last' });
    expect(sent).toMatchObject({ status: 412, body: { code: 'CERTIFICATE_MISSING' } });
    await world.command(asked.id, 'abort', { reason: 'The test is over.' });
  });

  it('holds where nobody has compared anything, and cannot be sent past the certificate by hand', async () => {
    const flag = await world.flag();
    const run = await aRun(flag);
    const asked = bodyOf<ReleaseView>(await release(flag, run, await world.policy(wholeWay)));
    const held = await world.until(asked.id, ({ status }) => status === 'holding');
    expect(held.reason).toMatchObject({ code: 'NOT_KNOWN', sentence: `No service has reported a call of ${run} yet.` });
    const sent = await world.command(asked.id, 'promote', { to: 'last' });
    expect(sent).toMatchObject({ status: 412, body: { code: 'CERTIFICATE_MISSING' } });
    const byHand = await world.api('PUT', `${ENVIRONMENT}/parallel-runs/${run}/share`, { share: 5 });
    expect(byHand).toMatchObject({ status: 409, body: { code: 'PARALLEL_RUN_HELD' } });
    await world.command(asked.id, 'abort', { reason: 'The test is over.' });
    expect(await standing(run)).toMatchObject({ share: 0 });
  });
});

describe('a parallel run of its own', () => {
  it('is started and stopped as a release that serves nobody', async () => {
    const run = await aRun(await world.flag());
    const started = await world.api('POST', `${ENVIRONMENT}/parallel-runs/${run}/start`, {});
    expect(started).toMatchObject({ status: 201, body: { policyKey: 'parallel-run', status: 'running' } });
    const { id } = bodyOf<ReleaseView>(started);
    const again = await world.api('POST', `${ENVIRONMENT}/parallel-runs/${run}/start`, {});
    expect(again).toMatchObject({ status: 200, body: { id } });
    expect(await standing(run)).toMatchObject({ share: 100 });
    const stopped = await world.api('POST', `${ENVIRONMENT}/parallel-runs/${run}/stop`, { reason: 'Enough is known.' });
    expect(stopped.status).toBe(204);
    expect(await world.read(id)).toMatchObject({ status: 'aborted' });
    expect(await standing(run)).toMatchObject({ share: 0 });
  });
});

describe('what a release asks of its policy', () => {
  it('refuses a run that no step samples, and certificates of no run', async () => {
    const flag = await world.flag();
    const run = await aRun(flag);
    expect(await release(flag, run, 'standard')).toMatchObject({ status: 412, body: { code: 'POLICY_UNFIT' } });
    expect(await world.release(flag, 'proven')).toMatchObject({ status: 412, body: { code: 'POLICY_UNFIT' } });
    expect(await release(flag, 'nothing', 'proven')).toMatchObject({ status: 404 });
  });

  it('refuses to add to overdue flags, and names them', async () => {
    const policy = await world.policy({ steps: [{ share: 100_000 }], maxOverdueFlags: 0 });
    const flag = await world.flag();
    const path = `/api/v1/projects/shop/flags/${flag}`;
    await world.api('PATCH', path, { dueAt: '2026-01-01T00:00:00Z' }, { 'if-match': '*' });
    const refused = await world.release(await world.flag(), policy);
    expect(refused).toMatchObject({ status: 412, body: { code: 'FLAG_DEBT' } });
    expect(JSON.stringify(refused.body)).toContain(flag);
    await world.api('PATCH', path, { dueAt: null }, { 'if-match': '*' });
    expect((await world.release(await world.flag(), policy)).status).toBe(201);
  });
});
