import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { bodyOf, ReleasesWorld } from './releases-world.js';
import { type Answer, startTestServer, type TestServer } from './start-test-server.js';

/** What people do elsewhere while a release ramps. */
let server: TestServer;
let world: ReleasesWorld;

beforeAll(async () => {
  server = await startTestServer({ SLUICE_TICK_SECONDS: '0.2' });
  world = await ReleasesWorld.furnish(server);
});
afterAll(() => server.close());

const HOLDING = { steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] };
const releaseOf = (answer: Answer): ReleaseView => bodyOf(answer);

describe('a flag that is taken over by hand', () => {
  it('comes with all that is put back in one revision of the environment', async () => {
    const [taken, other] = [await world.flag(), await world.flag()];
    const before = await world.settings(other);
    const policy = await world.policy(HOLDING);
    const changes = [taken, other].map((flag) => ({ kind: 'flag', flag, ramp: { variation: 'on' } }));
    const { id } = releaseOf(await world.ask({ changes, policy, start: true }));
    const revision = async (): Promise<number> => {
      const { items } = bodyOf<{ items: { key: string; revision: number }[] }>(
        await world.api('GET', '/api/v1/projects/shop/environments'),
      );
      return items.find(({ key }) => key === 'production')?.revision ?? 0;
    };
    const at = await revision();
    const path = `/api/v1/projects/shop/flags/${taken}/environments/production`;
    expect((await world.api('PATCH', path, { on: false })).status).toBe(200);
    const ended = await world.read(id);
    expect([await revision(), ended.rollout?.revision]).toEqual([at + 1, at + 1]);
    expect(ended.reason).toMatchObject({
      code: 'TAKEN_OVER_BY_HAND',
      sentence: expect.stringMatching(/: switched off by hand\.$/u),
    });
    expect(await world.settings(other)).toEqual(before);
  });
});

describe('a prerequisite that a rollback would put back', () => {
  const path = (flag: string): string => `/api/v1/projects/shop/flags/${flag}`;
  const any = { 'if-match': '*' };

  it('cannot be deleted, nor lose its variation, before the release has ended', async () => {
    const [needed, ramped] = [await world.flag(), await world.flag()];
    const prerequisites = [{ flag: needed, variations: ['on'] }];
    const settings = { on: true, defaultServe: { variation: 'off' }, prerequisites };
    expect((await world.api('PATCH', `${path(ramped)}/environments/production`, settings, any)).status).toBe(200);
    const before = await world.settings(ramped);
    const changes = [{ kind: 'flag', flag: ramped, edit: { prerequisites: [] }, ramp: { variation: 'on' } }];
    const policy = await world.policy(HOLDING);
    const { id } = releaseOf(await world.ask({ changes, policy, start: true }));
    const refused = { status: 409, body: { code: 'FLAG_NEEDED', releaseId: id } };
    const deleted = await world.api('DELETE', path(needed), undefined, any);
    expect(deleted).toMatchObject(refused);
    expect(bodyOf<{ detail: string }>(deleted).detail).toContain('Wait for its end, or abort it first.');
    const offAlone = { variations: [{ key: 'off', value: false }] };
    expect(await world.api('PATCH', path(needed), offAlone, any)).toMatchObject(refused);
    await world.command(id, 'rollback', { reason: 'no' });
    expect(await world.settings(ramped)).toEqual(before);
    const inUse = { status: 409, body: { code: 'FLAG_IN_USE' } };
    expect(await world.api('DELETE', path(needed), undefined, any)).toMatchObject(inUse);
  });
});

describe('a draft of a flag that another release is ramping', () => {
  it.each<[string, object]>([
    ['ramps a variation that is not there', { ramp: { variation: 'nowhere' } }],
    ['serves a variation that is not there', { edit: { defaultServe: { variation: 'nowhere' } } }],
    ['names a flag that is not there', { edit: { prerequisites: [{ flag: 'nobody', variations: ['on'] }] } }],
  ])('is refused when it %s', async (_what, wanted) => {
    const flag = await world.flag();
    const policy = await world.policy({ ...HOLDING, onNewer: 'queue' });
    const draft = (start: boolean): Promise<Answer> =>
      world.ask({ changes: [{ kind: 'flag', flag, ...wanted }], policy, start });
    const unramped = await draft(false);
    const { id } = releaseOf(await world.release(flag, policy));
    expect([unramped.status, (await draft(false)).status, (await draft(true)).status]).toEqual([400, 400, 400]);
    await world.command(id, 'abort', { reason: 'done' });
  });
});
