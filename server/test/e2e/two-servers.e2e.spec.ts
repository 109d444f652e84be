import { createHash } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { ReleaseView } from '../../src/releases/release-view.js';
import { replayBundle, type VerdictBundle } from '../../src/rollouts/replay.js';
import { ADMIN, KillableServer } from '../clients/killable-server.js';
import { createDatabase } from '../contracts/databases.js';
import { type Arms, bodyOf, ReleasesWorld } from './releases-world.js';
import { type Answer, type Api, callerOf } from './start-test-server.js';

// Starts of whole servers, beside other suites on few cores.
jest.setTimeout(240_000);

const SECOND = 20_000;
const STEPS = [5_000, SECOND, 50_000, 100_000];
const metrics = [{ kind: 'failures', name: 'failures' }];
const good: Arms = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 1 } };
const harm: Arms = { stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 60 } };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What the store has of a rollout and of the flags that it moves, at one moment. */
interface Stored {
  readonly version: number;
  readonly tick: number;
  readonly status: string;
  readonly share: number;
  readonly serves: readonly unknown[];
}

/** Two servers on one PostgreSQL and one Redis, as a deployment of two replicas. */
function describeTwoServers(databaseServer: string, redisUrl: string): void {
  let database: { readonly url: string; readonly drop: () => Promise<void> };
  let store: pg.Client;
  let a: KillableServer;
  let b: KillableServer;
  let onA: ReleasesWorld;
  let apiOfB: Api;

  const start = (): Promise<KillableServer> =>
    KillableServer.start('memory://', undefined, {
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl,
      SLUICE_TICK_SECONDS: '0.2',
    });
  beforeEach(async () => {
    database = await createDatabase(databaseServer);
    store = new pg.Client({ connectionString: database.url });
    await store.connect();
    // At once, as replicas do: one of them migrates.
    [a, b] = await Promise.all([start(), start()]);
    const as = (token: string | undefined): Api => callerOf(a.url, token);
    onA = await ReleasesWorld.furnish({ api: as(ADMIN), as });
    apiOfB = callerOf(b.url, ADMIN);
  });
  afterEach(async () => {
    await Promise.all([a.kill(), b.kill()]);
    await store.end();
    await database.drop();
  });

  const readOnB = async (id: string): Promise<ReleaseView> =>
    bodyOf<ReleaseView>(await apiOfB('GET', `/api/v1/releases/${id}`));
  /** Asks the second server until nothing more happens to a release by itself. */
  const waitOnB = async (id: string): Promise<ReleaseView> => {
    for (;;) {
      const release = bodyOf<ReleaseView>(await apiOfB('GET', `/api/v1/releases/${id}/wait?timeoutMs=10000`));
      if (release.rollout?.status !== 'running') return release;
    }
  };
  const stored = async (rolloutId: string): Promise<Stored> => {
    const { rows } = await store.query<Stored>(
      `SELECT rollout.version, (ramp ->> 'tick')::int AS tick, rollout.status, (ramp ->> 'share')::int AS share,
        (SELECT json_agg(default_serve) FROM flag_settings WHERE environment_id = rollout.environment_id AND flag_id IN
          (SELECT (target ->> 'flagId')::uuid FROM jsonb_array_elements(rollout.targets) AS target)) AS serves
      FROM rollout WHERE id = $1`,
      [rolloutId],
    );
    if (rows[0] === undefined) throw new Error('The rollout is gone.');
    return rows[0];
  };
  const expectAllMoved = ({ serves, share, status }: Stored): void => {
    expect(serves).toEqual([expect.anything(), serves[0]]);
    if (status !== 'running' || share === 100_000) return;
    expect(serves[0]).toMatchObject({ split: { shares: [{ variation: 'on', share }, { variation: 'off' }] } });
  };
  const bundleOnB = async (id: string): Promise<VerdictBundle> =>
    bodyOf<VerdictBundle>(await apiOfB('GET', `/api/v1/releases/${id}/verdict`));
  const actionsOf = async (id: string): Promise<readonly { readonly action: string; readonly share?: number }[]> => {
    const { rows } = await store.query<{ action: string; share: number | null }>(
      `SELECT action, ("after" ->> 'share')::int AS share FROM audit_entry WHERE subject = $1 ORDER BY sequence`,
      [`release/${id}`],
    );
    return rows.map(({ action, share }) => (share === null ? { action } : { action, share }));
  };

  /** Every tick was made by one server: it raised tick and version by one, and counted what was new to it, once. */
  async function expectEachTickOnce(release: ReleaseView, arms: Arms): Promise<void> {
    const rolloutId = release.rollout?.id ?? '';
    const { version, tick } = await stored(rolloutId);
    expect(version - 1).toBe(tick);
    const bundle = await bundleOnB(release.id);
    const ticks = bundle.ticks.map((each) => each.tick);
    expect(ticks).toEqual([...new Set(ticks)].sort((x, y) => x - y));
    const counts = bundle.ticks.flatMap(({ body }) => body.counts);
    for (const flag of new Set(counts.map(({ subject }) => subject))) {
      const own = counts.filter(({ subject }) => subject === flag);
      const sumOf = (field: 'stableUnits' | 'candidateUnits' | 'stableBad' | 'candidateBad'): number =>
        own.reduce((sum, each) => sum + each[field], 0);
      expect([sumOf('stableUnits'), sumOf('stableBad')]).toEqual([arms.stable.units, arms.stable.bad]);
      expect([sumOf('candidateUnits'), sumOf('candidateBad')]).toEqual([arms.candidate.units, arms.candidate.bad]);
    }
    // A verdict is on record when it changes: the same one twice in a row would be of two who judged the same.
    const states = bundle.verdicts.map(({ state }) => state);
    expect(states.filter((state, index) => state === states[index - 1])).toEqual([]);
    expect(states.length).toBeGreaterThan(0);
    expect(replayBundle(bundle, sha256)).toMatchObject({ isSame: true, differences: [] });
    expect((await apiOfB('GET', '/api/v1/audit/verify')).body).toMatchObject({ isIntact: true });
  }

  async function aRamp(steps: readonly object[]): Promise<{ release: ReleaseView; flags: readonly string[] }> {
    const flags = [await onA.flag(), await onA.flag()];
    const policy = await onA.policy({ steps, metrics });
    const changes = flags.map((flag) => ({ kind: 'flag', flag, ramp: { variation: 'on' } }));
    const release = bodyOf<ReleaseView>(await onA.ask({ changes, policy, start: true }));
    return { release, flags };
  }

  it('one carries to its end what the other began and was killed over, each step once, all flags together', async () => {
    const { release, flags } = await aRamp(STEPS.map((share) => ({ share, holdSeconds: 1 })));
    const rolloutId = release.rollout?.id ?? '';
    expect(await readOnB(release.id)).toMatchObject({ id: release.id, status: 'running', attempt: 1 });
    const waited = waitOnB(release.id);
    for (const flag of flags) await onA.report(release, `flag/${flag}`, good);

    let seen = await stored(rolloutId);
    let isKilled = false;
    for (; seen.status === 'running'; seen = await stored(rolloutId)) {
      expectAllMoved(seen);
      // At the second step, or a later one where the machine was too busy to look.
      if (!isKilled && seen.share >= SECOND) {
        await a.kill();
        isKilled = true;
      }
      await later(5);
    }
    expectAllMoved(seen);
    expect(isKilled).toBe(true);

    const released = await waited;
    expect(released).toMatchObject({ status: 'released', attempt: 1, reason: { code: 'PROMOTED_ON_EVIDENCE' } });
    expect(released.rollout).toMatchObject({ status: 'released', share: 100_000, id: rolloutId });
    for (const flag of flags) {
      const path = `/api/v1/projects/shop/flags/${flag}/environments/production`;
      expect((await apiOfB('GET', path)).body).toMatchObject({ on: true, defaultServe: { variation: 'on' } });
    }
    const raised = (await actionsOf(release.id)).filter(({ action }) => action === 'release.advanced');
    expect(raised.map(({ share }) => share)).toEqual(STEPS.slice(1));
    await expectEachTickOnce(released, good);
  });

  it('one rolls back, once, on what the other was told before it was killed', async () => {
    const { release, flags } = await aRamp([{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }]);
    for (const flag of flags) expect((await onA.report(release, `flag/${flag}`, harm)).status).toBe(202);
    await a.kill();
    const rolled = await waitOnB(release.id);
    expect(rolled).toMatchObject({ status: 'rolledBack', reason: { code: 'EVIDENCE_BAD' } });
    const { serves } = await stored(release.rollout?.id ?? '');
    expect(serves[0]).toEqual(serves[1]);
    for (const flag of flags) {
      const path = `/api/v1/projects/shop/flags/${flag}/environments/production`;
      expect((await apiOfB('GET', path)).body).toMatchObject({ on: false });
    }
    const ends = (await actionsOf(release.id)).filter(({ action }) => /rolledBack|ended|advanced/u.test(action));
    expect(ends).toHaveLength(1);
    await expectEachTickOnce(rolled, harm);
  });

  it('flags and releases that are made at once, through both, all come to be', async () => {
    const policy = await onA.policy({ steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }] });
    const ready: string[] = [];
    for (let made = 0; made < 16; made += 1) ready.push(await onA.flag());
    const apis = [callerOf(a.url, ADMIN), apiOfB];
    const post = async (index: number, path: string, body: object): Promise<Answer> => {
      const answer = await (apis[index % 2] ?? apiOfB)('POST', `/api/v1${path}`, body);
      // Nothing was done: the store had no turn for it in time, which is said so that callers ask again.
      const { code } = answer.body as { readonly code?: string };
      return code === 'STORE_BUSY' ? post(index, path, body) : answer;
    };
    const answers = await Promise.all(
      ready.flatMap((flag, index) => [
        post(index, '/projects/shop/flags', { key: `at-once-${index}`, type: 'boolean' }),
        post(index + 1, '/releases', {
          project: 'shop',
          environment: 'production',
          changes: [{ kind: 'flag', flag, ramp: { variation: 'on' } }],
          policy,
          start: true,
        }),
      ]),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  });
}

describe('Two servers', () => {
  const databaseServer = process.env['TEST_DATABASE_URL'] ?? '';
  const redisUrl = process.env['TEST_REDIS_URL'] ?? '';
  if (databaseServer !== '' && redisUrl !== '') describeTwoServers(databaseServer, redisUrl);
  else it.skip('are skipped: TEST_DATABASE_URL or TEST_REDIS_URL is not set', () => undefined);
});
