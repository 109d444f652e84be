import { describe, expect, it } from '@jest/globals';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import type { Release } from '../../src/releases/release.js';
import { ReleasesRepository } from '../../src/releases/releases.repository.js';
import { startCount } from '../../src/rollouts/judge-count.js';
import type { Observation } from '../../src/rollouts/observation.js';
import type { Rollout, RolloutStatus } from '../../src/rollouts/rollout.js';
import { RolloutsRepository, type VerdictRecord, type WaitRecord } from '../../src/rollouts/rollouts.repository.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { aFlagTarget, aRamp, aRelease, aRollout, aServiceTarget } from '../builders/a-rollout.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const ODD_TEXT = 'Füße 店 🛒 \u202e"\'\\ \u007f\ufffd';
const at = new Date('2026-01-01T00:01:00.000Z');
const seen: Observation = {
  counts: [],
  means: [],
  shares: [{ subject: 'flag/new-cart', stable: 3, candidate: 1 }],
  queries: [],
  ramp: { stepIndex: 0, share: 10_000, phase: 'watching', since: null, instances: 1 },
};
const OVER = /the attempt is over/u;
const BAD_STANDS = /a bad verdict stands/u;
const APPEND_ONLY = /verdict is append-only/u;
const ENDED: readonly RolloutStatus[] = ['released', 'rolledBack', 'aborted', 'superseded'];

/** What the repository of rollouts, and the store's own fences behind it, promise on every database. */
export function describeRollouts(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const rollouts = new RolloutsRepository();
  const releases = new ReleasesRepository();

  /** A release with its first attempt, in an environment of their own. */
  async function begin(overrides: Partial<Rollout> = {}): Promise<{ release: Release; rollout: Rollout }> {
    const project = aProject({ id: ids.next(), key: `p${ids.next().slice(-12)}` });
    const environment = anEnvironment({ id: ids.next(), projectId: project.id });
    const place = { projectId: project.id, environmentId: environment.id };
    const release = aRelease({ id: ids.next(), ...place });
    const rollout = aRollout({ id: ids.next(), releaseId: release.id, ...place, ...overrides });
    await store.run(async (tx) => {
      await new ProjectsRepository().insert(tx, project);
      await new EnvironmentsRepository().insert(tx, environment);
      await releases.insert(tx, release);
      await rollouts.insert(tx, rollout);
    });
    return { release, rollout };
  }
  const verdictOf = ({ id }: Rollout, overrides: Partial<VerdictRecord> = {}): VerdictRecord => {
    return { rolloutId: id, tick: 1, at, state: 'pass', stepIndex: 0, share: 10_000, metrics: [], ...overrides };
  };
  const judge = (rollout: Rollout, overrides: Partial<VerdictRecord> = {}) =>
    store.run((tx) => rollouts.insertVerdict(tx, verdictOf(rollout, overrides)));
  const observe = ({ id }: Rollout, tick = 1) =>
    store.run((tx) => rollouts.insertObservation(tx, { rolloutId: id, tick, at, body: seen }));
  const end = (rollout: Rollout, status: RolloutStatus) =>
    store.run((tx) => rollouts.save(tx, { ...rollout, status, finishedAt: at }));
  const find = ({ id }: Rollout) => store.run((tx) => rollouts.find(tx, id));
  const sql = (text: string, ...values: readonly unknown[]) => store.database.client.$executeRawUnsafe(text, ...values);

  it('gives back a rollout as it was stored', async () => {
    const evidence = {
      before: { a: { minutes: 2, sum: 3, sumSquares: 5 } },
      counts: {
        'flag/new-cart failures': startCount({
          kind: 'failures',
          name: 'failures',
          count: 'units',
          margin: 0.1,
          require: 'nonInferior',
          dryRun: false,
        }),
      },
      shares: {},
      queries: {},
      state: 'inconclusive',
      results: [
        { metric: 'm', subject: ODD_TEXT, state: 'error', dryRun: true, isComparable: false, sentence: ODD_TEXT },
      ],
    } as const;
    const paused = { by: ODD_TEXT, reason: ODD_TEXT, at: at.toISOString() };
    const { rollout } = await begin({
      targets: [aFlagTarget({ ramp: null }), aServiceTarget()],
      ramp: aRamp({ paused, openGates: [1] }),
      evidence,
      finishedAt: null,
    });
    expect(await find(rollout)).toEqual(rollout);
    expect(await store.run((tx) => rollouts.findAttempt(tx, rollout.releaseId, 1))).toEqual(rollout);
    expect(await store.run((tx) => rollouts.findAttempt(tx, rollout.releaseId, 2))).toBeNull();
    expect(await store.run((tx) => rollouts.requireRunning(tx, rollout.releaseId))).toEqual(rollout);
    expect(await store.run((tx) => rollouts.listRunning(tx, rollout.environmentId))).toEqual([rollout]);
    const elsewhere = (await begin()).rollout;
    const both = await store.run((tx) =>
      rollouts.listRunningIn(tx, [rollout.environmentId, ids.next(), elsewhere.environmentId]),
    );
    expect(both.map(({ id }) => id).toSorted()).toEqual([rollout.id, elsewhere.id].toSorted());
    expect(await store.run((tx) => rollouts.listRunningOfProject(tx, rollout.projectId))).toEqual([rollout]);
    expect(await store.run((tx) => rollouts.find(tx, ids.next()))).toBeNull();
  });

  it('lists what is due, those that wait longest first, and nothing that is over', async () => {
    const early = (minute: number) => new Date(Date.UTC(2000, 0, 1, 0, minute));
    const second = (await begin({ nextTickAt: early(2) })).rollout;
    const first = (await begin({ nextTickAt: early(1) })).rollout;
    const over = (await begin({ nextTickAt: early(0) })).rollout;
    await end(over, 'aborted');
    const due = (now: Date, limit = 10) =>
      store.run(async (tx) => (await rollouts.listDue(tx, now, limit)).map(({ id }) => id));
    expect(await due(early(2))).toEqual([first.id, second.id]);
    expect(await due(early(2), 1)).toEqual([first.id]);
    expect(await due(early(1))).toEqual([first.id]);
    await Promise.all([first, second].map((each) => end(each, 'aborted')));
  });

  it('saves over the version it was made from alone, and never policy or place', async () => {
    const { rollout } = await begin();
    const moved = { ...rollout, ramp: aRamp({ share: 50_000 }), policy: { ...rollout.policy, alpha: 0.2 } };
    const after = await store.run((tx) => rollouts.save(tx, moved));
    expect(after.version).toBe(2);
    expect(await find(rollout)).toEqual({ ...after, policy: rollout.policy });
    await expect(store.run((tx) => rollouts.save(tx, moved))).rejects.toMatchObject({
      kind: 'conflict',
      code: 'ROLLOUT_MOVED',
    });
  });

  it('locks what is as it was read, and nothing else', async () => {
    const { rollout } = await begin();
    const lock = (version: number) => store.run((tx) => rollouts.lock(tx, { ...rollout, version }));
    await lock(1);
    await expect(lock(2)).rejects.toMatchObject({ code: 'ROLLOUT_MOVED' });
    await end(rollout, 'aborted');
    await expect(lock(2)).rejects.toMatchObject({ code: 'ROLLOUT_MOVED' });
  });

  it('lets one of many that saw the same move it', async () => {
    const { rollout } = await begin();
    const move = (share: number) =>
      store.run(async (tx) => {
        await rollouts.lock(tx, rollout);
        return rollouts.save(tx, { ...rollout, ramp: aRamp({ share }) });
      });
    const moves = await Promise.allSettled([1, 2, 3, 4].map(move));
    expect(moves.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await find(rollout))?.version).toBe(2);
  });

  it('holds all that runs in an environment while its holder works', async () => {
    const { rollout } = await begin();
    let move: Promise<unknown> = Promise.resolve();
    const held = await store.run(async (tx) => {
      await rollouts.lockRunning(tx, rollout.environmentId);
      move = store
        .run((other) => rollouts.save(other, { ...rollout, ramp: aRamp({ share: 1 }) }))
        .catch((error: unknown) => error);
      return rollouts.save(tx, { ...rollout, ramp: aRamp({ share: 2 }) });
    });
    expect(await move).toMatchObject({ code: 'ROLLOUT_MOVED' });
    expect((await find(rollout))?.ramp).toEqual(held.ramp);
  });

  describe('many ticks that moved nothing', () => {
    const ramp = aRamp({ tick: 1, reason: { code: 'WATCHING', sentence: ODD_TEXT } });
    const nextTickAt = new Date('2026-01-01T00:01:10.123Z');
    const waitOf = (rollout: Rollout, more: Partial<WaitRecord> = {}): WaitRecord => {
      return { rollout: { ...rollout, ramp, nextTickAt }, evidence: undefined, observation: undefined, ...more };
    };
    const saveAll = (...waits: readonly WaitRecord[]) => store.run((tx) => rollouts.saveWaits(tx, waits));

    it('are stored together, each with what it measured and what that came to, where there is any', async () => {
      const [a, b] = [(await begin()).rollout, (await begin()).rollout];
      const evidence = { ...a.evidence, state: 'inconclusive', results: [] } as const;
      const observation = { rolloutId: a.id, tick: 1, at, body: seen };
      expect(await saveAll(waitOf(a, { evidence, observation }), waitOf(b))).toEqual(new Set([a.id, b.id]));
      expect(await find(a)).toEqual({ ...a, ramp, evidence, nextTickAt, version: 2 });
      expect(await find(b)).toEqual({ ...b, ramp, nextTickAt, version: 2 });
      expect(await store.run((tx) => rollouts.listObservations(tx, a.id))).toEqual([observation]);
      expect(await store.run((tx) => rollouts.listObservations(tx, b.id))).toEqual([]);
    });

    it('are stored for those alone that are as they were read', async () => {
      const [same, moved, over] = [await begin(), await begin(), await begin()].map(({ rollout }) => rollout);
      if (!same || !moved || !over) throw new Error('Three were begun.');
      await store.run((tx) => rollouts.save(tx, { ...moved, ramp: aRamp({ share: 2 }) }));
      await end(over, 'aborted');
      const before = [await find(moved), await find(over)];
      const observation = { rolloutId: moved.id, tick: 1, at, body: seen };
      const gone = aRollout({ id: ids.next() });
      const saved = await saveAll(waitOf(moved, { observation }), ...[over, same, gone].map((each) => waitOf(each)));
      expect(saved).toEqual(new Set([same.id]));
      expect([await find(moved), await find(over)]).toEqual(before);
      expect(await store.run((tx) => rollouts.listObservations(tx, moved.id))).toEqual([]);
    });

    it('wait for nobody who holds one of them, and hold nobody up for it', async () => {
      const [free, held] = [(await begin()).rollout, (await begin()).rollout];
      let saving: Promise<ReadonlySet<string>> = Promise.resolve(new Set());
      await store.run(async (tx) => {
        await rollouts.lock(tx, held);
        saving = saveAll(waitOf(free), waitOf(held));
        // The one connection of PGlite lets nobody in before this has ended, and then nobody holds anything.
        if (store.database.kind === 'postgresql') expect(await saving).toEqual(new Set([free.id]));
      });
      expect((await saving).has(free.id)).toBe(true);
    });
  });

  it('finds the attempts that releases are at, and all of them in short', async () => {
    const [{ rollout: one }, { rollout: other }] = [await begin(), await begin()];
    const at = [one, other].map(({ releaseId }) => ({ releaseId, attempt: 1 }));
    const asked = [...at, { releaseId: one.releaseId, attempt: 2 }];
    const found = await store.run((tx) => rollouts.listAttempts(tx, asked));
    expect(new Map(found.map((each) => [each.id, each]))).toEqual(new Map([one, other].map((each) => [each.id, each])));
    expect(await store.run((tx) => rollouts.listAttempts(tx, []))).toEqual([]);
    const { id, releaseId, attempt, status, startedAt, finishedAt, policy, ramp } = one;
    expect(await store.run((tx) => rollouts.listAllAttempts(tx, [releaseId]))).toEqual([
      { id, releaseId, attempt, status, startedAt, finishedAt, policy, ramp },
    ]);
  });

  it('tells what was judged last of what runs or ended of late, the newest first', async () => {
    const [{ rollout: one }, { rollout: other }, { rollout: silent }] = [await begin(), await begin(), await begin()];
    const later = new Date(at.getTime() + 1_000);
    await judge(one);
    await judge(one, { tick: 2, at: later, state: 'inconclusive', share: 50_000 });
    await judge(other);
    const environments = [one, other, silent].map(({ environmentId }) => environmentId);
    const list = (endedSince: Date, limit = 10) =>
      store.run(async (tx) => {
        const found = await rollouts.listLatestVerdicts(tx, environments, { endedSince, limit });
        return found.map((each) => [each.rolloutId, each.releaseId, each.tick, each.state, each.share, each.at]);
      });
    const newest = [one.id, one.releaseId, 2, 'inconclusive', 50_000, later];
    expect(await list(at)).toEqual([newest, [other.id, other.releaseId, 1, 'pass', 10_000, at]]);
    expect(await list(at, 1)).toEqual([newest]);
    await end(other, 'released');
    expect(await list(at)).toHaveLength(2);
    expect(await list(later)).toEqual([newest]);
  });

  it('gives back what was measured behind a tick, and last', async () => {
    const { rollout } = await begin();
    const ticks = async (tick: number, limit: number) =>
      (await store.run((tx) => rollouts.listObservationsAfter(tx, rollout.id, { tick, limit }))).map(
        (each) => each.tick,
      );
    expect(await store.run((tx) => rollouts.lastObservation(tx, rollout.id))).toBeNull();
    for (const tick of [3, 1, 2]) await observe(rollout, tick);
    expect(await ticks(0, 2)).toEqual([1, 2]);
    expect(await ticks(2, 2)).toEqual([3]);
    expect(await store.run((tx) => rollouts.lastObservation(tx, rollout.id))).toEqual({
      ...{ rolloutId: rollout.id, tick: 3, at, body: seen },
    });
  });

  it('gives back verdicts and observations in the order of their ticks', async () => {
    const { rollout } = await begin();
    const metrics = [
      { metric: 'm', subject: 's', state: 'pass', dryRun: false, isComparable: true, sentence: ODD_TEXT },
    ] as const;
    await judge(rollout, { tick: 12, state: 'fail', metrics }).catch(() => undefined);
    const { rollout: other } = await begin();
    await judge(other, { tick: 2, state: 'inconclusive', metrics });
    await judge(other, { tick: 10 });
    await observe(other, 3);
    await observe(other, 11);
    const verdicts = await store.run((tx) => rollouts.listVerdicts(tx, other.id));
    expect(verdicts).toEqual([
      verdictOf(other, { tick: 2, state: 'inconclusive', metrics }),
      verdictOf(other, { tick: 10 }),
    ]);
    const observations = await store.run((tx) => rollouts.listObservations(tx, other.id));
    expect(observations.map(({ tick, body }) => [tick, body])).toEqual([
      [3, seen],
      [11, seen],
    ]);
    await expect(judge(other, { tick: 10 })).rejects.toThrow(/Unique constraint/u);
  });

  describe('the fences of the store', () => {
    it.each(ENDED)('take no verdict and no observation of an attempt that was %s', async (status) => {
      const { rollout } = await begin();
      await end(rollout, status);
      await expect(judge(rollout)).rejects.toThrow(OVER);
      await expect(observe(rollout)).rejects.toThrow(OVER);
    });

    it('take none of an attempt that its release has left behind, running or not', async () => {
      const { release, rollout } = await begin();
      await store.run((tx) => releases.save(tx, { ...release, attempt: 2 }));
      await expect(judge(rollout)).rejects.toThrow(OVER);
      await expect(observe(rollout)).rejects.toThrow(OVER);
      const next = aRollout({ ...rollout, id: ids.next(), attempt: 2 });
      await store.run((tx) => rollouts.insert(tx, next));
      await judge(next);
      await expect(judge(rollout)).rejects.toThrow(OVER);
    });

    it('take none after a bad one', async () => {
      const { rollout } = await begin();
      await judge(rollout, { tick: 3, state: 'fail' });
      await expect(judge(rollout, { tick: 4, state: 'pass' })).rejects.toThrow(BAD_STANDS);
      await expect(observe(rollout, 4)).rejects.toThrow(BAD_STANDS);
    });

    it('take none of a rollout that is not there', async () => {
      await expect(judge(aRollout({ id: ids.next() }))).rejects.toThrow(OVER);
    });

    it('let nobody change or take away a verdict, by whatever statement', async () => {
      const { rollout } = await begin();
      await judge(rollout, { state: 'inconclusive' });
      const statements = [
        `UPDATE verdict SET state = 'pass' WHERE rollout_id = '${rollout.id}'`,
        `UPDATE verdict SET metrics = '[]' WHERE rollout_id = '${rollout.id}'`,
        `DELETE FROM verdict WHERE rollout_id = '${rollout.id}'`,
        'TRUNCATE verdict',
        'TRUNCATE rollout CASCADE',
        `INSERT INTO verdict SELECT * FROM verdict WHERE rollout_id = '${rollout.id}'
          ON CONFLICT (rollout_id, tick) DO UPDATE SET state = 'pass'`,
      ];
      for (const statement of statements) await expect(sql(statement)).rejects.toThrow(APPEND_ONLY);
      await expect(sql(`DELETE FROM rollout WHERE id = '${rollout.id}'`)).rejects.toThrow();
      expect(await store.run((tx) => rollouts.lastVerdict(tx, rollout.id))).toMatchObject({ state: 'inconclusive' });
    });

    const takeAway = async ({ id, releaseId }: Rollout): Promise<void> => {
      await sql(`DELETE FROM rollout_observation WHERE rollout_id = '${id}'`);
      await sql(`DELETE FROM rollout WHERE id = '${id}'`);
      await sql(`DELETE FROM release WHERE id = '${releaseId}'`);
    };
    const takeReleaseAway = ({ releaseId }: Rollout) => sql(`DELETE FROM release WHERE id = '${releaseId}'`);

    it('let nobody take away an attempt that runs: what it moved would stay where it is', async () => {
      const { rollout } = await begin();
      await expect(takeAway(rollout)).rejects.toThrow(/the attempt is running/u);
      await expect(takeReleaseAway(rollout)).rejects.toThrow(/attempts that run or were judged/u);
      expect(await find(rollout)).toEqual(rollout);
    });

    it('let nobody take away an attempt that was judged, nor its release, when all else of it is forgotten', async () => {
      const { rollout } = await begin();
      await judge(rollout);
      await observe(rollout);
      const ended = await end(rollout, 'released');
      const later = new Date(at.getTime() + 1);
      while ((await store.run((tx) => rollouts.forgetObservations(tx, later, 5))) > 0);
      expect(await store.run((tx) => rollouts.listObservations(tx, rollout.id))).toEqual([]);
      await expect(takeAway(rollout)).rejects.toThrow(/the attempt was judged/u);
      await expect(takeReleaseAway(rollout)).rejects.toThrow(/attempts that run or were judged/u);
      expect(await find(rollout)).toEqual(ended);
      expect(await store.run((tx) => rollouts.listVerdicts(tx, rollout.id))).toEqual([verdictOf(rollout)]);
    });

    it('let go of an attempt that ended before it was judged', async () => {
      const { rollout } = await begin();
      await observe(rollout);
      await end(rollout, 'aborted');
      await takeAway(rollout);
      expect(await find(rollout)).toBeNull();
    });

    it.each(ENDED)('never change an attempt that was %s', async (status) => {
      const { rollout } = await begin();
      await end(rollout, status);
      const before = await find(rollout);
      const changes = ["status = 'running'", "status = 'released'", "ramp = '{}'", 'version = 1', 'finished_at = NULL'];
      for (const change of changes) {
        await expect(sql(`UPDATE rollout SET ${change} WHERE id = '${rollout.id}'`)).rejects.toThrow(OVER);
      }
      expect(await find(rollout)).toEqual(before);
    });

    it('never release an attempt with a bad verdict, and let it be rolled back', async () => {
      const { rollout } = await begin();
      await judge(rollout, { state: 'fail' });
      await expect(end(rollout, 'released')).rejects.toThrow(BAD_STANDS);
      await expect(sql(`UPDATE rollout SET status = 'released' WHERE id = '${rollout.id}'`)).rejects.toThrow(
        BAD_STANDS,
      );
      expect((await end(rollout, 'rolledBack')).status).toBe('rolledBack');
    });

    it('have one attempt of a number', async () => {
      const { rollout } = await begin();
      const twin = { ...rollout, id: ids.next() };
      await expect(store.run((tx) => rollouts.insert(tx, twin))).rejects.toThrow(/Unique constraint/u);
    });
  });
}
