import { expect, it } from '@jest/globals';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { ReleasesRepository } from '../../src/releases/releases.repository.js';
import { BackTestsRepository } from '../../src/rollouts/back-tests.repository.js';
import type { Observation } from '../../src/rollouts/observation.js';
import type { Rollout, RolloutStatus } from '../../src/rollouts/rollout.js';
import { RolloutsRepository } from '../../src/rollouts/rollouts.repository.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { aRelease, aRollout } from '../builders/a-rollout.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const seen = (candidateBad: number): Observation => ({
  counts: [
    {
      subject: 'flag/new-cart',
      metric: 'failures',
      stableUnits: 9,
      candidateUnits: 4,
      stableBad: 1,
      candidateBad,
      phi: 1.5,
    },
  ],
  means: [],
  shares: [],
  queries: [],
  ramp: { stepIndex: 0, share: 10_000, phase: 'watching', since: null, instances: 1 },
});

/** What back-tests read of finished rollouts, on every database. */
export function describeBackTests(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const rollouts = new RolloutsRepository();
  const records = new BackTestsRepository();

  /** A project with two environments. */
  async function place() {
    const project = aProject({ id: ids.next(), key: `p${ids.next().slice(-12)}` });
    const [production, staging] = ['production', 'staging'].map((key) =>
      anEnvironment({ id: ids.next(), projectId: project.id, key }),
    );
    if (production === undefined || staging === undefined) throw new Error('There are two.');
    await store.run(async (tx) => {
      await new ProjectsRepository().insert(tx, project);
      for (const each of [production, staging]) await new EnvironmentsRepository().insert(tx, each);
    });
    return { projectId: project.id, production: production.id, staging: staging.id };
  }

  /** A rollout that measured so many ticks, and ended at a minute; it goes on running where that is undefined. */
  async function record(
    where: { readonly projectId: string; readonly environmentId: string },
    { ticks, status, minute }: { readonly ticks: number; readonly status: RolloutStatus; readonly minute: number },
  ): Promise<Rollout> {
    const release = aRelease({ id: ids.next(), ...where });
    const rollout = aRollout({ id: ids.next(), releaseId: release.id, ...where });
    await store.run(async (tx) => {
      await new ReleasesRepository().insert(tx, release);
      await rollouts.insert(tx, rollout);
      for (let tick = 1; tick <= ticks; tick += 1) {
        await rollouts.insertObservation(tx, { rolloutId: rollout.id, tick, at: at(tick), body: seen(tick) });
      }
      if (status !== 'running') await rollouts.save(tx, { ...rollout, status, finishedAt: at(minute) });
    });
    return rollout;
  }

  it('lists what is over and on record, the newest first, with how much there is', async () => {
    const { projectId, production, staging } = await place();
    const there = { projectId, environmentId: production };
    const old = await record(there, { ticks: 2, status: 'released', minute: 10 });
    const fresh = await record(there, { ticks: 3, status: 'rolledBack', minute: 20 });
    const elsewhere = await record({ projectId, environmentId: staging }, { ticks: 1, status: 'aborted', minute: 15 });
    await record(there, { ticks: 0, status: 'released', minute: 30 });
    await record(there, { ticks: 1, status: 'running', minute: 0 });
    const other = await place();
    const where = { projectId: other.projectId, environmentId: other.production };
    await record(where, { ticks: 1, status: 'released', minute: 40 });

    const list = (environmentId: string | undefined, limit = 10) =>
      store.run((tx) => records.listFinished(tx, { projectId, environmentId, limit }));
    const all = await list(undefined);
    expect(all.map(({ id, observations }) => [id, observations])).toEqual([
      [fresh.id, 3],
      [elsewhere.id, 1],
      [old.id, 2],
    ]);
    expect(all[0]).toEqual({
      id: fresh.id,
      releaseId: fresh.releaseId,
      environmentId: production,
      attempt: fresh.attempt,
      status: 'rolledBack',
      startedAt: fresh.startedAt,
      finishedAt: at(20),
      observations: 3,
    });
    expect((await list(production)).map(({ id }) => id)).toEqual([fresh.id, old.id]);
    expect((await list(undefined, 1)).map(({ id }) => id)).toEqual([fresh.id]);
  });

  it('reads what was measured page by page, in the order of ticks', async () => {
    const { projectId, production } = await place();
    const { id } = await record({ projectId, environmentId: production }, { ticks: 5, status: 'released', minute: 1 });
    const page = (tick: number, limit: number) =>
      store.run((tx) => records.listObservationsAfter(tx, id, { tick, limit }));
    expect((await page(-1, 2)).map(({ tick }) => tick)).toEqual([1, 2]);
    expect((await page(2, 10)).map(({ tick }) => tick)).toEqual([3, 4, 5]);
    expect(await page(5, 10)).toEqual([]);
    expect((await page(3, 1))[0]).toEqual({ rolloutId: id, tick: 4, at: at(4), body: seen(4) });
  });
}
