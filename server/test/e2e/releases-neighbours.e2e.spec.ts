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
