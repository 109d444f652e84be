import { beforeAll, expect, it } from '@jest/globals';
import type { Flag } from '../../src/flags/flag.js';
import { FlagListsRepository, type FlagListing, type FlagSketch } from '../../src/flags/flag-lists.repository.js';
import { BY_KEY, FLAG_SORTS, type FlagOrder, isStored, storedPosition } from '../../src/flags/flag-order.js';
import type { FlagFilter } from '../../src/flags/flag-query.js';
import { FlagSettingsRepository } from '../../src/flags/flag-settings.repository.js';
import { FlagsRepository } from '../../src/flags/flags.repository.js';
import { aFlag } from '../builders/a-flag.js';
import { someSettings } from '../builders/settings.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { placesIn } from './places-in.js';
import { useDatabase } from './use-database.js';

const [YESTERDAY, NOW] = [new Date('2026-11-20T00:00:00Z'), new Date('2026-11-21T00:00:00Z')];
const STORED: readonly FlagOrder[] = FLAG_SORTS.flatMap((sort) =>
  [false, true].map((descending) => ({ sort, descending })),
).filter(isStored);

/** What lists of flags promise on every database. */
export function describeFlagLists(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const places = placesIn(store, ids);
  const lists = new FlagListsRepository();
  let projectId: string;
  /** Of six flags that have much in common. */
  let ordered: string;
  let environmentId: string;
  const list = (listing: Partial<FlagListing>, limit?: number): Promise<readonly FlagSketch[]> => {
    const whole = { projectId, environmentId, filter: {}, order: BY_KEY, after: undefined, now: NOW };
    return store.run((tx) => lists.list(tx, { ...whole, ...listing }, limit));
  };
  const keysOf = (flags: readonly FlagSketch[]): readonly string[] => flags.map(({ key }) => key);

  beforeAll(async () => {
    projectId = await places.project('listed');
    environmentId = await places.environment(projectId, 'production');
    const settings = new FlagSettingsRepository();
    const insert = (of: string, overrides: Partial<Flag>, on?: boolean) =>
      store.run(async (tx) => {
        const flag = aFlag({ id: ids.next(), projectId: of, ...overrides });
        await new FlagsRepository().insert(tx, flag);
        const place = { flagId: flag.id, environmentId };
        if (on !== undefined) await settings.save(tx, place, someSettings({ on }));
      });
    await insert(await places.project('elsewhere'), { key: 'new_cart', tags: ['q3'] });
    await insert(projectId, { key: 'a', name: 'Neuer Warenkorb', tags: ['q3', 'cart'], owner: 'payments' }, true);
    await insert(projectId, { key: 'b/new_cart', name: 'B', type: 'json', tags: ['Q3'], purpose: 'permission' }, false);
    const full = { tags: ['cart'], owner: 'Payments', dueAt: YESTERDAY, updatedAt: NOW };
    ordered = await places.project('ordered');
    for (const [at, key] of ['f', 'a', 'd', 'c', 'e', 'b'].entries()) {
      // In pairs, and some without.
      const day = [YESTERDAY, NOW, null][at % 3] ?? null;
      const owner = [null, 'carts', 'payments'][at % 3] ?? null;
      await insert(ordered, { key, name: at < 3 ? 'Same' : key, owner, dueAt: day, updatedAt: day ?? NOW });
    }
    await insert(projectId, { key: 'c-newXcart', name: '100% \\o/', ...full });
  });

  it.each<[string, FlagFilter, readonly string[]]>([
    ['nothing to narrow', {}, ['a', 'b/new_cart', 'c-newXcart']],
    ['a tag, to the letter', { tags: ['q3'] }, ['a']],
    ['tags, all of them', { tags: ['q3', 'cart'] }, ['a']],
    ['what is overdue', { overdue: true }, ['c-newXcart']],
    ['what is not, and part of a key', { overdue: false, search: 'new' }, ['b/new_cart']],
    ['a purpose', { purpose: 'permission' }, ['b/new_cart']],
    ['an owner, to the letter', { owner: 'payments' }, ['a']],
    ['a part of a name, in any case', { search: 'WARENKORB' }, ['a']],
    ['a part of a key, in any case', { search: 'NEWx' }, ['c-newXcart']],
    ['an underscore, which is no wildcard', { search: 'new_cart' }, ['b/new_cart']],
    ['a percent sign, which is no wildcard', { search: '0%' }, ['c-newXcart']],
    ['a percent sign between letters', { search: 'n%t' }, []],
    ['a backslash', { search: '\\o' }, ['c-newXcart']],
    ['a quote', { search: `'; DROP TABLE flag; --` }, []],
    ['a type', { type: 'json' }, ['b/new_cart']],
    ['what is on', { on: true }, ['a']],
    ['what is off, or was never set', { on: false }, ['b/new_cart', 'c-newXcart']],
    ['all at once', { tags: ['cart'], owner: 'payments', search: 'a' }, ['a']],
  ])('by key, given %s', async (_name, filter, keys) => expect(keysOf(await list({ filter }))).toEqual(keys));

  it.each(STORED)('by $sort, descending: $descending, whole or one by one behind the last', async (order) => {
    const whole = await list({ projectId: ordered, order });
    expect(keysOf(whole).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    const values = whole.map((flag) => storedPosition(flag, order).value);
    const known = values.filter((value) => value !== null);
    expect(values.slice(known.length).every((value) => value === null)).toBe(true);
    if (typeof known[0] === 'number') {
      const numbers = known.map(Number);
      expect(numbers).toEqual(numbers.toSorted((one, other) => (order.descending ? other - one : one - other)));
    }
    const oneByOne: FlagSketch[] = [];
    for (;;) {
      const last = oneByOne.at(-1);
      const after = last && storedPosition(last, order);
      const [next] = await list({ projectId: ordered, order, after }, 1);
      if (next === undefined) break;
      oneByOne.push(next);
    }
    expect(keysOf(oneByOne)).toEqual(keysOf(whole));
  });

  it('behind a flag that is there no more', async () => {
    expect(keysOf(await list({ after: { value: null, key: 'b' } }, 2))).toEqual(['b/new_cart', 'c-newXcart']);
    const order = { sort: 'updated', descending: true } as const;
    const found = await list({ order, after: { value: NOW.getTime() + 1, key: 'gone' } }, 1);
    expect(found.map(({ updatedAt }) => updatedAt)).toEqual([NOW]);
  });
}
