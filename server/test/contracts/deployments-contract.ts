import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Deployment } from '../../src/deployments/deployment.js';
import { DeploymentsRepository } from '../../src/deployments/deployments.repository.js';
import { ServiceCatalog } from '../../src/deployments/service-catalog.service.js';
import { ServiceTrafficRepository } from '../../src/deployments/service-traffic.repository.js';
import { ServiceTraffics } from '../../src/deployments/service-traffics.service.js';
import { ServicesReader } from '../../src/deployments/services-reader.service.js';
import { ServicesRepository } from '../../src/deployments/services.repository.js';
import type { Transaction } from '../../src/kernel/transactions.js';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { aDeployment, aDigest, aService, aTraffic } from '../builders/a-service.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { type DatabaseInUse, useDatabase } from './use-database.js';

const services = new ServicesRepository();
const deployments = new DeploymentsRepository();
const traffic = new ServiceTrafficRepository();
const clock = new FakeClock('2026-02-02T00:00:00.000Z');
const ODD_TEXT = 'Füße 店 🛒 \u202e"\'\\,{}';

/** A project of a key of its own with two environments and a service. */
async function place(store: DatabaseInUse, ids: SequentialIds, key: string) {
  const project = aProject({ id: ids.next(), key });
  const staging = anEnvironment({ id: ids.next(), projectId: project.id, key: 'staging' });
  const production = anEnvironment({ id: ids.next(), projectId: project.id, key: 'production' });
  const service = aService({ id: ids.next(), projectId: project.id });
  await store.run(async (tx) => {
    await new ProjectsRepository().insert(tx, project);
    for (const environment of [staging, production]) await new EnvironmentsRepository().insert(tx, environment);
    await services.insert(tx, service);
  });
  const report = async (overrides: Partial<Deployment>): Promise<Deployment> => {
    const where = { serviceId: service.id, environmentId: production.id };
    const deployment = aDeployment({ id: ids.next(), ...where, ...overrides });
    await store.run((tx) => deployments.insert(tx, deployment));
    return deployment;
  };
  return { project, staging, production, service, report };
}

const readerOf = (ids: SequentialIds): ServicesReader =>
  new ServicesReader(traffic, new ServiceCatalog(services, clock, ids), services, deployments);
const minute = (n: number): Date => new Date(Date.UTC(2026, 0, 1, 12, n));

/** What the repositories of deployments promise on every database. */
export function describeDeployments(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();

  it('gives back a report as it was stored, with its keys', async () => {
    const { project, service, production, report } = await place(store, ids, 'stored');
    const stored = await report({ version: 'Ä1', url: `https://ci.test/${ODD_TEXT}`, reportedBy: ODD_TEXT });
    const found = await store.run((tx) =>
      deployments.newest(tx, { serviceId: service.id, environmentId: production.id }, 'Ä1'),
    );
    expect(found).toEqual(stored);
    const listed = await store.run((tx) => deployments.listPage(tx, project.id, { limit: 1, after: undefined }, {}));
    expect(listed).toEqual([{ ...stored, service: 'checkout', environment: 'production' }]);
  });

  it('finds the last report of each version in each environment, and the first of a version anywhere', async () => {
    const { service, staging, production, report } = await place(store, ids, 'newest');
    const first = await report({ environmentId: staging.id, at: minute(1) });
    const inStaging = await report({ environmentId: staging.id, state: 'removed', at: minute(5) });
    await report({ at: minute(2) });
    await report({ state: 'removed', at: minute(3) });
    const again = await report({ at: minute(4) });
    const second = await report({ version: 'v2', at: minute(4) });
    await store.run(async (tx) => {
      const where = { serviceId: service.id, environmentId: production.id };
      expect(await deployments.newest(tx, where, 'v1')).toEqual(again);
      expect(await deployments.newest(tx, where, 'v9')).toBeNull();
      expect(await deployments.newestOfEach(tx, [service.id])).toEqual([inStaging, second, again]);
      expect(await deployments.first(tx, service.id, 'v1')).toMatchObject({ id: first.id, environment: 'staging' });
      expect(await deployments.first(tx, service.id, 'v9')).toBeNull();
      const othersThan = (version: string, environmentId = production.id) =>
        deployments.hasOthers(tx, { serviceId: service.id, environmentId }, version);
      expect([await othersThan('v1'), await othersThan('v2'), await othersThan('v9')]).toEqual([true, true, true]);
      expect(await othersThan('v9', staging.id)).toBe(false);
    });
  });

  it('lists newest first, one more than the limit, after the cursor, narrowed to service and environment', async () => {
    const { project, service, staging, report } = await place(store, ids, 'listed');
    const [a, b, c] = [await report({}), await report({ environmentId: staging.id }), await report({ version: 'v2' })];
    await (await place(store, ids, 'listed-elsewhere')).report({});
    const list = (limit: number, after?: string, filter = {}) =>
      store.run(async (tx) => {
        const rows = await deployments.listPage(tx, project.id, { limit, after }, filter);
        return rows.map(({ id }) => id);
      });
    expect(await list(50)).toEqual([c.id, b.id, a.id]);
    expect(await list(1)).toEqual([c.id, b.id]);
    expect(await list(50, c.id)).toEqual([b.id, a.id]);
    expect(await list(50, undefined, { environmentIds: [staging.id] })).toEqual([b.id]);
    expect(await list(50, undefined, { serviceId: service.id })).toEqual([c.id, b.id, a.id]);
    expect(await list(50, undefined, { serviceId: ids.next() })).toEqual([]);
  });

  it('binds a version to its first digest, also for those who bind it at once', async () => {
    const { project, service } = await place(store, ids, 'bound');
    const bind = (digest: string) =>
      store.run((tx) => services.bindDigest(tx, service.id, { version: 'v1', digest }, minute(0)));
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((letter) => bind(aDigest(letter))));
    expect(new Set(answers).size).toBe(1);
    expect(await bind(aDigest('e'))).toBe(answers[0]);
    const reader = readerOf(ids);
    const find = (key: string, version: string) => store.run((tx) => reader.artifact(tx, project.id, key, version));
    expect(await find('checkout', 'v1')).toEqual({ serviceId: service.id, version: 'v1', digest: answers[0] });
    await expect(find('checkout', 'v2')).rejects.toMatchObject({ kind: 'notFound', code: 'VERSION_NOT_FOUND' });
    await expect(find('nobody', 'v1')).rejects.toMatchObject({ kind: 'notFound', code: 'SERVICE_NOT_FOUND' });
  });

  it('keeps keys of services distinct within a project, and lists them in pages', async () => {
    const { project, service } = await place(store, ids, 'keys');
    await place(store, ids, 'keys-elsewhere');
    const other = aService({ id: ids.next(), projectId: project.id, name: ODD_TEXT });
    await expect(store.run((tx) => services.insert(tx, other))).rejects.toMatchObject({ code: 'SERVICE_EXISTS' });
    expect(await store.run((tx) => services.insertMissing(tx, other))).toBe(false);
    const returns = { ...other, key: 'returns' };
    expect(await store.run((tx) => services.insertMissing(tx, returns))).toBe(true);
    await store.run(async (tx) => {
      expect(await services.find(tx, project.id, 'returns')).toEqual(returns);
      const page = (after?: string) => services.listPage(tx, project.id, { limit: 1, after });
      expect(await page()).toEqual([service, returns]);
      expect(await page('checkout')).toEqual([returns]);
    });
  });

  it('saves traffic over the version it was made from only', async () => {
    const { service, production } = await place(store, ids, 'saved');
    const calm = aTraffic({ serviceId: service.id, environmentId: production.id });
    await store.run((tx) => traffic.insert(tx, calm));
    const candidate = { version: 'v2', digest: aDigest('b'), share: 1 };
    const ramped = await store.run((tx) => traffic.save(tx, { ...calm, candidate }));
    expect(ramped).toEqual({ ...calm, candidate, version: 2 });
    const stale = { kind: 'conflict', code: 'EDIT_COLLIDED' };
    await expect(store.run((tx) => traffic.save(tx, calm))).rejects.toMatchObject(stale);
    await expect(store.run((tx) => traffic.insert(tx, calm))).rejects.toMatchObject(stale);
    expect(await store.run((tx) => traffic.find(tx, ramped))).toEqual(ramped);
    expect(await store.run((tx) => traffic.listOfServices(tx, [service.id]))).toEqual([ramped]);
  });

  describe('the port of ramps', () => describeTraffics(store, ids));
}

function describeTraffics(store: DatabaseInUse, ids: SequentialIds): void {
  const traffics = new ServiceTraffics(new ServiceCatalog(services, clock, ids), traffic, deployments, clock);
  const candidate = (share: number) => ({ version: 'v2', digest: aDigest('b'), share });
  let at: { readonly projectId: string; readonly environmentId: string; readonly key: string };
  let stagingId: string;
  const run = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => store.run(work);

  beforeAll(async () => {
    const { project, service, production, staging, report } = await place(store, ids, 'ramped');
    at = { projectId: project.id, environmentId: production.id, key: 'checkout' };
    stagingId = staging.id;
    await run((tx) => traffic.insert(tx, aTraffic({ serviceId: service.id, environmentId: production.id })));
    await report({});
    await report({ version: 'v2', digest: aDigest('b') });
    await report({ version: 'v3', digest: aDigest('c') });
    await report({ version: 'v3', digest: aDigest('c'), state: 'removed', at: minute(1) });
    await report({ version: 'v4', digest: aDigest('d'), environmentId: staging.id });
  });

  it('raises, promotes and restores, one version of the row at a time', async () => {
    const before = await run((tx) => traffics.current(tx, at));
    expect(before).toMatchObject({ stable: { version: 'v1' }, candidate: null, version: 1 });
    expect(await run((tx) => traffics.setCandidate(tx, at, candidate(1)))).toMatchObject({ version: 2 });
    // The same again is no change.
    expect(await run((tx) => traffics.setCandidate(tx, at, candidate(1)))).toMatchObject({ version: 2 });
    const raised = await run((tx) => traffics.setCandidate(tx, at, candidate(50_000)));
    expect(raised).toMatchObject({ candidate: candidate(50_000), version: 3, updatedAt: clock.now() });
    const promoted = await run((tx) => traffics.promoteCandidate(tx, at));
    expect(promoted).toMatchObject({ stable: { version: 'v2', digest: aDigest('b') }, candidate: null, version: 4 });
    // What is put back is what it was, but for the version of the row.
    const content = JSON.parse(JSON.stringify(raised)) as typeof raised;
    await run((tx) => traffics.restore(tx, at, content));
    expect(await run((tx) => traffics.current(tx, at))).toEqual({ ...raised, version: 5 });
    await run((tx) => traffics.clearCandidate(tx, at));
    expect(await run((tx) => traffics.current(tx, at))).toEqual({ ...before, version: 6, updatedAt: clock.now() });
  });

  it('is what snapshots tell', async () => {
    const reader = readerOf(ids);
    expect(await run((tx) => reader.snapshotServices(tx, at.environmentId))).toEqual([
      { key: 'checkout', stable: 'v1' },
    ]);
    expect(await run((tx) => reader.snapshotServices(tx, stagingId))).toEqual([]);
  });

  it.each<[string, { version: string; digest: string; share: number }, object]>([
    ['never reported', { version: 'v9', digest: aDigest('b'), share: 1 }, { code: 'VERSION_NOT_INSTALLED' }],
    ['removed since', { version: 'v3', digest: aDigest('c'), share: 1 }, { code: 'VERSION_NOT_INSTALLED' }],
    ['installed elsewhere', { version: 'v4', digest: aDigest('d'), share: 1 }, { code: 'VERSION_NOT_INSTALLED' }],
    ['of another build', { version: 'v2', digest: aDigest('c'), share: 1 }, { code: 'ARTIFACT_DIFFERS' }],
    ['stable already', { version: 'v1', digest: aDigest('a'), share: 1 }, { code: 'CANDIDATE_IS_STABLE' }],
  ])('refuses a candidate that is %s', async (_name, wanted, error) => {
    const before = await run((tx) => traffics.current(tx, at));
    await expect(run((tx) => traffics.setCandidate(tx, at, wanted))).rejects.toMatchObject(error);
    expect(await run((tx) => traffics.current(tx, at))).toEqual(before);
  });

  it('knows nothing to ramp where no version was ever installed, and no service that nobody named', async () => {
    const staging = { ...at, environmentId: stagingId };
    expect(await run((tx) => traffics.current(tx, staging))).toBeNull();
    await expect(run((tx) => traffics.setCandidate(tx, staging, candidate(1)))).rejects.toMatchObject({
      kind: 'precondition',
      code: 'SERVICE_NOT_INSTALLED',
    });
    await expect(run((tx) => traffics.promoteCandidate(tx, at))).rejects.toMatchObject({ code: 'CANDIDATE_MISSING' });
    await expect(run((tx) => traffics.current(tx, { ...at, key: 'nobody' }))).rejects.toMatchObject({
      kind: 'notFound',
      code: 'SERVICE_NOT_FOUND',
    });
  });
}
