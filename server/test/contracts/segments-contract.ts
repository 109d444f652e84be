import { expect, it } from '@jest/globals';
import { ProjectsRepository } from '../../src/projects/projects.repository.js';
import type { Segment } from '../../src/segments/segment.js';
import { SegmentsRepository } from '../../src/segments/segments.repository.js';
import { aProject } from '../builders/a-project.js';
import { aSegment } from '../builders/a-segment.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { useDatabase } from './use-database.js';

const ODD_TEXT = 'Füße 店 🛒 \u202e"\'\\,{}';

/** What the segments repository promises on every database. */
export function describeSegments(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const segments = new SegmentsRepository();
  const insertProject = async (key: string): Promise<string> => {
    const project = aProject({ id: ids.next(), key });
    await store.run((tx) => new ProjectsRepository().insert(tx, project));
    return project.id;
  };
  const insert = async (projectId: string, overrides: Partial<Segment> = {}): Promise<Segment> => {
    const segment = aSegment({ id: ids.next(), projectId, ...overrides });
    await store.run((tx) => segments.insert(tx, segment));
    return segment;
  };
  const find = (projectId: string, key: string) => store.run((tx) => segments.find(tx, projectId, key));

  it('gives back what was stored, whatever it holds, in its order', async () => {
    const segment = await insert(await insertProject('stored'), {
      name: ODD_TEXT,
      description: ODD_TEXT,
      included: ['z', 'a', ODD_TEXT, 'NULL', ' ', 'constructor'],
      excluded: ['"', '\\', "'"],
      rules: [
        { clauses: [] },
        { clauses: [{ attribute: ODD_TEXT, operator: 'in', values: [0.1, true, ODD_TEXT], negate: true }] },
      ],
    });
    expect(await find(segment.projectId, segment.key)).toEqual(segment);
    expect(await store.run((tx) => segments.listAll(tx, segment.projectId))).toEqual([segment]);
  });

  it('holds 100 000 keys', async () => {
    const included = Array.from({ length: 100_000 }, (_, i) => `user-${i}`);
    const { projectId, key } = await insert(await insertProject('large'), { included });
    expect((await find(projectId, key))?.included).toEqual(included);
  }, 30_000);

  it('keeps keys distinct within a project only', async () => {
    const [first, second] = [await insertProject('first'), await insertProject('second')];
    const kept = await insert(first);
    await insert(second);
    await expect(insert(first)).rejects.toMatchObject({ kind: 'conflict', code: 'SEGMENT_EXISTS' });
    expect(await find(first, kept.key)).toEqual(kept);
  });

  it('saves a new version and refuses a save or a deletion from an old one', async () => {
    const segment = await insert(await insertProject('edited'));
    const saved = await store.run((tx) => segments.save(tx, { ...segment, included: ['u1'] }));
    expect(saved).toEqual({ ...segment, included: ['u1'], version: 2 });
    const stale = { kind: 'conflict', code: 'EDIT_COLLIDED' };
    await expect(store.run((tx) => segments.save(tx, segment))).rejects.toMatchObject(stale);
    await expect(store.run((tx) => segments.delete(tx, segment))).rejects.toMatchObject(stale);
    expect(await find(segment.projectId, segment.key)).toEqual(saved);
    await store.run((tx) => segments.delete(tx, saved));
    expect(await find(segment.projectId, segment.key)).toBeNull();
  });

  it('lists by key, one more than the limit, after the cursor', async () => {
    const projectId = await insertProject('listed');
    for (const key of ['c', 'a', 'b']) await insert(projectId, { key });
    const list = (limit: number, after?: string) =>
      store.run(async (tx) => (await segments.listPage(tx, projectId, { limit, after })).map(({ key }) => key));
    expect(await list(50)).toEqual(['a', 'b', 'c']);
    expect(await list(1)).toEqual(['a', 'b']);
    expect(await list(50, 'a')).toEqual(['b', 'c']);
  });

  it('finds parts of keys and names in any case, to the letter', async () => {
    const projectId = await insertProject('searched');
    await insert(projectId, { key: 'beta-testers', name: 'Neue Leute' });
    await insert(projectId, { key: 'staff', name: '100% Beta_X' });
    await insert(await insertProject('searched-not'), { key: 'beta-elsewhere' });
    const find = (search: string, after?: string) =>
      store.run(async (tx) =>
        (await segments.listPage(tx, projectId, { limit: 50, after }, { search })).map(({ key }) => key),
      );
    expect(await find('BETA')).toEqual(['beta-testers', 'staff']);
    expect(await find('beta', 'beta-testers')).toEqual(['staff']);
    expect(await find('neue')).toEqual(['beta-testers']);
    expect(await find('a_x')).toEqual(['staff']);
    expect(await find('%')).toEqual(['staff']);
    expect(await find('e_t')).toEqual([]);
    expect(await find('')).toEqual(['beta-testers', 'staff']);
  });
}
