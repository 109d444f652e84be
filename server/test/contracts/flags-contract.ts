import { expect, it } from '@jest/globals';
import type { Flag } from '../../src/flags/flag.js';
import { FlagsRepository } from '../../src/flags/flags.repository.js';
import { FlagSettingsRepository } from '../../src/flags/flag-settings.repository.js';
import { aFlag, aRule } from '../builders/a-flag.js';
import { someSettings } from '../builders/settings.js';
import { SequentialIds } from '../fakes/sequential-ids.js';
import type { OpenDatabase } from './databases.js';
import { placesIn } from './places-in.js';
import { useDatabase } from './use-database.js';

const ODD_TEXT = 'Füße 店 🛒 \u202e"\'\\ \u007f\ufffd';
const ODD_JSON = {
  nested: [null, true, -0.5, 1e308, 5e-324, 12345678901234567890, { '': '', 'a/b~c': ODD_TEXT, constructor: 1 }],
};

/** What the flags repository promises on every database. */
export function describeFlags(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const places = placesIn(store, ids);
  const flags = new FlagsRepository();
  const insert = async (projectId: string, overrides: Partial<Flag> = {}): Promise<Flag> => {
    const flag = aFlag({ id: ids.next(), projectId, ...overrides });
    await store.run((tx) => flags.insert(tx, flag));
    return flag;
  };
  const find = (projectId: string, key: string) => store.run((tx) => flags.find(tx, projectId, key));

  it('gives back what was stored, whatever it holds', async () => {
    const flag = await insert(await places.project('stored'), {
      key: 'Team/new-cart:v2.x_y',
      type: 'json',
      name: ODD_TEXT,
      description: ODD_TEXT,
      tags: ['b', 'a', ODD_TEXT],
      owner: ODD_TEXT,
      purpose: 'experiment',
      dueAt: new Date('9999-12-31T23:59:59.999Z'),
      variations: [
        { key: 'z', value: ODD_JSON },
        { key: 'a', value: [] },
      ],
      metadata: { text: ODD_TEXT, number: 0.1, truth: false, constructor: 'x' },
    });
    expect(await find(flag.projectId, flag.key)).toEqual(flag);
    expect(await store.run((tx) => flags.listAll(tx, flag.projectId))).toEqual([flag]);
  });

  it('keeps keys distinct within a project only, and tells case apart', async () => {
    const [first, second] = [await places.project('first'), await places.project('second')];
    const kept = await insert(first, { key: 'cart' });
    await insert(second, { key: 'cart' });
    await insert(first, { key: 'Cart' });
    await expect(insert(first, { key: 'cart' })).rejects.toMatchObject({ kind: 'conflict', code: 'FLAG_EXISTS' });
    expect(await find(first, 'cart')).toEqual(kept);
    expect(await find(first, 'CART')).toBeNull();
  });

  it('saves a new version and refuses a save or a deletion from an old one', async () => {
    const flag = await insert(await places.project('edited'));
    const saved = await store.run((tx) => flags.save(tx, { ...flag, name: 'New', dueAt: null }));
    expect(saved).toEqual({ ...flag, name: 'New', version: 2 });
    expect(await find(flag.projectId, flag.key)).toEqual(saved);
    const stale = { kind: 'conflict', code: 'EDIT_COLLIDED' };
    await expect(store.run((tx) => flags.save(tx, { ...flag, name: 'Late' }))).rejects.toMatchObject(stale);
    await expect(store.run((tx) => flags.delete(tx, flag))).rejects.toMatchObject(stale);
    expect(await find(flag.projectId, flag.key)).toEqual(saved);
  });

  it('lets one of several simultaneous saves of the same version through', async () => {
    const flag = await insert(await places.project('contended'));
    const saves = Array.from({ length: 5 }, (_, i) =>
      store.run((tx) => flags.save(tx, { ...flag, name: `Name ${i}` })),
    );
    const outcomes = await Promise.allSettled(saves);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await find(flag.projectId, flag.key)).toMatchObject({ version: 2 });
  });

  it('deletes a flag with its settings', async () => {
    const projectId = await places.project('deleted');
    const place = { flagId: '', environmentId: await places.environment(projectId, 'production') };
    const flag = await insert(projectId);
    const settings = new FlagSettingsRepository();
    await store.run((tx) => settings.save(tx, { ...place, flagId: flag.id }, someSettings()));
    await store.run((tx) => flags.delete(tx, flag));
    expect(await find(projectId, flag.key)).toBeNull();
    expect(await store.run((tx) => settings.find(tx, { ...place, flagId: flag.id }))).toBeNull();
  });

  it('gives those of many keys that there are, and the tags of all, each once', async () => {
    const projectId = await places.project('many');
    const [a, b] = [await insert(projectId, { key: 'a', tags: ['q3', 'cart'] }), await insert(projectId, { key: 'b' })];
    await insert(await places.project('others'), { key: 'c', tags: ['elsewhere'] });
    const found = await store.run((tx) => flags.listByKeys(tx, projectId, ['b', 'c', 'a', 'a']));
    expect(found.toSorted((one, other) => (one.key < other.key ? -1 : 1))).toEqual([a, b]);
    await insert(projectId, { key: 'd', tags: ['Q3', 'cart'] });
    expect(await store.run((tx) => flags.listTags(tx, projectId))).toEqual(['Q3', 'cart', 'q3']);
  });
}

/** What the repository of flags' settings promises on every database. */
export function describeFlagSettings(open: OpenDatabase): void {
  const store = useDatabase(open);
  const ids = new SequentialIds();
  const places = placesIn(store, ids);
  const settings = new FlagSettingsRepository();
  const settle = async (project: string, environment = 'production') => {
    const projectId = await places.project(project);
    const environmentId = await places.environment(projectId, environment);
    const flag = aFlag({ id: ids.next(), projectId });
    await store.run((tx) => new FlagsRepository().insert(tx, flag));
    return { projectId, place: { flagId: flag.id, environmentId } };
  };
  const save = (...args: [Parameters<typeof settings.find>[1], ReturnType<typeof someSettings>]) =>
    store.run((tx) => settings.save(tx, ...args));
  const find = (place: Parameters<typeof settings.find>[1]) => store.run((tx) => settings.find(tx, place));

  it('gives back what was stored, whatever it holds', async () => {
    const { place } = await settle('stored');
    const full = someSettings({
      defaultServe: { split: { bucketBy: '/org/id', seed: ODD_TEXT, shares: [{ variation: 'on', share: 100_000 }] } },
      targets: [{ variation: 'off', values: [ODD_TEXT, 'constructor'] }],
      rules: [aRule({ clauses: [{ attribute: ODD_TEXT, operator: 'in', values: [1e308, '', true, ODD_TEXT] }] })],
      prerequisites: [{ flag: 'other', variations: ['x', 'y'] }],
    });
    expect(await find(place)).toBeNull();
    expect(await save(place, full)).toEqual({ ...full, version: 1 });
    expect(await find(place)).toEqual({ ...full, version: 1 });
  });

  it('tells nothing from something', async () => {
    const { place } = await settle('nothing');
    const saved = await save(place, someSettings({ offVariation: null, defaultServe: null }));
    expect(await find(place)).toEqual(saved);
    expect(saved).toMatchObject({ offVariation: null, defaultServe: null });
    const filled = await save(place, { ...saved, defaultServe: { variation: 'on' } });
    expect(await find(place)).toEqual(filled);
    expect(await save(place, { ...filled, defaultServe: null })).toEqual({ ...saved, version: 3 });
    expect(await find(place)).toMatchObject({ defaultServe: null, version: 3 });
  });

  it('lets one of several simultaneous saves of the same version through, the first version too', async () => {
    const { place } = await settle('contended');
    for (const version of [0, 1]) {
      const saves = Array.from({ length: 5 }, () => save(place, someSettings({ version })));
      const outcomes = await Promise.allSettled(saves);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refusals = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
      );
      for (const refusal of refusals) expect(refusal).toMatchObject({ kind: 'conflict', code: 'EDIT_COLLIDED' });
      expect(await find(place)).toMatchObject({ version: version + 1 });
    }
  });

  it('tells what all are served everywhere, and which flags are on', async () => {
    const { projectId, place } = await settle('sole');
    const { flagId } = place;
    const answers = (...environmentIds: readonly string[]) =>
      store.run((tx) => settings.mapSoleAnswers(tx, [flagId, ids.next()], environmentIds));
    const setIn = async (overrides: Parameters<typeof someSettings>[0]): Promise<string> => {
      const environmentId = await places.environment(projectId, `e${ids.next().slice(-12)}`);
      await save({ flagId, environmentId }, someSettings(overrides));
      return environmentId;
    };
    const split = { shares: [{ variation: 'on', share: 100_000 }] };
    const [one, other] = [await setIn({}), await setIn({ targets: [{ variation: 'off', values: [] }] })];
    const sole = new Map([[flagId, 'on']]);
    expect(await answers(one)).toEqual(sole);
    expect(await answers(one, other)).toEqual(sole);
    const off = await setIn({ on: false });
    const differing = [
      off,
      place.environmentId,
      await setIn({ defaultServe: { variation: 'off' } }),
      await setIn({ rules: [aRule()] }),
      await setIn({ targets: [{ variation: 'off', values: ['ada'] }] }),
      await setIn({ defaultServe: { split } }),
      await setIn({ defaultServe: null }),
      await setIn({ prerequisites: [{ flag: 'checkout', variations: ['on'] }] }),
    ];
    for (const environmentId of differing) expect(await answers(one, environmentId)).toEqual(new Map());
    expect(await answers()).toEqual(new Map());
    const isOn = async (id: string) => (await store.run((tx) => settings.listOn(tx, id))).has(flagId);
    expect([await isOn(one), await isOn(off), await isOn(place.environmentId)]).toEqual([true, false, false]);
  });

  it('lists by flag over environments, and by environment over flags', async () => {
    const { projectId, place } = await settle('listed');
    const staging = { ...place, environmentId: await places.environment(projectId, 'staging') };
    const other = aFlag({ id: ids.next(), projectId, key: 'other' });
    await store.run((tx) => new FlagsRepository().insert(tx, other));
    const [a, b] = [await save(place, someSettings()), await save(staging, someSettings({ on: false }))];
    const c = await save({ ...place, flagId: other.id }, someSettings({ offVariation: 'on' }));
    const listed = await store.run((tx) => settings.listOfFlags(tx, [place.flagId]));
    expect(listed).toHaveLength(2);
    expect(listed).toEqual(
      expect.arrayContaining([
        { ...place, settings: a },
        { ...staging, settings: b },
      ]),
    );
    expect(await store.run((tx) => settings.listOfFlags(tx, []))).toEqual([]);
    const inProduction = await store.run((tx) => settings.mapOfEnvironment(tx, place.environmentId));
    expect(inProduction).toEqual(
      new Map([
        [place.flagId, a],
        [other.id, c],
      ]),
    );
  });
}
