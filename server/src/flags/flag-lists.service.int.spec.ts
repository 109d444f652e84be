import { beforeAll, describe, expect, it } from '@jest/globals';
import { aFlag } from '../../test/builders/a-flag.js';
import { aFlagCatalog } from '../../test/builders/a-flag-catalog.js';
import { aRequestContext } from '../../test/builders/a-request-context.js';
import { someSettings } from '../../test/builders/settings.js';
import { CountingTransactions } from '../../test/contracts/counting-transactions.js';
import { onEachDatabase, type OpenDatabase } from '../../test/contracts/databases.js';
import { placesIn } from '../../test/contracts/places-in.js';
import { useDatabase } from '../../test/contracts/use-database.js';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { SequentialIds } from '../../test/fakes/sequential-ids.js';
import type { Flag } from './flag.js';
import { FlagEvaluations } from './flag-evaluations.service.js';
import { FlagListsRepository } from './flag-lists.repository.js';
import { FlagLists } from './flag-lists.service.js';
import { FlagLives } from './flag-lives.service.js';
import { FLAG_SORTS } from './flag-order.js';
import type { AskedFlags } from './flag-query.js';
import { FlagSettingsRepository } from './flag-settings.repository.js';
import { FlagsRepository } from './flags.repository.js';
import { LIFE_STAGES } from './life-stage.js';

const NOW = '2026-03-10T12:00:00.000Z';
const AN_HOUR_AGO = new Date('2026-03-10T11:00:00.000Z');
const YESTERDAY = new Date('2026-03-09T12:00:00.000Z');
const LAST_MONTH = new Date('2026-02-10T12:00:00.000Z');
const UNSAID: AskedFlags = {};

function describeLists(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const places = placesIn(store, ids);
  const [settings, flags] = [new FlagSettingsRepository(), new FlagsRepository()];
  const projects = places.reader;
  const evaluations = new FlagEvaluations();
  const clock = new FakeClock(NOW);
  /** When keys were evaluated, by environment. */
  const reported = new Map<string, ReadonlyMap<string, Date>>();
  let projectId: string;
  let production: string;
  let staging: string;
  let counted: CountingTransactions;
  let lists: FlagLists;

  beforeAll(async () => {
    projectId = await places.project('shop');
    production = await places.environment(projectId, 'production');
    staging = await places.environment(projectId, 'staging');
    const insert = (key: string, overrides: Partial<Flag>, on: readonly string[] = []) =>
      store.run(async (tx) => {
        const flag = aFlag({ id: ids.next(), projectId, key, createdAt: LAST_MONTH, ...overrides });
        await flags.insert(tx, flag);
        for (const environmentId of on) await settings.save(tx, { flagId: flag.id, environmentId }, someSettings());
      });
    await insert('f-new', { createdAt: YESTERDAY });
    await insert('e-live', {}, [production]);
    await insert('d-settled', { owner: 'carts' }, [production, staging]);
    await insert('c-idle', {}, [production, staging]);
    await insert('b-unused', {});
    await insert('a-overdue', { dueAt: YESTERDAY }, [staging]);
    reported.set(
      production,
      new Map([
        ['d-settled', AN_HOUR_AGO],
        ['e-live', YESTERDAY],
        ['c-idle', LAST_MONTH],
      ]),
    );
    reported.set(
      staging,
      new Map([
        ['a-overdue', AN_HOUR_AGO],
        ['c-idle', new Date(0)],
      ]),
    );
    evaluations.register((_tx, environmentIds, keys) => {
      const all = environmentIds.flatMap((id) => [...(reported.get(id) ?? [])]);
      const asked = all.filter(([key]) => keys.includes(key));
      return Promise.resolve(new Map(asked.toSorted(([, one], [, other]) => one.getTime() - other.getTime())));
    });
    counted = new CountingTransactions(store.transactions);
    const lives = new FlagLives(counted, projects, settings, evaluations, clock);
    lists = new FlagLists(counted, projects, new FlagListsRepository(), aFlagCatalog(projects), lives, clock);
  }, 60_000);

  const page = (asked: AskedFlags, limit = 50, after?: string, ctx = aRequestContext()) =>
    lists.list(ctx, 'shop', { limit, after }, asked);
  const keys = async (asked: AskedFlags, ctx = aRequestContext()): Promise<readonly string[]> =>
    (await page(asked, 50, undefined, ctx)).items.map(({ key }) => key.slice(2));
  const inProduction = { environment: 'production' };

  it.each<[string, AskedFlags, readonly string[]]>([
    ...LIFE_STAGES.map((stage): [string, AskedFlags, readonly string[]] => [stage, { stage }, [stage]]),
    ['stale, by key', { stale: true }, ['overdue', 'unused', 'idle', 'settled']],
    ['not stale', { stale: false }, ['live', 'new']],
    ['stale and on here', { stale: true, ...inProduction, on: true }, ['idle', 'settled']],
    ['stale, of an owner', { stale: true, owner: 'carts' }, ['settled']],
    ['in order of stage', { sort: 'stage' }, LIFE_STAGES],
    ['against the order of stage', { sort: 'stage', descending: true }, LIFE_STAGES.toReversed()],
    ['stale, in order of stage', { sort: 'stage', stale: true }, ['settled', 'idle', 'unused', 'overdue']],
    ['by the last evaluation', { sort: 'evaluated' }, ['idle', 'live', 'overdue', 'settled', 'unused', 'new']],
    [
      'by the last evaluation here, the latest first',
      { sort: 'evaluated', descending: true, ...inProduction },
      ['settled', 'live', 'idle', 'overdue', 'unused', 'new'],
    ],
    ['off before on', { sort: 'state', ...inProduction }, ['overdue', 'unused', 'new', 'idle', 'settled', 'live']],
    ['off here', { on: false, ...inProduction }, ['overdue', 'unused', 'new']],
    ['stale, by owner', { sort: 'owner', stale: true }, ['settled', 'overdue', 'unused', 'idle']],
  ])('%s', async (_name, asked, expected) => {
    expect(await keys(asked)).toEqual(expected);
  });

  it.each(
    FLAG_SORTS.flatMap((sort) => [UNSAID, { stale: true }, { descending: true }].map((more) => ({ sort, ...more }))),
  )('come page by page as they come at once: %j', async (more) => {
    const asked = { ...more, ...inProduction };
    const found: string[] = [];
    let after: string | undefined;
    do {
      const { items, nextCursor, sortKeyOf } = await page(asked, 1, after);
      found.push(...items.map(({ key }) => key.slice(2)));
      after = nextCursor === null || items[0] === undefined ? undefined : sortKeyOf(items[0]);
    } while (after !== undefined);
    expect(found).toEqual(await keys(asked));
  });

  it('tell a caller of one environment what is known there', async () => {
    const ctx = aRequestContext({ scope: [{ projectId, environmentId: staging }] });
    expect(await keys({ stage: 'unused' }, ctx)).toEqual(['unused', 'settled', 'live']);
    expect(await keys({ sort: 'evaluated', descending: true }, ctx)).toEqual([
      ...['overdue', 'idle', 'unused', 'settled', 'live', 'new'],
    ]);
    await expect(page(inProduction, 50, undefined, ctx)).rejects.toMatchObject({ code: 'SCOPE_TOO_NARROW' });
  });

  it('refuse a cursor of another list, and an environment that is not there', async () => {
    const { items, sortKeyOf } = await page({ sort: 'stage' }, 1);
    const cursor = items[0] && sortKeyOf(items[0]);
    expect((await page({ sort: 'stage' }, 1, cursor)).items).toMatchObject([{ key: 'e-live' }]);
    const refused = expect.objectContaining({ kind: 'invalid', code: 'CURSOR_OF_ANOTHER_LIST' });
    expect(() => page({ sort: 'evaluated' }, 1, cursor)).toThrow(refused);
    expect(() => page({ sort: 'stage', stale: true }, 1, cursor)).toThrow(refused);
    await expect(page({ environment: 'nowhere' })).rejects.toMatchObject({ code: 'ENVIRONMENT_NOT_FOUND' });
  });

  it('find what is far down in a large project, however little there is of it', async () => {
    const large = await places.project('large');
    await places.environment(large, 'production');
    const late = ['flag-0001', 'flag-0499', 'flag-0500', 'flag-2599'];
    await store.run((tx) => flags.insert(tx, aFlag({ id: ids.next(), projectId: large, createdAt: YESTERDAY })));
    // To insert thousands one by one would take seconds.
    await store.database.client.$executeRaw`
      INSERT INTO flag SELECT (jsonb_populate_record(flag, jsonb_build_object(
        'id', gen_random_uuid(), 'key', 'flag-' || lpad(n::text, 4, '0')))).*
      FROM flag, generate_series(0, 2599) AS n WHERE project_id = ${large}::uuid`;
    await store.database.client.flag.updateMany({
      where: { projectId: large, key: { in: late } },
      data: { dueAt: YESTERDAY },
    });
    const found = async (asked: AskedFlags, limit: number, after?: string) => {
      const { items, nextCursor, sortKeyOf } = await lists.list(aRequestContext(), 'large', { limit, after }, asked);
      const last = items.at(-1);
      return { keys: items.map(({ key }) => key), after: nextCursor === null ? null : last && sortKeyOf(last) };
    };
    expect(await found({ stale: true }, 50)).toEqual({ keys: late, after: null });
    expect(await found({ stale: true, descending: true }, 50)).toEqual({ keys: late.toReversed(), after: null });
    const first = await found({ stale: true, sort: 'updated' }, 3);
    expect(first.keys).toEqual(late.slice(0, 3));
    expect(await found({ stale: true, sort: 'updated' }, 3, first.after ?? '')).toEqual({
      keys: [late[3]],
      after: null,
    });
    const many = await found({ stage: 'new' }, 200);
    expect([many.keys.length, many.keys.at(-1)]).toEqual([200, 'flag-0200']);
  });

  it('ask the store no more often for many flags than for one', async () => {
    const calls = async (asked: AskedFlags, limit: number): Promise<number> => {
      const before = counted.calls;
      await page(asked, limit);
      return counted.calls - before;
    };
    for (const asked of [{}, { stale: true }, { sort: 'evaluated', ...inProduction }, { sort: 'stage' }] as const) {
      expect(await calls(asked, 50)).toBe(await calls(asked, 1));
    }
  });
}

describe('Lists of flags', () => onEachDatabase(describeLists));
