import { expect, it } from '@jest/globals';
import { TokensRepository } from '../../src/auth/tokens.repository.js';
import type { Place } from '../../src/kernel/scope.js';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { aToken } from '../builders/a-token.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

/** What the tokens repository promises on every database. */
export function describeTokens(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const tokens = new TokensRepository();
  const insert = async (overrides: Parameters<typeof aToken>[0] = {}) => {
    const id = ids.next();
    const token = aToken({ id, hash: `hash-${id}`, kind: 'ci', ...overrides });
    await store.run((tx) => tokens.insert(tx, token));
    return token;
  };
  const insertEnvironment = async (key: string) => {
    const project = aProject({ id: ids.next(), key });
    const environment = anEnvironment({ id: ids.next(), projectId: project.id });
    await store.run(async (tx) => {
      await new ProjectsRepository().insert(tx, project);
      await new EnvironmentsRepository().insert(tx, environment);
    });
    return { projectId: project.id, environmentId: environment.id };
  };
  const find = (id: string) => store.run((tx) => tokens.find(tx, id));

  it('sees no admin in an empty store, nor in one whose admins are bound or revoked', async () => {
    const hasAdmin = () => store.run((tx) => tokens.lockAndLookForAdmin(tx));
    const { projectId } = await insertEnvironment('admins');
    expect(await hasAdmin()).toBe(false);
    await insert({ kind: 'admin', projectId });
    await insert({ kind: 'admin', revokedAt: new Date('2026-01-02T00:00:00.000Z') });
    expect(await hasAdmin()).toBe(false);
    await insert({ kind: 'admin' });
    expect(await hasAdmin()).toBe(true);
  });

  it('lets one at a time look for an admin and make the first', async () => {
    const makeUnlessMade = (name: string) =>
      store.run(async (tx) => {
        await tokens.lockAndLookForAdmin(tx);
        const known = await tokens.list(tx, { limit: 200, after: undefined }, 'instance');
        if (known.some((token) => token.name.startsWith('first of many'))) return;
        const id = ids.next();
        await tokens.insert(tx, aToken({ id, hash: `hash-${id}`, name }));
      });
    await Promise.all(Array.from({ length: 8 }, (_, i) => makeUnlessMade(`first of many ${i}`)));
    const known = await store.run((tx) => tokens.list(tx, { limit: 200, after: undefined }, 'instance'));
    expect(known.filter(({ name }) => name.startsWith('first of many'))).toHaveLength(1);
  });

  it('gives the tokens of one maker to another, and no others', async () => {
    const [maker, other] = [ids.next(), ids.next()];
    const [first, second] = [await insert({ createdBy: maker }), await insert({ createdBy: other })];
    const third = ids.next();
    await store.run((tx) => tokens.saveMaker(tx, maker, third));
    expect(await find(first.id)).toEqual({ ...first, createdBy: third });
    expect(await find(second.id)).toEqual(second);
  });

  it('finds a token with all that it replaces and all that made it, and no others', async () => {
    const root = await insert();
    const first = await insert({ createdBy: root.id, owner: 'ann' });
    const second = await insert({ createdBy: root.id, replacesId: first.id });
    const third = await insert({ createdBy: second.id });
    const brother = await insert({ createdBy: root.id });
    const kinOf = async (...of: readonly string[]) => {
      const kin = await store.run((tx) => tokens.listKin(tx, of));
      return [...kin].sort((a, b) => (a.id < b.id ? -1 : 1));
    };
    const shape = ({ id, owner, createdBy, replacesId }: typeof root) => ({ id, owner, createdBy, replacesId });
    expect(await kinOf(third.id)).toEqual([root, first, second, third].map(shape));
    expect(await kinOf(brother.id, first.id, 'release-queue')).toEqual([root, first, brother].map(shape));
  });

  it('gives back what was stored, by id and by hash', async () => {
    const scope = await insertEnvironment('scoped');
    const token = await insert({ kind: 'server', ...scope, expiresAt: new Date('2027-01-01T00:00:00.123Z') });
    expect(await find(token.id)).toEqual(token);
    expect(await store.run((tx) => tokens.findByHash(tx, token.hash))).toEqual(token);
  });

  it('finds nothing where there is nothing', async () => {
    expect(await find(ids.next())).toBeNull();
    expect(await store.run((tx) => tokens.findByHash(tx, 'no such hash'))).toBeNull();
  });

  it('holds every hash once', async () => {
    const { hash } = await insert();
    await expect(insert({ hash })).rejects.toThrow();
  });

  it('stores when a token ends', async () => {
    const token = await insert();
    const ended = { ...token, expiresAt: new Date('2026-02-01T00:00:00.000Z'), revokedAt: new Date('2026-01-31Z') };
    await store.run((tx) => tokens.saveEnd(tx, ended));
    expect(await find(token.id)).toEqual(ended);
  });

  it('lists in order of creation, those of a scope', async () => {
    const { projectId, environmentId } = await insertEnvironment('listed');
    const [a, b, c] = [await insert({ projectId }), await insert({ projectId }), await insert({ projectId })];
    await insert();
    const d = await insert({ projectId, environmentId });
    const list = (limit: number, after?: string, place: Partial<Place> = {}) =>
      store.run(async (tx) => {
        const scope = [{ projectId, environmentId: undefined, ...place }];
        return (await tokens.list(tx, { limit, after }, scope)).map(({ id }) => id);
      });
    expect(await list(9)).toEqual([a.id, b.id, c.id, d.id]);
    expect(await list(1, a.id)).toEqual([b.id, c.id]);
    expect(await list(9, undefined, { environmentId })).toEqual([d.id]);
    expect(await store.run((tx) => tokens.list(tx, { limit: 9, after: undefined }, []))).toEqual([]);
  });

  it('tells the hashes revoked since a moment, that moment included', async () => {
    const at = (time: string) => new Date(`2026-03-01T${time}.000Z`);
    await insert({ revokedAt: at('09:59:59') });
    const [on, after] = [await insert({ revokedAt: at('10:00:00') }), await insert({ revokedAt: at('10:00:01') })];
    const revoked = await store.run((tx) => tokens.listRevokedSince(tx, at('10:00:00')));
    expect([...revoked].sort()).toEqual([on.hash, after.hash].sort());
  });
}
