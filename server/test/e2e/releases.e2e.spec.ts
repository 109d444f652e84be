import { createHash } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { replayBundle, type VerdictBundle } from '../../src/rollouts/replay.js';
import { type Api, startTestServer, type TestServer } from './start-test-server.js';

let server: TestServer;
let api: Api;
let reviewer: Api;
let flags = 0;

const SETTINGS = '/environments/production';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const call = async <T>(method: string, path: string, body?: unknown, as = api): Promise<T> =>
  (await as(method, `/api/v1${path}`, body)).body as T;

beforeAll(async () => {
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  api = server.api;
  await call('POST', '/projects', { key: 'shop', name: 'Shop' });
  await call('POST', '/projects/shop/environments', { key: 'production', name: 'Production', production: true });
  const person = async (name: string): Promise<Api> => {
    return server.as((await call<{ secret: string }>('POST', '/tokens', { kind: 'admin', name })).secret);
  };
  reviewer = await person('reviewer');
  api = await person('author');
});
afterAll(() => server.close());

/** A boolean flag that is off, at its own key. */
async function aFlag(): Promise<string> {
  const key = `flag-${(flags += 1)}`;
  const variations = [
    { key: 'on', value: true },
    { key: 'off', value: false },
  ];
  await call('POST', '/projects/shop/flags', { key, type: 'boolean', name: key, variations });
  return key;
}

const settings = async (flag: string): Promise<object> => {
  const {
    version: _version,
    updatedAt: _updatedAt,
    ...content
  } = await call<Record<string, unknown>>('GET', `/projects/shop/flags/${flag}${SETTINGS}`);
  return content;
};

async function aPolicy(key: string, document: object): Promise<string> {
  const policy = await call<object>('POST', '/projects/shop/policies', { key, name: key, document });
  expect(policy).toMatchObject({ key, version: 1 });
  return key;
}

const ramp = (flag: string) => ({ kind: 'flag', flag, ramp: { variation: 'on' } });
const create = (body: object) =>
  call<ReleaseView>('POST', '/releases', { project: 'shop', environment: 'production', ...body });
const command = (id: string, verb: string, body?: object, as = api) =>
  call<ReleaseView & { readonly code?: string }>('POST', `/releases/${id}/${verb}`, body, as);

/** Looks at a release until it is as expected. */
async function until(id: string, isSo: (release: ReleaseView) => boolean): Promise<ReleaseView> {
  let release = await call<ReleaseView>('GET', `/releases/${id}`);
  for (let tries = 0; tries < 400 && !isSo(release); tries += 1) {
    await later(50);
    release = await call<ReleaseView>('GET', `/releases/${id}`);
  }
  if (!isSo(release)) throw new Error(`Never came to be: ${JSON.stringify(release)}`);
  return release;
}

describe('a release of flags', () => {
  it('ramps to everybody and is released', async () => {
    const flag = await aFlag();
    await aPolicy('plain', { steps: [{ share: 10_000 }, { share: 100_000 }] });
    const release = await create({ changes: [ramp(flag)], policy: 'plain', start: true });
    expect([release.status, release.rollout?.share]).toEqual(['running', 10_000]);
    const waited = await call<ReleaseView>('GET', `/releases/${release.id}/wait?timeoutMs=20000`);
    // Its policy asks for no metric, and that is not passed off as evidence.
    const sentence = expect.stringContaining('nothing was compared. Promoted on lack of evidence (power 0 %');
    expect(waited).toMatchObject({ status: 'released', reason: { code: 'PROMOTED_WITHOUT_EVIDENCE', sentence } });
    expect(await settings(flag)).toMatchObject({ on: true, defaultServe: { variation: 'on' } });
  });

  it('moves several flags together and puts them back exactly', async () => {
    const [first, second] = [await aFlag(), await aFlag()];
    const before = [await settings(first), await settings(second)];
    await aPolicy('slow', { steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] });
    const { id } = await create({ changes: [ramp(first), ramp(second)], policy: 'slow', start: true });
    const shares = [
      { variation: 'on', share: 10_000 },
      { variation: 'off', share: 90_000 },
    ];
    const ramped = { on: true, defaultServe: { split: { shares } } };
    expect([await settings(first), await settings(second)]).toMatchObject([ramped, ramped]);
    const rolled = await command(id, 'rollback', { reason: 'carts are empty' });
    expect(rolled).toMatchObject({ status: 'rolledBack', reason: { code: 'ROLLED_BACK_BY_HAND' } });
    expect([await settings(first), await settings(second)]).toEqual(before);
  });

  it('waits for the approval of another person', async () => {
    const flag = await aFlag();
    const steps = [{ share: 0, gates: [{ kind: 'approval' }] }, { share: 100_000 }];
    await aPolicy('four-eyes', { steps, approvalsToStart: 1 });
    const { id } = await create({ changes: [ramp(flag)], policy: 'four-eyes' });
    expect(await command(id, 'start')).toMatchObject({ code: 'APPROVAL_MISSING' });
    expect(await command(id, 'approve')).toMatchObject({ code: 'OWN_RELEASE' });
    await command(id, 'approve', { comment: 'fine' }, reviewer);
    await command(id, 'start');
    const held = await until(id, ({ status }) => status === 'holding');
    expect(held.reason.code).toBe('APPROVAL_MISSING');
    await command(id, 'approve', { comment: 'go on' }, reviewer);
    expect((await until(id, ({ status }) => status === 'released')).attempt).toBe(1);
  });
});

describe('evidence', () => {
  type Arms = Readonly<Record<'stable' | 'candidate', readonly [units: number, bad: number]>>;

  /** Reports what both arms of a running release have measured, as an SDK would. */
  async function report({ rollout }: ReleaseView, subject: string, arms: Partial<Arms>): Promise<void> {
    const token = { kind: 'server', name: 'sdk', project: 'shop', environment: 'production' };
    const { secret } = await call<{ secret: string }>('POST', '/tokens', token);
    const measurements = Object.entries(arms).map(([arm, [n, bad]]) => {
      const sums = { n, bad, anonymousBad: bad, sum: 0, sumSquares: 0 };
      return { rollout: rollout?.id, subject, arm, metric: 'unit', ...sums };
    });
    const now = new Date().toISOString();
    const instance = { id: 'i', name: 'shop-1', sdk: 'test', revision: 1_000_000, revisionAppliedAt: now };
    const batch = {
      batchId: sha256(JSON.stringify(arms)),
      instance,
      from: now,
      to: now,
      evaluations: [],
      measurements,
    };
    expect((await server.as(secret)('POST', '/sdk/v1/telemetry', batch)).status).toBe(202);
  }

  it('rolls back what is bad, and can be judged again from its bundle', async () => {
    const flag = await aFlag();
    const before = await settings(flag);
    const metrics = [{ kind: 'failures', name: 'failures' }];
    await aPolicy('judged', { steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }], metrics });
    const release = await create({ changes: [ramp(flag)], policy: 'judged', start: true });
    await report(release, `flag/${flag}`, { stable: [900, 9], candidate: [100, 1] });
    await until(release.id, ({ rollout }) => rollout?.verdict === 'pass');
    await report(release, `flag/${flag}`, { stable: [900, 9], candidate: [100, 30] });
    const rolled = await until(release.id, ({ status }) => status === 'rolledBack');
    expect(rolled.reason.code).toBe('EVIDENCE_BAD');
    expect(await settings(flag)).toEqual(before);

    const bundle = await call<VerdictBundle>('GET', `/releases/${release.id}/verdict`);
    expect(replayBundle(bundle, sha256)).toMatchObject({ isSame: true, differences: [] });
    expect(replayBundle(withoutBadEvents(bundle), sha256).isSame).toBe(false);
    for (const lost of bundle.verdicts) {
      const verdicts = bundle.verdicts.filter((verdict) => verdict !== lost);
      expect(replayBundle({ ...bundle, verdicts }, sha256).isSame).toBe(false);
    }
    for (const lost of bundle.ticks) {
      const ticks = bundle.ticks.filter((tick) => tick !== lost);
      const verdicts = bundle.verdicts.filter(({ tick }) => tick !== lost.tick);
      expect(replayBundle({ ...bundle, ticks, verdicts }, sha256).isSame).toBe(false);
    }
  });

  it('rolls back what is far worse with everybody than the stable arm ever was, by the default of distinct callers', async () => {
    const flag = await aFlag();
    const before = await settings(flag);
    const metrics = [{ kind: 'failures', name: 'failures' }];
    await aPolicy('baked', { steps: [{ share: 10_000 }, { share: 100_000 }], metrics, bakeSeconds: 3_600 });
    const release = await create({ changes: [ramp(flag)], policy: 'baked', start: true });
    await report(release, `flag/${flag}`, { stable: [9_000, 90], candidate: [1_000, 10] });
    await until(release.id, ({ rollout }) => rollout?.phase === 'baking');
    await report(release, `flag/${flag}`, { candidate: [2_000, 20] });
    const compared = await until(release.id, ({ rollout }) => rollout?.metrics[0]?.isComparable === true);
    const sentence = expect.stringContaining('against the past of the stable arm');
    expect(compared.rollout?.metrics[0]).toMatchObject({ state: 'pass', sentence });
    await report(release, `flag/${flag}`, { candidate: [2_000, 400] });
    const rolled = await until(release.id, ({ status }) => status === 'rolledBack');
    expect(rolled.reason).toMatchObject({ code: 'EVIDENCE_BAD', sentence });
    expect(await settings(flag)).toEqual(before);
    const bundle = await call<VerdictBundle>('GET', `/releases/${release.id}/verdict`);
    expect(replayBundle(bundle, sha256)).toMatchObject({ isSame: true, differences: [] });
    expect(replayBundle(withoutBadEvents(bundle), sha256).isSame).toBe(false);
  });

  /** A bundle that somebody has whitewashed. */
  function withoutBadEvents(bundle: VerdictBundle): VerdictBundle {
    const ticks = bundle.ticks.map(({ body, ...tick }) => {
      const counts = body.counts.map((count) => ({ ...count, candidateBad: 0 }));
      return { ...tick, body: { ...body, counts } };
    });
    return { ...bundle, ticks };
  }
});
