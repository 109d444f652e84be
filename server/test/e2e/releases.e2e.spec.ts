import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as later } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { replayBundle } from '../../src/rollouts/replay.js';
import { type Api, startTestServer, type TestServer } from './start-test-server.js';

let server: TestServer;
let api: Api;
let reviewer: Api;
let flags = 0;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const SETTINGS = '/environments/production';

beforeAll(async () => {
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  api = server.api;
  await api('POST', '/api/v1/projects', { key: 'shop', name: 'Shop' });
  await api('POST', '/api/v1/projects/shop/environments', { key: 'production', name: 'Production', production: true });
  const { body } = await api('POST', '/api/v1/tokens', { kind: 'admin', name: 'reviewer' });
  reviewer = server.as(body.secret);
});
afterAll(() => server.close());

/** A boolean flag that is off, at its own key. */
async function aFlag(): Promise<string> {
  const key = `flag-${(flags += 1)}`;
  const variations = [
    { key: 'on', value: true },
    { key: 'off', value: false },
  ];
  const { status } = await api('POST', '/api/v1/projects/shop/flags', { key, type: 'boolean', name: key, variations });
  expect(status).toBe(201);
  return key;
}

const settings = async (flag: string) => {
  const { body } = await api('GET', `/api/v1/projects/shop/flags/${flag}${SETTINGS}`);
  const { version: _version, updatedAt: _updatedAt, ...content } = body;
  return content;
};

async function aPolicy(key: string, document: object): Promise<string> {
  const { status, body } = await api('POST', '/api/v1/projects/shop/policies', { key, name: key, document });
  expect([status, body.errors]).toEqual([201, undefined]);
  return key;
}

const ramp = (flag: string) => ({ kind: 'flag', flag, ramp: { variation: 'on' } });
const create = (body: object) =>
  api('POST', '/api/v1/releases', { project: 'shop', environment: 'production', ...body });
const read = async (id: string) => (await api('GET', `/api/v1/releases/${id}`)).body;

/** Looks at a release until it is as expected. */
async function until(id: string, isSo: (release: any) => boolean): Promise<any> {
  for (let tries = 0; tries < 200; tries += 1) {
    const release = await read(id);
    if (isSo(release)) return release;
    await later(50);
  }
  throw new Error(`Never came to be: ${JSON.stringify(await read(id))}`);
}

describe('a release of flags', () => {
  it('ramps to everybody and is released', async () => {
    const flag = await aFlag();
    await aPolicy('plain', { steps: [{ share: 10_000 }, { share: 100_000 }] });
    const { status, body } = await create({ changes: [ramp(flag)], policy: 'plain', start: true });
    expect([status, body.status, body.rollout.share]).toEqual([201, 'running', 10_000]);
    const waited = await api('GET', `/api/v1/releases/${body.id}/wait?timeoutMs=20000`);
    expect(waited.body).toMatchObject({ status: 'released', reason: { code: 'PROMOTED_ON_EVIDENCE' } });
    expect(await settings(flag)).toMatchObject({ on: true, defaultServe: { variation: 'on' } });
  });

  it('moves several flags together and puts them back exactly', async () => {
    const [first, second] = [await aFlag(), await aFlag()];
    const before = [await settings(first), await settings(second)];
    await aPolicy('slow', { steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] });
    const { body } = await create({ changes: [ramp(first), ramp(second)], policy: 'slow', start: true });
    const split = {
      split: {
        shares: [
          { variation: 'on', share: 10_000 },
          { variation: 'off', share: 90_000 },
        ],
      },
    };
    expect([await settings(first), await settings(second)]).toMatchObject([
      { on: true, defaultServe: split },
      { on: true, defaultServe: split },
    ]);
    const rolled = await api('POST', `/api/v1/releases/${body.id}/rollback`, { reason: 'carts are empty' });
    expect(rolled.body).toMatchObject({ status: 'rolledBack', reason: { code: 'ROLLED_BACK_BY_HAND' } });
    expect([await settings(first), await settings(second)]).toEqual(before);
  });

  it('waits for the approval of another person', async () => {
    const flag = await aFlag();
    await aPolicy('four-eyes', {
      steps: [{ share: 0, gates: [{ kind: 'approval' }] }, { share: 100_000 }],
      approvalsToStart: 1,
    });
    const { body } = await create({ changes: [ramp(flag)], policy: 'four-eyes' });
    expect((await api('POST', `/api/v1/releases/${body.id}/start`)).body).toMatchObject({ code: 'APPROVAL_MISSING' });
    expect((await api('POST', `/api/v1/releases/${body.id}/approve`)).body).toMatchObject({ code: 'OWN_RELEASE' });
    await reviewer('POST', `/api/v1/releases/${body.id}/approve`, { comment: 'fine' });
    await api('POST', `/api/v1/releases/${body.id}/start`);
    const held = await until(body.id, ({ status }) => status === 'holding');
    expect(held.reason.code).toBe('APPROVAL_MISSING');
    await reviewer('POST', `/api/v1/releases/${body.id}/approve`, { comment: 'go on' });
    expect((await until(body.id, ({ status }) => status === 'released')).attempt).toBe(1);
  });
});

describe('evidence', () => {
  /** Reports what both arms of a running release have measured, as an SDK would. */
  async function report(
    release: any,
    subject: string,
    arms: Record<'stable' | 'candidate', [units: number, bad: number]>,
  ) {
    const { body } = await api('POST', '/api/v1/tokens', {
      kind: 'server',
      name: 'sdk',
      project: 'shop',
      environment: 'production',
    });
    const measurements = Object.entries(arms).map(([arm, [n, bad]]) => ({
      rollout: release.rollout.id,
      subject,
      arm,
      metric: 'unit',
      n,
      bad,
      anonymousBad: bad,
      sum: 0,
      sumSquares: 0,
    }));
    const now = new Date().toISOString();
    const instance = { id: 'i', name: 'shop-1', sdk: 'test', revision: 1_000_000, revisionAppliedAt: now };
    const batch = { batchId: `${Math.random()}`, instance, from: now, to: now, evaluations: [], measurements };
    const { status } = await server.as(body.secret)('POST', '/sdk/v1/telemetry', batch);
    expect(status).toBe(202);
  }

  it('rolls back what is bad, and can be judged again from its bundle', async () => {
    const flag = await aFlag();
    const before = await settings(flag);
    await aPolicy('judged', {
      steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }],
      metrics: [{ kind: 'failures', name: 'failures' }],
    });
    const { body } = await create({ changes: [ramp(flag)], policy: 'judged', start: true });
    await report(body, `flag/${flag}`, { stable: [900, 9], candidate: [100, 1] });
    await until(body.id, ({ rollout }) => rollout.verdict === 'pass');
    await report(body, `flag/${flag}`, { stable: [900, 9], candidate: [100, 30] });
    const rolled = await until(body.id, ({ status }) => status === 'rolledBack');
    expect(rolled.reason.code).toBe('EVIDENCE_BAD');
    expect(await settings(flag)).toEqual(before);
    const bundle = (await api('GET', `/api/v1/releases/${body.id}/verdict`)).body;
    expect(replayBundle(bundle, sha256)).toMatchObject({ isSame: true, differences: [] });
    bundle.ticks.at(-1).body.counts[0].candidateBad = 2;
    expect(replayBundle(bundle, sha256).isSame).toBe(false);
  });
});
