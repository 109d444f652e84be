import { expect, it } from '@jest/globals';
import { PeopleRepository } from '../../src/auth/people.repository.js';
import { SessionsRepository } from '../../src/auth/sessions.repository.js';
import { SignInAttemptsRepository } from '../../src/auth/sign-in-attempts.repository.js';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import type { Transaction } from '../../src/kernel/transactions.js';
import { aPerson, aRoleGrant, aSession } from '../builders/a-person.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

/** What the repositories of people and of their sessions promise on every database. */
export function describePeople(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const people = new PeopleRepository();
  const sessions = new SessionsRepository();
  const insert = async (overrides: Parameters<typeof aPerson>[0] = {}) => {
    const id = ids.next();
    const person = aPerson({ id, email: `${id}@shop.example`, ...overrides });
    await store.run((tx) => people.insert(tx, person));
    return person;
  };
  const grant = async (personId: string, overrides: Parameters<typeof aRoleGrant>[0] = {}) => {
    const given = aRoleGrant({ id: ids.next(), personId, ...overrides });
    await store.run((tx) => people.insertGrant(tx, given));
    return given;
  };
  const signIn = async (personId: string, overrides: Parameters<typeof aSession>[0] = {}) => {
    const id = ids.next();
    const session = aSession({ id, hash: `hash-${id}`, personId, ...overrides });
    await store.run((tx) => sessions.insert(tx, session));
    return session;
  };
  const find = (id: string) => store.run((tx) => people.find(tx, id));
  const insertEnvironment = async () => {
    const project = aProject({ id: ids.next(), key: `p-${ids.next()}` });
    const environment = anEnvironment({ id: ids.next(), projectId: project.id });
    await store.run(async (tx) => {
      await new ProjectsRepository().insert(tx, project);
      await new EnvironmentsRepository().insert(tx, environment);
    });
    return { projectId: project.id, environmentId: environment.id };
  };

  it('lets one at a time look for anybody who can sign in, and be the first', async () => {
    await insert({ invitation: { hash: `invitation-${ids.next()}`, endsAt: new Date('2026-01-04T00:00:00.000Z') } });
    const past = { disabledAt: new Date('2026-01-02T00:00:00.000Z') };
    await insert({ ...past, passwordHash: 'x' });
    await insert({ ...past, identity: { issuer: 'https://id.shop.example', subject: ids.next() } });
    const beFirst = (n: number) =>
      store.run(async (tx) => {
        if (!(await people.lockAndLookForActive(tx)))
          await people.insert(tx, aPerson({ id: ids.next(), email: `first-${n}`, passwordHash: 'x' }));
      });
    expect(await store.run((tx) => people.hasActive(tx))).toBe(false);
    await Promise.all(Array.from({ length: 6 }, (_, n) => beFirst(n)));
    const all = await store.run((tx) => people.listPage(tx, { limit: 50, after: undefined }, undefined));
    const firsts = all.filter(({ email }) => email.startsWith('first-'));
    expect(firsts).toHaveLength(1);
    const disable = (tx: Transaction) =>
      firsts.map((first) => people.save(tx, { ...first, passwordHash: null, disabledAt: past.disabledAt }));
    await store.run((tx) => Promise.all(disable(tx)));
    expect(await store.run((tx) => people.hasActive(tx))).toBe(false);
    await insert({ identity: { issuer: 'https://id.shop.example', subject: ids.next() } });
    expect(await store.run((tx) => people.hasActive(tx))).toBe(true);
  });

  it('gives back what was stored with the roles in order, by id, address and invitation', async () => {
    const identity = { issuer: 'https://id.shop.example', subject: ids.next() };
    const invitation = { hash: `invitation-${ids.next()}`, endsAt: new Date('2026-01-04T00:00:00.123Z') };
    const person = await insert({
      invitation,
      identity,
      invitedBy: ids.next(),
      passwordHash: '$argon2id$…',
      disabledAt: new Date('2026-01-03T00:00:00.000Z'),
    });
    const place = await insertEnvironment();
    const grants = [await grant(person.id), await grant(person.id, { role: 'editor', ...place })];
    const whole = { ...person, grants };
    expect(await find(person.id)).toEqual(whole);
    expect(await store.run((tx) => people.findByEmail(tx, person.email))).toEqual(whole);
    expect(await store.run((tx) => people.findByInvitation(tx, invitation.hash))).toEqual(whole);
    expect(await store.run((tx) => people.findByIdentity(tx, identity))).toEqual(whole);
    expect(await store.run((tx) => people.findByIdentity(tx, { ...identity, issuer: 'https://else' }))).toBeNull();
    expect(await store.run((tx) => people.lock(tx, person.id))).toEqual(whole);
  });

  it('finds nobody where there is nobody, whatever is asked for', async () => {
    expect(await find(ids.next())).toBeNull();
    expect(await find('no id at all')).toBeNull();
    expect(await store.run((tx) => people.lock(tx, 'ada@shop.example'))).toBeNull();
    expect(await store.run((tx) => people.findByEmail(tx, 'nobody'))).toBeNull();
  });

  it('holds every address once', async () => {
    const { email } = await insert();
    await expect(insert({ email })).rejects.toMatchObject({ kind: 'conflict', code: 'EMAIL_TAKEN' });
  });

  it('saves a person, and counts that what they may do has changed', async () => {
    const person = await insert();
    await store.run((tx) => people.save(tx, { ...person, passwordHash: 'new' }));
    expect(await find(person.id)).toEqual({ ...person, passwordHash: 'new', accessVersion: 2, grants: [] });
  });

  it('lists in order of creation; of projects those with a role there, in a part of them, or everywhere', async () => {
    const [{ projectId, environmentId }, elsewhere] = [await insertEnvironment(), await insertEnvironment()];
    const [a, b, c, d, e] = [await insert(), await insert(), await insert(), await insert(), await insert()];
    await grant(a.id, { projectId });
    await grant(b.id, { projectId, environmentId });
    await grant(c.id);
    await grant(d.id, { projectId: elsewhere.projectId });
    const list = (limit: number, after: string, projectIds?: readonly string[]) =>
      store.run(async (tx) => (await people.listPage(tx, { limit, after }, projectIds)).map(({ id }) => id));
    const before = elsewhere.environmentId;
    expect(await list(9, before)).toEqual([a.id, b.id, c.id, d.id, e.id]);
    expect(await list(1, a.id)).toEqual([b.id, c.id]);
    expect(await list(9, before, [projectId])).toEqual([a.id, b.id, c.id]);
    expect(await list(9, before, [])).toEqual([c.id]);
  });

  it('tells who of some ids and addresses is a person, and who invited them, at whatever remove', async () => {
    const token = ids.next();
    const [root, b] = [await insert({ invitedBy: token }), await insert()];
    const a = await insert({ invitedBy: (await insert({ invitedBy: root.id })).id });
    await insert({ invitedBy: a.id });
    const found = await store.run((tx) =>
      people.listKin(tx, { ids: [a.id, 'release-queue'], emails: [b.email, 'nobody'] }),
    );
    expect([...found].sort((x, y) => (x.id < y.id ? -1 : 1))).toEqual([
      { id: root.id, email: root.email, invitedBy: token },
      { id: b.id, email: b.email, invitedBy: null },
      { id: a.invitedBy, email: `${a.invitedBy}@shop.example`, invitedBy: root.id },
      { id: a.id, email: a.email, invitedBy: a.invitedBy },
    ]);
  });

  it('gives an account at a provider to one person', async () => {
    const identity = { issuer: 'https://id.shop.example', subject: ids.next() };
    await insert({ identity });
    const other = await insert();
    await expect(store.run((tx) => people.save(tx, { ...other, identity }))).rejects.toThrow();
    expect((await find(other.id))?.identity).toBeNull();
  });

  it('gives a sign-in that comes back to one of all who ask, once', async () => {
    const attempts = new SignInAttemptsRepository();
    const proof = { state: 's', nonce: 'n', codeVerifier: 'v', target: '/projects/shop' };
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
    const attempt = { ...proof, hash: `attempt-${ids.next()}`, endsAt: at(10) };
    const old = { ...proof, hash: `attempt-${ids.next()}`, endsAt: at(5) };
    const take = (of: { readonly hash: string; readonly state: string }) => store.run((tx) => attempts.take(tx, of));
    await store.run(async (tx) => {
      for (const each of [attempt, old]) await attempts.insert(tx, each);
    });
    await store.run((tx) => attempts.deleteEnded(tx, at(5)));
    expect(await take(old)).toBeNull();
    expect(await take({ ...attempt, state: 'another' })).toBeNull();
    const taken = await Promise.all(Array.from({ length: 4 }, () => take(attempt)));
    expect(taken.filter((each) => each !== null)).toEqual([attempt]);
  });

  it('takes a role away, and no other', async () => {
    const { id } = await insert();
    const [first, second] = [await grant(id), await grant(id, { role: 'editor' })];
    await store.run((tx) => people.deleteGrant(tx, first.id));
    expect((await find(id))?.grants).toEqual([second]);
  });

  it('keeps sessions by the hashes of their secrets, and when they were last seen', async () => {
    const session = await signIn((await insert()).id);
    const seen = { ...session, lastSeenAt: new Date('2026-01-05T00:00:00.000Z') };
    await store.run((tx) => sessions.saveSeen(tx, seen));
    expect(await store.run((tx) => sessions.findByHash(tx, session.hash))).toEqual(seen);
    expect(await store.run((tx) => sessions.findByHash(tx, 'another'))).toBeNull();
    expect(await store.run((tx) => sessions.delete(tx, session.id))).toBe(true);
    expect(await store.run((tx) => sessions.delete(tx, session.id))).toBe(false);
    await store.run((tx) => sessions.saveSeen(tx, seen));
    expect(await store.run((tx) => sessions.findByHash(tx, session.hash))).toBeNull();
  });

  it('ends the sessions of a person: all, all but one, or those that ended by themselves', async () => {
    const [mine, other] = [(await insert()).id, await insert()];
    const kept = await signIn(other.id);
    const standing = async () => {
      const all = [old, idle, fresh, newest, kept].map(({ id }) => id);
      return (await store.run((tx) => sessions.listStandings(tx, all))).map(({ id }) => id).sort();
    };
    const at = (day: number) => new Date(Date.UTC(2026, 0, day));
    const old = await signIn(mine, { endsAt: at(10), lastSeenAt: at(9) });
    const idle = await signIn(mine, { lastSeenAt: at(8) });
    const fresh = await signIn(mine, { lastSeenAt: at(9) });
    const newest = await signIn(mine, { lastSeenAt: at(10) });
    await store.run((tx) => sessions.deleteEnded(tx, mine, { now: at(10), idleSince: at(8) }));
    expect(await standing()).toEqual([fresh.id, newest.id, kept.id].sort());
    await store.run((tx) => sessions.deleteOfPerson(tx, mine, newest.id));
    expect(await standing()).toEqual([newest.id, kept.id].sort());
    await store.run((tx) => sessions.deleteOfPerson(tx, mine, undefined));
    expect(await standing()).toEqual([kept.id]);
  });

  it('tells those who follow sessions what their people may do now', async () => {
    const person = await insert();
    const { id, lastSeenAt, endsAt } = await signIn(person.id);
    await store.run((tx) => people.save(tx, person));
    const found = await store.run((tx) => sessions.listStandings(tx, [id, ids.next()]));
    expect(found).toEqual([{ id, lastSeenAt, endsAt, accessVersion: 2 }]);
  });
}
