import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { aDigest } from '../builders/a-service.js';
import { bodyOf, ReleasesWorld } from './releases-world.js';
import { type Answer, startTestServer, type TestServer } from './start-test-server.js';

let server: TestServer;
let world: ReleasesWorld;
let services = 0;

beforeAll(async () => {
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  world = await ReleasesWorld.furnish(server);
});
afterAll(() => server.close());

const HOLDING = { steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] };
const hour = 3_600_000;
const freeze = () => ({
  name: 'launch',
  starts: new Date(Date.now() - hour).toISOString(),
  ends: new Date(Date.now() + hour).toISOString(),
});
const releaseOf = (answer: Answer): ReleaseView => bodyOf(answer);

/** A service of its own with v1 for everybody and v2 installed beside it. */
async function aService(): Promise<string> {
  const service = `service-${(services += 1)}`;
  await world.installed(service, 'v1', 'v2', 'v3');
  return service;
}
const build = (service: string, version = 'v2', more: object = {}) => ({ kind: 'service', service, version, ...more });

describe('a build that was rolled back', () => {
  it('is refused at creation, at start and in the queue, until somebody says why it should be tried', async () => {
    const service = await aService();
    const policy = await world.policy(HOLDING);
    const ask = (more: object = {}) => world.ask({ changes: [build(service)], policy, start: true, ...more });
    const first = releaseOf(await ask());
    await world.command(first.id, 'rollback', { reason: 'carts are empty' });
    const refused = { status: 409, body: { code: 'DIGEST_REJECTED', releaseId: first.id, digest: aDigest('2') } };
    expect(await ask()).toMatchObject(refused);
    expect(await ask({ start: false })).toMatchObject(refused);
    expect(await ask({ start: false, scheduledAt: new Date(Date.now() + hour).toISOString() })).toMatchObject(refused);
    expect(bodyOf<{ detail: string }>(await ask()).detail).toContain('carts are empty');
    expect(await world.command(first.id, 'start')).toMatchObject(refused);
    const again = await ask({ overrideRejection: 'the database was at fault' });
    expect(again).toMatchObject({ status: 201, body: { status: 'running', attempt: 1 } });
    expect(JSON.stringify(bodyOf<object>(await world.api('GET', '/api/v1/audit?limit=50')))).toContain(
      'the database was at fault',
    );
    await world.command(releaseOf(again).id, 'abort', { reason: 'done' });
    // Given up, not bad: it may be asked for again.
    const third = await ask();
    expect(third.status).toBe(201);
    await world.command(releaseOf(third).id, 'abort', { reason: 'done' });
  });
});

describe('a freeze', () => {
  it('keeps releases from starting, and says until when', async () => {
    const window = freeze();
    const policy = await world.policy({ ...HOLDING, freezeWindows: [window] });
    expect(await world.release(await world.flag(), policy)).toMatchObject({
      status: 412,
      body: { code: 'FROZEN', until: window.ends },
    });
  });

  it('that begins during a ramp keeps shares from being raised, also by hand, but not from going back', async () => {
    const flag = await world.flag();
    const before = await world.settings(flag);
    const starts = new Date(Date.now() + 1_500);
    const window = { ...freeze(), starts: starts.toISOString() };
    const steps = [{ share: 10_000, holdSeconds: 2 }, { share: 100_000 }];
    const policy = await world.policy({ steps, freezeWindows: [window] });
    const { id } = releaseOf(await world.release(flag, policy));
    const held = await world.until(id, ({ reason }) => reason.code === 'FROZEN');
    expect(held).toMatchObject({ status: 'holding', reason: { until: window.ends }, rollout: { share: 10_000 } });
    for (const to of ['next', 'last']) {
      expect(await world.command(id, 'promote', { to })).toMatchObject({ status: 412, body: { code: 'FROZEN' } });
    }
    await world.command(id, 'rollback', { reason: 'no' });
    expect(await world.settings(flag)).toEqual(before);
  });
});

describe('a newer release of the same', () => {
  it('supersedes the one under way, and goes back to what was before both', async () => {
    const flag = await world.flag();
    const before = await world.settings(flag);
    const first = releaseOf(await world.release(flag, await world.policy(HOLDING)));
    const second = releaseOf(await world.release(flag, await world.policy(HOLDING)));
    expect(await world.read(first.id)).toMatchObject({
      status: 'superseded',
      supersededBy: second.id,
      reason: { code: 'SUPERSEDED' },
    });
    await world.command(second.id, 'rollback', { reason: 'no' });
    expect(await world.settings(flag)).toEqual(before);
  });

  it('waits where the policy lets the first finish, and starts by itself then, in the order they came', async () => {
    const flag = await world.flag();
    const ask = async () => releaseOf(await world.release(flag, await world.policy({ ...HOLDING, onNewer: 'queue' })));
    const [first, second, third] = [await ask(), await ask(), await ask()];
    expect([second, third]).toMatchObject([
      { status: 'queued', attempt: 0, reason: { code: 'QUEUED' } },
      { status: 'queued', attempt: 0 },
    ]);
    await world.command(first.id, 'abort', { reason: 'no' });
    await world.until(second.id, ({ status }) => status === 'running');
    expect((await world.read(third.id)).status).toBe('queued');
    await world.command(second.id, 'abort', { reason: 'no' });
    const last = await world.until(third.id, ({ status }) => status === 'running');
    await world.command(last.id, 'abort', { reason: 'no' });
  });

  it('that goes first is not undone by an older one that waited', async () => {
    const flag = await world.flag();
    const first = releaseOf(await world.release(flag, await world.policy({ ...HOLDING, onNewer: 'queue' })));
    const waiting = releaseOf(await world.release(flag, await world.policy(HOLDING)));
    const newest = releaseOf(await world.release(flag, await world.policy(HOLDING)));
    await world.command(first.id, 'abort', { reason: 'no' });
    const running = await world.until(newest.id, ({ status }) => status === 'running');
    const passed = await world.until(waiting.id, ({ status }) => status !== 'queued');
    expect(passed).toMatchObject({ status: 'superseded', supersededBy: newest.id });
    await world.command(running.id, 'abort', { reason: 'no' });
  });

  it('of something else ramps beside it, and both say so', async () => {
    const policy = await world.policy(HOLDING);
    const first = releaseOf(await world.release(await world.flag(), policy));
    const second = releaseOf(await world.release(await world.flag(), policy));
    expect(second.confoundedBy).toContain(first.id);
    expect((await world.read(first.id)).confoundedBy).toContain(second.id);
    for (const { id } of [first, second]) await world.command(id, 'abort', { reason: 'no' });
  });
});

describe('a scheduled release', () => {
  it('starts by itself', async () => {
    const policy = await world.policy(HOLDING);
    const scheduledAt = new Date(Date.now() + 500).toISOString();
    const made = await world.release(await world.flag(), policy, { start: false, scheduledAt });
    expect(made).toMatchObject({ status: 201, body: { status: 'scheduled', reason: { until: scheduledAt } } });
    const { id } = await world.until(releaseOf(made).id, ({ status }) => status === 'running');
    await world.command(id, 'abort', { reason: 'no' });
  });

  it('that cannot start any more goes back to its author with the reason', async () => {
    const service = `service-${(services += 1)}`;
    await world.installed(service, 'v1', 'v2');
    const policy = await world.policy(HOLDING);
    const scheduledAt = new Date(Date.now() + 700).toISOString();
    const made = await world.ask({ changes: [build(service)], policy, scheduledAt });
    await world.api('POST', '/api/v1/projects/shop/deployments', {
      environment: 'production',
      service,
      version: 'v2',
      digest: aDigest('2'),
      state: 'removed',
    });
    const back = await world.until(releaseOf(made).id, ({ status }) => status === 'draft');
    expect(back.reason).toMatchObject({ code: 'START_REFUSED', sentence: expect.stringContaining('v2') });
  });
});

describe('a candidate that CI takes out of the environment', () => {
  it.each<[string, object, object]>([
    ['during a step', HOLDING, { share: 10_000, phase: 'watching' }],
    [
      'while everybody has it',
      { steps: [{ share: 100_000 }], bakeSeconds: 3_600 },
      { share: 100_000, phase: 'baking' },
    ],
  ])('puts everything back %s, also while it is paused', async (_when, document, at) => {
    const service = await aService();
    const policy = await world.policy(document);
    const { id } = releaseOf(await world.ask({ changes: [build(service)], policy, start: true }));
    await world.until(id, ({ rollout }) => rollout?.phase === (at as { phase: string }).phase);
    expect((await world.read(id)).rollout).toMatchObject(at);
    await world.command(id, 'pause', { reason: 'lunch' });
    const removed = { environment: 'production', service, version: 'v2', digest: aDigest('2'), state: 'removed' };
    await world.api('POST', '/api/v1/projects/shop/deployments', removed);
    const back = await world.until(id, ({ status }) => status === 'rolledBack');
    expect(back.reason).toMatchObject({ code: 'CANDIDATE_GONE', sentence: expect.stringContaining('no longer') });
    // Nobody found it bad: installed again it may be asked for again.
    await world.installed(service, 'v2');
    const again = await world.ask({ changes: [build(service)], policy, start: true });
    expect(again.status).toBe(201);
    await world.command(releaseOf(again).id, 'abort', { reason: 'done' });
  });
});

describe('asking twice', () => {
  it('is one release for the same builds, and a conflict when they are asked for otherwise', async () => {
    const service = await aService();
    const [policy, other] = [await world.policy(HOLDING), await world.policy({ ...HOLDING, bakeSeconds: 9 })];
    const ask = (more: object = {}) => world.ask({ changes: [build(service)], policy, start: true, ...more });
    const answers = await Promise.all([ask(), ask(), ask(), ask()]);
    expect(new Set(answers.map((answer) => releaseOf(answer).id)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    const named = await ask({ changes: [build(service, 'v2', { digest: aDigest('2') })] });
    expect([named.status, releaseOf(named).id]).toEqual([200, answers[0] && releaseOf(answers[0]).id]);
    expect(await ask({ policy: other })).toMatchObject({ status: 409, body: { code: 'RELEASE_DIFFERS' } });
    await world.command(releaseOf(named).id, 'abort', { reason: 'no' });
  });

  it('is one release for the same changes of flags under the same policy, as long as it is open', async () => {
    const policy = await world.policy(HOLDING);
    const rules = [{ clauses: [{ attribute: 'country', operator: 'in', values: ['se'] }], serve: { variation: 'on' } }];
    const changes = [
      { kind: 'flag', flag: await world.flag(), ramp: { variation: 'on' } },
      // Ids that rules are given must not make them others.
      { kind: 'flag', flag: await world.flag(), edit: { rules } },
    ];
    const ask = (more: object = {}) => world.ask({ changes, policy, start: true, ...more });
    const answers = await Promise.all([ask({ start: false }), ask({ start: false }), ask({ start: false })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const started = await ask({ name: 'again' });
    expect(started).toMatchObject({ status: 200, body: { status: 'running', attempt: 1 } });
    const { id } = releaseOf(started);
    expect(new Set(answers.map((answer) => releaseOf(answer).id))).toEqual(new Set([id]));
    expect(await ask()).toMatchObject({ status: 200, body: { id, status: 'running', attempt: 1 } });

    const scheduledAt = new Date(Date.now() + hour).toISOString();
    const later = await ask({ start: false, scheduledAt });
    expect(later.status).toBe(201);
    expect(await ask({ start: false, scheduledAt })).toMatchObject({ status: 200, body: { id: releaseOf(later).id } });

    const document = { ...HOLDING, bakeSeconds: 9 };
    await world.api('PATCH', `/api/v1/projects/shop/policies/${policy}`, { document }, { 'if-match': '*' });
    const underNewer = await ask();
    expect([underNewer.status, releaseOf(underNewer).policyVersion]).toEqual([201, 2]);
    await world.command(releaseOf(underNewer).id, 'abort', { reason: 'no' });
    const afterItsEnd = await ask();
    expect([afterItsEnd.status, releaseOf(afterItsEnd).id]).toEqual([201, expect.not.stringMatching(id)]);
    for (const release of [afterItsEnd, later]) await world.command(releaseOf(release).id, 'abort', { reason: 'no' });
  });
});

describe('four eyes', () => {
  it('are two people, each once, and bound to what the release says', async () => {
    const policy = await world.policy({ ...HOLDING, approvalsToStart: 1 });
    const { id } = releaseOf(await world.release(await world.flag(), policy, { start: false }));
    expect(await world.command(id, 'start')).toMatchObject({
      status: 412,
      body: { code: 'APPROVAL_MISSING', needed: 1 },
    });
    expect(await world.command(id, 'approve')).toMatchObject({ status: 403, body: { code: 'OWN_RELEASE' } });
    expect((await world.command(id, 'approve', {}, world.reviewer)).status).toBe(200);
    expect(await world.command(id, 'approve', {}, world.reviewer)).toMatchObject({
      status: 409,
      body: { code: 'APPROVED_ALREADY' },
    });
    expect((await world.command(id, 'start')).body).toMatchObject({ status: 'running' });
    await world.command(id, 'abort', { reason: 'no' });
  });

  const person = async (owner?: string, maker = server.api) => {
    const made = await maker('POST', '/api/v1/tokens', { kind: 'admin', name: 'person', ...(owner && { owner }) });
    const { id, secret } = bodyOf<{ id: string; secret: string }>(made);
    return { id, api: server.as(secret) };
  };

  it('are not one person with two tokens, as far as tokens tell', async () => {
    const policy = await world.policy({ ...HOLDING, approvalsToStart: 2 });
    const ann = await person('ann@shop.example');
    const changes = [{ kind: 'flag', flag: await world.flag(), ramp: { variation: 'on' } }];
    const body = { project: 'shop', environment: 'production', changes, policy };
    const { id } = releaseOf(await ann.api('POST', '/api/v1/releases', body));
    const rotated = await server.api('POST', `/api/v1/tokens/${ann.id}/rotate`, {});
    const hers = [
      server.api,
      (await person(undefined, ann.api)).api,
      (await person('Ann@shop.example')).api,
      server.as(bodyOf<{ secret: string }>(rotated).secret),
    ];
    for (const api of hers) {
      expect(await world.command(id, 'approve', {}, api)).toMatchObject({ status: 403, body: { code: 'OWN_RELEASE' } });
    }
    const bob = await person('bob@shop.example');
    expect((await world.command(id, 'approve', {}, bob.api)).status).toBe(200);
    for (const api of [(await person('bob@shop.example')).api, (await person(undefined, bob.api)).api]) {
      expect(await world.command(id, 'approve', {}, api)).toMatchObject({ body: { code: 'APPROVED_ALREADY' } });
    }
    expect((await world.command(id, 'approve', {}, (await person('cem@shop.example')).api)).status).toBe(200);
    expect((await world.read(id)).approvals).toHaveLength(2);
    await world.command(id, 'abort', { reason: 'no' });
  });

  it('see each step once, too', async () => {
    const steps = [{ share: 10_000, gates: [{ kind: 'approval', approvals: 2 }] }, { share: 100_000 }];
    const { id } = releaseOf(await world.release(await world.flag(), await world.policy({ steps })));
    const bob = await person();
    expect((await world.command(id, 'approve', {}, bob.api)).status).toBe(200);
    const another = await person(undefined, bob.api);
    expect(await world.command(id, 'approve', {}, another.api)).toMatchObject({
      status: 409,
      body: { code: 'APPROVED_ALREADY' },
    });
    await world.command(id, 'abort', { reason: 'no' });
  });
});

it('a policy hears of all its problems also where its key is taken, which alone is a conflict', async () => {
  const key = await world.policy(HOLDING);
  const path = '/api/v1/projects/shop/policies';
  const bad = { key, name: 1, parameters: [{ name: 'idle', default: 1 }], document: HOLDING };
  expect(await world.api('POST', path, bad)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/name' }] } });
  expect(await world.api('POST', path, { ...bad, name: 'x' })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/parameters/0', code: 'PARAMETER_UNUSED' }] },
  });
  expect(await world.api('POST', path, { key, name: 'x', document: HOLDING })).toMatchObject({
    status: 409,
    body: { code: 'POLICY_EXISTS' },
  });
});

it('a policy that is edited during a run does not touch it', async () => {
  const policy = await world.policy(HOLDING);
  const release = releaseOf(await world.release(await world.flag(), policy));
  const path = `/api/v1/projects/shop/policies/${policy}`;
  const edited = await world.api('PATCH', path, { document: { steps: [{ share: 100_000 }] } }, { 'if-match': '*' });
  expect(edited).toMatchObject({ status: 200, body: { version: 2 } });
  await world.until(release.id, ({ rollout }) => rollout?.phase === 'watching');
  const after = await world.read(release.id);
  expect(after).toMatchObject({ policyVersion: 1, policy: release.policy, rollout: { share: 10_000, steps: 2 } });
  await world.command(release.id, 'abort', { reason: 'no' });
});

describe('what cannot be done to a release any more', () => {
  it('is refused with what can be', async () => {
    const policy = await world.policy({ steps: [{ share: 100_000 }] });
    const { id } = releaseOf(await world.release(await world.flag(), policy));
    await world.until(id, ({ status }) => status === 'released');
    const wayBack = 'The release is released. To take it back, release what was before it.';
    for (const verb of ['pause', 'abort', 'rollback', 'promote', 'start', 'approve']) {
      const body = ['pause', 'abort', 'rollback'].includes(verb) ? { reason: 'late' } : {};
      expect(await world.command(id, verb, body)).toMatchObject({
        status: 412,
        body: { code: 'RELEASE_STATUS', detail: wayBack },
      });
    }
  });

  it('is refused where nothing has begun, or all is given up', async () => {
    const policy = await world.policy(HOLDING);
    const { id } = releaseOf(await world.release(await world.flag(), policy, { start: false }));
    const detailOf = (answer: Answer) => bodyOf<{ detail: string }>(answer).detail;
    expect(detailOf(await world.command(id, 'resume'))).toBe('The release is a draft. Start it first.');
    await world.command(id, 'abort', { reason: 'no' });
    expect(detailOf(await world.command(id, 'abort', { reason: 'no' }))).toBe(
      'The release is aborted. Starting it begins a new attempt.',
    );
  });
});

describe('what asks for a release', () => {
  it.each<[string, object, number, string]>([
    ['of nothing', { changes: [] }, 400, 'VALIDATION_FAILED'],
    [
      'of a flag that is not there',
      { changes: [{ kind: 'flag', flag: 'nobody', ramp: { variation: 'on' } }] },
      404,
      'FLAG_NOT_FOUND',
    ],
    ['of a service that is not there', { changes: [build('nobody')] }, 404, 'SERVICE_NOT_FOUND'],
    ['under a policy that is not there', { policy: 'nobody' }, 404, 'POLICY_NOT_FOUND'],
    ['with an argument the policy has not', { arguments: { odd: 1 } }, 400, 'VALIDATION_FAILED'],
    ['in an environment that is not there', { environment: 'nowhere' }, 404, 'ENVIRONMENT_NOT_FOUND'],
    ['in a project that is not there', { project: 'nobody' }, 404, 'PROJECT_NOT_FOUND'],
  ])('%s is refused', async (_name, overrides, status, code) => {
    const changes = [{ kind: 'flag', flag: await world.flag(), ramp: { variation: 'on' } }];
    expect(await world.ask({ changes, ...overrides })).toMatchObject({ status, body: { code } });
  });

  it('is refused for builds that are not what was reported, not there, or there already', async () => {
    const service = await aService();
    const ask = (version: string, more: object = {}) =>
      world.ask({ changes: [build(service, version, more)], start: true });
    expect(await ask('v9')).toMatchObject({ status: 404, body: { code: 'VERSION_NOT_FOUND' } });
    expect(await ask('v2', { digest: aDigest('f') })).toMatchObject({
      status: 409,
      body: { code: 'ARTIFACT_DIFFERS' },
    });
    expect(await ask('v1')).toMatchObject({ status: 412, body: { code: 'CANDIDATE_IS_STABLE' } });
  });

  it('hears of every problem at once', async () => {
    const flag = await world.flag();
    const ramped = { kind: 'flag', flag, ramp: { variation: 'on' } };
    const answer = await world.ask({
      changes: [ramped, ramped, { kind: 'flag', flag: 'x' }],
      scheduledAt: '2020-01-01T00:00:00Z',
    });
    expect(answer.status).toBe(400);
    const codes = bodyOf<{ errors: { code: string }[] }>(answer).errors.map(({ code }) => code);
    expect(codes.sort()).toEqual(['CHANGES_NOTHING', 'NAMED_TWICE', 'PAST']);
  });

  it('leaves nothing behind when it is refused', async () => {
    const flag = await world.flag();
    const before = await world.settings(flag);
    await world.ask({ changes: [{ kind: 'flag', flag, ramp: { variation: 'on' } }, build('nobody')], start: true });
    expect(await world.settings(flag)).toEqual(before);
  });
});
