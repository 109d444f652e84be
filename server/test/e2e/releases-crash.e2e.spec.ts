import { rm } from 'node:fs/promises';
import { setTimeout as later } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { ADMIN, KillableServer } from '../clients/killable-server.js';
import { makeDataDir } from '../contracts/in-folder.js';
import { type Arms, bodyOf, ReleasesWorld } from './releases-world.js';
import { callerOf } from './start-test-server.js';

// Starts of whole servers, beside other suites on few cores.
jest.setTimeout(240_000);

const STEPS = [5_000, 20_000, 50_000, 100_000];
const good: Arms = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 1 } };
const harm: Arms = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 60 } };

let dataDir: string;
let server: KillableServer;
let world: ReleasesWorld;

const start = (port?: string): Promise<KillableServer> =>
  KillableServer.start(dataDir, port, { SLUICE_TICK_SECONDS: '0.2' });

beforeEach(async () => {
  dataDir = await makeDataDir();
  server = await start();
  const as = (token: string | undefined) => callerOf(server.url, token);
  world = await ReleasesWorld.furnish({ api: as(ADMIN), as });
});
afterEach(async () => {
  await server.kill();
  await rm(dataDir, { recursive: true, force: true });
});

/** Kills the server as a power cut does, and starts another where it was. */
async function killAndStart(): Promise<void> {
  const { port } = new URL(server.url);
  await server.kill();
  server = await start(port);
}

async function expectWhole({ id, rollout }: ReleaseView, flag: string): Promise<void> {
  expect(bodyOf<object>(await world.api('GET', '/api/v1/audit/verify'))).toMatchObject({ isIntact: true });
  const candidate = { variation: 'on', share: rollout?.share };
  const settings = await world.settings(flag);
  // What the ramp had before and has after, it had while the settings were read.
  const now = await world.read(id);
  if (now.rollout?.share !== rollout?.share || rollout?.status !== 'running' || rollout.share === 100_000) return;
  expect(settings).toMatchObject({
    defaultServe: { split: { shares: [candidate, { variation: 'off' }] } },
  });
}

it('a ramp goes on after every kill, from where it was, until everybody has the candidate', async () => {
  const flag = await world.flag();
  const policy = await world.policy({
    steps: STEPS.map((share) => ({ share, holdSeconds: 1 })),
    metrics: [{ kind: 'failures', name: 'failures' }],
  });
  const { id } = (await world.release(flag, policy)).body as ReleaseView;
  await world.report(await world.read(id), `flag/${flag}`, good);
  const kills = 4;
  let highest = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    // At another moment of the tick each time.
    await later(120 * kill + 37);
    await killAndStart();
    const release = await world.read(id);
    await expectWhole(release, flag);
    expect(release).toMatchObject({ attempt: 1 });
    expect(['running', 'holding', 'released']).toContain(release.status);
    expect(release.rollout?.share).toBeGreaterThanOrEqual(highest);
    highest = release.rollout?.share ?? 0;
  }
  const released = await world.until(id, ({ status }) => status === 'released');
  expect(released).toMatchObject({ attempt: 1, reason: { code: 'PROMOTED_ON_EVIDENCE' } });
  expect(await world.settings(flag)).toMatchObject({ on: true, defaultServe: { variation: 'on' } });
  const audit = bodyOf<{ items: { action: string; after?: { share?: number } }[] }>(
    await world.api('GET', '/api/v1/audit?limit=200'),
  );
  const raised = audit.items.filter(({ action }) => action === 'release.advanced').map(({ after }) => after?.share);
  // Every step once, in order, though the newest is listed first.
  expect(raised.reverse()).toEqual(STEPS.slice(1));
});

it('a pause outlives the server, and so does what speaks against the candidate', async () => {
  const flag = await world.flag();
  const before = await world.settings(flag);
  const steps = [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }];
  const policy = await world.policy({ steps, metrics: [{ kind: 'failures', name: 'failures' }] });
  const release = (await world.release(flag, policy)).body as ReleaseView;
  await world.command(release.id, 'pause', { reason: 'lunch' });
  await killAndStart();
  expect(await world.read(release.id)).toMatchObject({ status: 'holding', reason: { code: 'PAUSED' } });
  // Taken in and acknowledged; whether it was judged before the kill or after is all the same.
  expect((await world.report(release, `flag/${flag}`, harm)).status).toBe(202);
  await killAndStart();
  const rolled = await world.until(release.id, ({ status }) => status === 'rolledBack');
  expect(rolled.reason.code).toBe('EVIDENCE_BAD');
  expect(await world.settings(flag)).toEqual(before);
});
