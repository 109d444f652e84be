import { expect, it } from '@jest/globals';
import { EnvironmentsRepository } from '../../src/projects/environments.repository.js';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import { anEnvironment, aProject } from '../builders/a-project.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

/** What the projects repository promises on every database. */
export function describeProjects(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const projects = new ProjectsRepository();
  const insert = async (key: string) => {
    const project = aProject({ id: ids.next(), key });
    await store.run((tx) => projects.insert(tx, project));
    return project;
  };

  it('gives back what was stored', async () => {
    const project = await insert('shop');
    expect(await store.run((tx) => projects.find(tx, 'shop'))).toEqual(project);
  });

  it('finds nothing under a key that nobody used', async () => {
    expect(await store.run((tx) => projects.find(tx, 'nowhere'))).toBeNull();
  });

  it('refuses a second project of the same key and keeps the first', async () => {
    const first = await insert('taken');
    await expect(insert('taken')).rejects.toMatchObject({ kind: 'conflict', code: 'PROJECT_EXISTS' });
    expect(await store.run((tx) => projects.find(tx, 'taken'))).toEqual(first);
  });

  it('lists by key, one more than the limit, after the cursor, and only one project when told', async () => {
    const [a, , c] = [await insert('zz-a'), await insert('zz-b'), await insert('zz-c')];
    const list = (limit: number, after?: string, ids?: readonly string[]) =>
      store.run(async (tx) => (await projects.list(tx, { limit, after }, ids)).map(({ key }) => key));
    expect(await list(1, 'zz')).toEqual(['zz-a', 'zz-b']);
    expect(await list(5, a.key)).toEqual(['zz-b', 'zz-c']);
    expect(await list(5, undefined, [c.id])).toEqual(['zz-c']);
  });

  it('saves a new version and refuses a save from an old one', async () => {
    const project = await insert('renamed');
    await store.run((tx) => projects.save(tx, { ...project, name: 'New name' }));
    expect(await store.run((tx) => projects.find(tx, 'renamed'))).toMatchObject({ name: 'New name', version: 2 });
    const late = store.run((tx) => projects.save(tx, { ...project, name: 'Late' }));
    await expect(late).rejects.toMatchObject({ kind: 'conflict', code: 'EDIT_COLLIDED' });
  });

  it('lets one of several simultaneous saves of the same version through', async () => {
    const project = await insert('contended');
    const saves = Array.from({ length: 5 }, (_, i) =>
      store.run((tx) => projects.save(tx, { ...project, name: `Name ${i}` })),
    );
    const outcomes = await Promise.allSettled(saves);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await store.run((tx) => projects.find(tx, 'contended'))).toMatchObject({ version: 2 });
  });

  it('keeps names in every script', async () => {
    const name = 'Füße 店 🛒 \u202e"\'\\';
    const project = aProject({ id: ids.next(), key: 'scripts', name });
    await store.run((tx) => projects.insert(tx, project));
    expect(await store.run((tx) => projects.find(tx, 'scripts'))).toMatchObject({ name });
  });
}

/** What the environments repository promises on every database. */
export function describeEnvironments(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const environments = new EnvironmentsRepository();
  const insertProject = async (key: string) => {
    const project = aProject({ id: ids.next(), key });
    await store.run((tx) => new ProjectsRepository().insert(tx, project));
    return project;
  };
  const insert = async (projectId: string, key: string) => {
    const environment = anEnvironment({ id: ids.next(), projectId, key });
    await store.run((tx) => environments.insert(tx, environment));
    return environment;
  };

  it('gives back what was stored, alone and with its project', async () => {
    const project = await insertProject('one');
    const environment = await insert(project.id, 'production');
    expect(await store.run((tx) => environments.find(tx, project.id, 'production'))).toEqual(environment);
    expect(await store.run((tx) => environments.findWithProjectKey(tx, environment.id))).toEqual({
      ...environment,
      projectKey: 'one',
    });
  });

  it('finds nothing where there is nothing', async () => {
    const { id } = await insertProject('empty');
    expect(await store.run((tx) => environments.find(tx, id, 'production'))).toBeNull();
    expect(await store.run((tx) => environments.findWithProjectKey(tx, id))).toBeNull();
  });

  it('keeps keys distinct within a project only', async () => {
    const [first, second] = [await insertProject('first'), await insertProject('second')];
    await insert(first.id, 'production');
    await insert(second.id, 'production');
    await expect(insert(first.id, 'production')).rejects.toMatchObject({ code: 'ENVIRONMENT_EXISTS' });
  });

  it('lists the environments of one project by key', async () => {
    const [project, other] = [await insertProject('listed'), await insertProject('other')];
    for (const key of ['staging', 'development', 'production']) await insert(project.id, key);
    await insert(other.id, 'elsewhere');
    const listed = await store.run((tx) => environments.listOfProject(tx, project.id));
    expect(listed.map(({ key }) => key)).toEqual(['development', 'production', 'staging']);
  });

  it('saves a new version and refuses a save from an old one', async () => {
    const project = await insertProject('edited');
    const environment = await insert(project.id, 'production');
    await store.run((tx) => environments.save(tx, { ...environment, name: 'Live', production: false }));
    const found = await store.run((tx) => environments.find(tx, project.id, 'production'));
    expect(found).toMatchObject({ name: 'Live', production: false, version: 2, revision: 0 });
    const late = store.run((tx) => environments.save(tx, environment));
    await expect(late).rejects.toMatchObject({ kind: 'conflict', code: 'EDIT_COLLIDED' });
  });

  it('loses no revision when many writers advance it at once, and gives each its own', async () => {
    const project = await insertProject('busy');
    const { id } = await insert(project.id, 'production');
    const advances = Array.from({ length: 20 }, () => store.run((tx) => environments.advanceRevision(tx, id)));
    const revisions = await Promise.all(advances);
    expect(revisions.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(await store.run((tx) => environments.listRevisions(tx))).toContainEqual({ id, revision: 20 });
  });

  it('lets a project be referred to while its environments are held: no two who change them wait in a circle', async () => {
    const project = await insertProject('shared');
    const environment = await insert(project.id, 'production');
    const begun: string[] = [];
    let changeOfAll: Promise<number> = Promise.resolve(0);
    // As a release is made: in its environment first, then with a reference to its project.
    await store.run(async (tx) => {
      begun.push('one');
      await environments.lock(tx, environment.id);
      await new Promise<void>((isLocked) => {
        // As a flag is made: the project first, then its environments, one of which is held.
        changeOfAll = store.run(async (other) => {
          begun.push('all');
          await environments.lockProject(other, project.id);
          isLocked();
          return environments.advanceRevision(other, environment.id);
        });
        // The one connection of PGlite lets nobody in meanwhile.
        if (store.database.kind === 'pglite') isLocked();
      });
      await environments.insert(tx, anEnvironment({ id: ids.next(), projectId: project.id, key: 'staging' }));
      await environments.advanceRevision(tx, environment.id);
    });
    expect(await changeOfAll).toBe(2);
    // Each once: nothing was undone and tried again.
    expect(begun).toEqual(['one', 'all']);
  });

  it('lets no two add environments to a project at once, nor change what they share', async () => {
    const project = await insertProject('held');
    const order: string[] = [];
    let second: Promise<unknown> = Promise.resolve();
    await store.run(async (tx) => {
      await environments.lockProject(tx, project.id);
      second = store.run(async (other) => {
        await environments.lockProject(other, project.id);
        order.push('second');
      });
      await environments.insert(tx, anEnvironment({ id: ids.next(), projectId: project.id }));
      order.push('first');
    });
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  it('takes an advance back with its transaction', async () => {
    const project = await insertProject('undone');
    const { id } = await insert(project.id, 'production');
    const undone = store.run(async (tx) => {
      await environments.advanceRevision(tx, id);
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    expect(await store.run((tx) => environments.find(tx, project.id, 'production'))).toMatchObject({ revision: 0 });
  });
}
