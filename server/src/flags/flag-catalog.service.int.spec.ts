import { describe, expect, it } from '@jest/globals';
import { aFlag, aRule } from '../../test/builders/a-flag.js';
import { someContent, someSettings } from '../../test/builders/settings.js';
import { onEachDatabase, type OpenDatabase } from '../../test/contracts/databases.js';
import { placesIn } from '../../test/contracts/places-in.js';
import { useDatabase } from '../../test/contracts/use-database.js';
import { SequentialIds } from '../../test/fakes/sequential-ids.js';
import { SegmentReferrers } from '../segments/index.js';
import type { Flag } from './flag.js';
import { FlagCatalog } from './flag-catalog.service.js';
import { FlagSettingsRepository } from './flag-settings.repository.js';
import { FlagsRepository } from './flags.repository.js';
import type { StampedFlags } from './stamped-flags.js';

const LATER = new Date('2026-02-02T00:00:00.000Z');

function describeCatalog(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const places = placesIn(store, ids);
  const flags = new FlagsRepository();
  const settings = new FlagSettingsRepository();
  const catalog = new FlagCatalog(flags, settings, places.reader, places.segments, new SegmentReferrers());

  /** A project of flags by these keys, in order, and what reads them in one of its two environments. */
  const settle = async (project: string, keys: readonly string[]) => {
    const projectId = await places.project(project);
    const environmentId = await places.environment(projectId, 'live');
    const elsewhereId = await places.environment(projectId, 'test');
    const insert = async (key: string): Promise<Flag> => {
      const flag = aFlag({ id: ids.next(), projectId, key });
      await store.run((tx) => flags.insert(tx, flag));
      return flag;
    };
    const stored: Flag[] = [];
    for (const key of keys) stored.push(await insert(key));
    const read = (known?: StampedFlags): Promise<StampedFlags> =>
      store.run((tx) => catalog.stampedFlags(tx, projectId, environmentId, known));
    return { projectId, environmentId, elsewhereId, stored, insert, read };
  };

  it('reads again those flags that changed in this environment, however they did, and no other', async () => {
    const { environmentId, elsewhereId, stored, insert, read } = await settle('changing', ['a', 'b', 'c']);
    const [a, b, c] = stored as [Flag, Flag, Flag];
    let known = await read();
    /** The keys of flags that are other objects after a change, and of those that are gone. */
    const changedBy = async (change: () => Promise<unknown>): Promise<readonly string[]> => {
      await change();
      const before = new Map([...known.values()].map((flag) => [flag.key, flag]));
      known = await read(known);
      expect(known).toEqual(await read());
      const now = [...known.values()];
      const isGone = (key: string): boolean => now.every((flag) => flag.key !== key);
      const changed = now.filter((flag) => before.get(flag.key) !== flag);
      return [...changed.map(({ key }) => key), ...[...before.keys()].filter(isGone)];
    };
    const place = { flagId: b.id, environmentId };
    expect([...known.values()].map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    expect(await changedBy(() => Promise.resolve())).toEqual([]);
    expect(await changedBy(() => store.run((tx) => settings.save(tx, place, someSettings())))).toEqual(['b']);
    const elsewhere = { ...place, environmentId: elsewhereId };
    expect(await changedBy(() => store.run((tx) => settings.save(tx, elsewhere, someSettings())))).toEqual([]);
    const moved = { ...a, metadata: { team: 'carts' }, updatedAt: LATER };
    expect(await changedBy(() => store.run((tx) => flags.save(tx, moved)))).toEqual(['a']);
    // As a restore would leave it: another day's settings under the version that was seen.
    const { client } = store.database;
    const restore = () =>
      client.flagSettings.updateMany({ where: { ...place, version: 1 }, data: { on: false, updatedAt: LATER } });
    expect(await changedBy(restore)).toEqual(['b']);
    expect(await changedBy(() => store.run((tx) => flags.delete(tx, c)))).toEqual(['c']);
    expect(await changedBy(() => insert('c'))).toEqual(['c']);
  });

  it('reads any number of flags', async () => {
    const { projectId, stored, read } = await settle('many', ['flag-0']);
    const known = await read();
    const more = Array.from({ length: 600 }, (_none, at) =>
      aFlag({ id: ids.next(), projectId, key: `flag-${at + 1}` }),
    );
    const rows = more.map((flag) => ({ ...flag, tags: [], variations: [{ key: 'on', value: true }], metadata: {} }));
    await store.database.client.flag.createMany({ data: rows });
    const now = await read(known);
    expect(now.size).toBe(601);
    const first = (of: StampedFlags) => [...of.values()].find(({ key }) => key === stored[0]?.key);
    expect(first(now)).toBe(first(known));
  });

  it('knows the surroundings of what settings name, and asks for nothing that they do not', async () => {
    const { projectId, environmentId, stored } = await settle('named', ['a', 'b']);
    const [a, b] = stored as [Flag, Flag];
    const needsB = someSettings({ prerequisites: [{ flag: 'b', variations: ['on'] }] });
    await store.run((tx) => settings.save(tx, { flagId: a.id, environmentId }, needsB));
    await store.run((tx) => settings.save(tx, { flagId: b.id, environmentId }, someSettings()));
    await places.segment(projectId, 'staff');
    const around = (...contents: Parameters<typeof catalog.surroundings>[2]) =>
      store.run((tx) => catalog.surroundings(tx, { projectId, environmentId }, contents));
    const variationKeys = new Set(['on', 'off']);
    const prerequisites = [{ flag: 'b', variations: ['on'] }];
    const neighbours = new Map([
      ['a', { variationKeys, prerequisites }],
      ['b', { variationKeys, prerequisites: [] }],
    ]);
    const staff = { attribute: '', operator: 'inSegment', values: ['staff'], negate: false } as const;
    const nothing = someContent({ rules: [aRule()] });
    expect(await around(nothing)).toEqual({ segmentKeys: new Set(), flags: new Map() });
    expect(await around(nothing, someContent({ prerequisites }))).toEqual({
      segmentKeys: new Set(),
      flags: neighbours,
    });
    expect(await around(someContent({ rules: [aRule({ clauses: [staff] })] }))).toEqual({
      segmentKeys: new Set(['staff']),
      flags: new Map(),
    });
  });
}

describe('FlagCatalog', () => onEachDatabase(describeCatalog));
