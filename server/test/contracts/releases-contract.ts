import { expect, it } from '@jest/globals';
import { ServicesRepository } from '../../src/deployments/services.repository.js';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { ApprovalsRepository } from '../../src/releases/approvals.repository.js';
import { RejectionsRepository } from '../../src/releases/rejections.repository.js';
import type { Release, StartApproval } from '../../src/releases/release.js';
import { ReleasesRepository } from '../../src/releases/releases.repository.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { aRelease } from '../builders/a-rollout.js';
import { aDigest, aService } from '../builders/a-service.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const ODD_TEXT = 'Füße 店 🛒 \u202e"\'\\ \u007f\ufffd';
const minute = (n: number): Date => new Date(Date.UTC(2026, 0, 1, 12, n));

/** What the repositories of releases promise on every database. */
export function describeReleases(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const releases = new ReleasesRepository();
  const approvals = new ApprovalsRepository();
  const rejections = new RejectionsRepository();

  /** A project of its own with two environments and a way to put releases there. */
  async function place() {
    const project = aProject({ id: ids.next(), key: `p${ids.next().slice(-12)}` });
    const production = anEnvironment({ id: ids.next(), projectId: project.id });
    const staging = anEnvironment({ id: ids.next(), projectId: project.id, key: 'staging' });
    await store.run(async (tx) => {
      await new ProjectsRepository().insert(tx, project);
      for (const each of [production, staging]) await new EnvironmentsRepository().insert(tx, each);
    });
    const add = async (overrides: Partial<Release> = {}): Promise<Release> => {
      const where = { projectId: project.id, environmentId: production.id };
      const release = aRelease({ id: ids.next(), ...where, ...overrides });
      await store.run((tx) => releases.insert(tx, release));
      return release;
    };
    return { project, production, staging, add };
  }
  const find = (id: string) => store.run((tx) => releases.find(tx, id));

  it('gives back a release as it was stored', async () => {
    const { add } = await place();
    const full = await add({
      name: ODD_TEXT,
      description: ODD_TEXT,
      status: 'superseded',
      reason: { code: 'SUPERSEDED', sentence: ODD_TEXT, until: minute(1).toISOString() },
      changes: [{ kind: 'service', service: 'checkout', version: 'Ä1', digest: aDigest() }],
      naturalKey: ODD_TEXT,
      scheduledAt: minute(2),
      finishedAt: minute(3),
      supersededBy: ids.next(),
      confoundedBy: [ids.next(), ids.next()],
    });
    expect(await find(full.id)).toEqual(full);
    const bare = await add({ startedAt: null });
    expect(await find(bare.id)).toEqual(bare);
    expect(await find(ids.next())).toBeNull();
  });

  it('saves over the version it was made from alone', async () => {
    const release = await (await place()).add();
    const holding = { ...release, status: 'holding' } as const;
    const after = await store.run((tx) => releases.save(tx, holding));
    expect(after).toEqual({ ...holding, version: 2 });
    expect(await find(release.id)).toEqual(after);
    await expect(store.run((tx) => releases.save(tx, holding))).rejects.toMatchObject({ code: 'EDIT_COLLIDED' });
    const races = await Promise.allSettled([1, 2, 3].map(() => store.run((tx) => releases.save(tx, after))));
    expect(races.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('notes once in each of some releases what runs beside them', async () => {
    const { add } = await place();
    const [before, confounder] = [ids.next(), ids.next()];
    const [first, second, other] = [await add(), await add({ confoundedBy: [before] }), await add()];
    const some = [first.id, second.id, ids.next()];
    const note = (by: string) => store.run((tx) => releases.noteConfounder(tx, some, by));
    await note(confounder);
    await note(confounder);
    await store.run((tx) => releases.noteConfounder(tx, [], before));
    const found = await store.run((tx) => releases.listById(tx, [...some, other.id]));
    const byId = new Map(found.map((each) => [each.id, each]));
    expect(byId.get(first.id)).toEqual({ ...first, confoundedBy: [confounder], version: 2 });
    expect(byId.get(second.id)).toEqual({ ...second, confoundedBy: [before, confounder], version: 2 });
    expect(byId.get(other.id)).toEqual(other);
    expect(byId.size).toBe(3);
  });

  it('lists the newest first, one more than the limit, after the cursor, by environment and status', async () => {
    const { project, production, staging, add } = await place();
    const [a, b, c] = [await add(), await add({ environmentId: staging.id }), await add({ status: 'released' })];
    await (await place()).add();
    const list = (limit: number, after?: string, filter = {}) =>
      store.run(async (tx) => {
        const rows = await releases.listPage(tx, project.id, { limit, after }, filter);
        return rows.map(({ id }) => id);
      });
    expect(await list(50)).toEqual([c.id, b.id, a.id]);
    expect(await list(1)).toEqual([c.id, b.id]);
    expect(await list(50, c.id)).toEqual([b.id, a.id]);
    expect(await list(50, undefined, { environmentIds: [production.id] })).toEqual([c.id, a.id]);
    expect(await list(50, undefined, { statuses: ['released'] })).toEqual([c.id]);
  });

  it('lists those that change a thing, run under a policy or are called something, in any case', async () => {
    const { project, add } = await place();
    const flag = await add({ name: 'New Cart', policyKey: 'quick' });
    const change = { kind: 'service', service: 'checkout', version: 'v2', digest: aDigest() } as const;
    const service = await add({
      changes: [change, { kind: 'parallelRun', run: 'price' }],
      description: '100 % of carts',
    });
    const list = (filter: object) =>
      store.run(async (tx) => {
        const rows = await releases.listPage(tx, project.id, { limit: 50, after: undefined }, filter);
        return rows.map(({ id }) => id);
      });
    expect(await list({ flag: 'new-cart' })).toEqual([flag.id]);
    expect(await list({ service: 'checkout' })).toEqual([service.id]);
    expect(await list({ parallelRun: 'price' })).toEqual([service.id]);
    expect(await list({ service: 'checkout', flag: 'new-cart' })).toEqual([]);
    expect(await list({ service: 'check' })).toEqual([]);
    expect(await list({ policy: 'quick' })).toEqual([flag.id]);
    expect(await list({ search: 'CART' })).toEqual([service.id, flag.id]);
    expect(await list({ search: '100 %' })).toEqual([service.id]);
    expect(await list({ search: service.id })).toEqual([service.id]);
    expect(await list({ search: ids.next() })).toEqual([]);
  });

  it('lists those of some environments that stand in some ways, the newest first', async () => {
    const { production, staging, add } = await place();
    const [first, second] = [await add(), await add({ status: 'holding' })];
    await add({ status: 'draft' });
    await add({ environmentId: staging.id });
    const list = (limit: number) =>
      store.run((tx) => releases.listStanding(tx, [production.id], { statuses: ['running', 'holding'], limit }));
    expect(await list(50)).toEqual([second, first]);
    expect(await list(1)).toEqual([second]);
  });

  it('finds the newest release of the same builds', async () => {
    const { add } = await place();
    const naturalKey = `key ${ids.next()}`;
    expect(await store.run((tx) => releases.findNatural(tx, naturalKey))).toBeNull();
    await add({ naturalKey });
    const newest = await add({ naturalKey });
    expect(await store.run((tx) => releases.findNatural(tx, naturalKey))).toEqual(newest);
  });

  it('finds what may start by itself: queued, or scheduled for a time that has come; oldest first', async () => {
    const { production, staging, add } = await place();
    const queued = await add({ status: 'queued' });
    const due = await add({ status: 'scheduled', scheduledAt: minute(5) });
    const elsewhere = await add({ status: 'queued', environmentId: staging.id });
    await add({ status: 'scheduled', scheduledAt: minute(6) });
    await add({ status: 'draft', scheduledAt: minute(5) });
    const waiting = await store.run((tx) => releases.listWaiting(tx, minute(5), 100));
    expect(waiting).toEqual([queued, due, elsewhere]);
    expect(await store.run((tx) => releases.listWaiting(tx, minute(5), 1))).toEqual([queued]);
    expect(await store.run((tx) => releases.listQueued(tx, production.id))).toEqual([queued]);
  });

  it('counts one approval of a person for one content', async () => {
    const { id } = await (await place()).add();
    const approval: StartApproval = {
      actorId: 'rita',
      actorName: ODD_TEXT,
      contentHash: 'a'.repeat(64),
      comment: ODD_TEXT,
      at: minute(1),
    };
    const approve = (overrides: Partial<StartApproval>) =>
      store.run((tx) => approvals.insert(tx, id, { ...approval, ...overrides }));
    expect(await approve({})).toBe(true);
    expect(await approve({ comment: 'again' })).toBe(false);
    expect(await approve({ contentHash: 'b'.repeat(64), at: minute(2) })).toBe(true);
    expect(await approve({ actorId: 'ann', at: minute(3) })).toBe(true);
    const listed = await store.run((tx) => approvals.list(tx, id));
    expect(listed.map(({ actorId, contentHash }) => [actorId, contentHash[0]])).toEqual([
      ['rita', 'a'],
      ['rita', 'b'],
      ['ann', 'a'],
    ]);
    expect(listed[0]).toEqual(approval);
  });

  it('remembers the newest reason against a build, in its environment alone, until it is forgotten', async () => {
    const { project, production, staging, add } = await place();
    const service = aService({ id: ids.next(), projectId: project.id });
    await store.run((tx) => new ServicesRepository().insert(tx, service));
    const { id: releaseId } = await add();
    const at = { environmentId: production.id, serviceId: service.id, digest: aDigest() };
    const first = { ...at, version: 'v2', releaseId, reason: 'slow', at: minute(1) };
    const second = { ...first, reason: ODD_TEXT, at: minute(2) };
    await store.run((tx) => rejections.remember(tx, first));
    await store.run((tx) => rejections.remember(tx, second));
    expect(await store.run((tx) => rejections.find(tx, at))).toEqual(second);
    expect(await store.run((tx) => rejections.find(tx, { ...at, digest: aDigest('c') }))).toBeNull();
    expect(await store.run((tx) => rejections.find(tx, { ...at, environmentId: staging.id }))).toBeNull();
    await store.run((tx) => rejections.forget(tx, second));
    await store.run((tx) => rejections.forget(tx, second));
    expect(await store.run((tx) => rejections.find(tx, at))).toBeNull();
  });
}
