import { describe, expect, it } from '@jest/globals';
import { type AskedFlags, isAtStage, nameFilter, needsStages, parseFlagQuery, readsAll } from './flag-query.js';
import { LIFE_STAGES } from './life-stage.js';

const nameOf = (asked: AskedFlags): string => nameFilter(parseFlagQuery(asked));

describe('a query of flags', () => {
  it('is of all, in order of key, where nothing is said', () => {
    const { order, stage, stale, environment } = parseFlagQuery({ search: null });
    expect({ order, stage, stale, environment }).toEqual({
      ...{ order: { sort: 'key', descending: false } },
      ...{ stage: undefined, stale: undefined, environment: undefined },
    });
  });

  it.each<[string, AskedFlags]>([
    ['what is on', { on: true }],
    ['what is off', { on: false }],
    ['the order of state', { sort: 'state' }],
  ])('of %s says in which environment', (_name, asked) => {
    expect(() => parseFlagQuery(asked)).toThrow(expect.objectContaining({ code: 'ENVIRONMENT_MISSING' }));
    expect(parseFlagQuery({ ...asked, environment: 'production' })).toMatchObject({ environment: 'production' });
  });

  it('has one name for one list, whatever way it is said, and another for another', () => {
    expect(nameOf({ tags: ['b', 'a'], search: null })).toBe(nameOf({ tags: ['a', 'b'], overdue: undefined }));
    const lists: readonly AskedFlags[] = [
      {},
      { tags: ['a'] },
      { search: 'a' },
      { owner: 'a' },
      { environment: 'a' },
      { environment: 'a', on: true },
      { environment: 'a', on: false },
      { overdue: true },
      { overdue: false },
      { stale: true },
      { stale: false },
      ...LIFE_STAGES.map((stage) => ({ stage })),
      { type: 'json' },
      { purpose: 'release' },
    ];
    expect(new Set(lists.map(nameOf)).size).toBe(lists.length);
  });

  it.each<[AskedFlags, readonly string[], boolean]>([
    [{}, LIFE_STAGES, false],
    [{ sort: 'stage' }, LIFE_STAGES, true],
    [{ stage: 'idle' }, ['idle'], true],
    [{ stale: true }, ['settled', 'idle', 'unused', 'overdue'], true],
    [{ stale: false }, ['new', 'live'], true],
    [{ stale: true, stage: 'new' }, [], true],
  ])('%j has flags of the stages %j', (asked, stages, isNeeded) => {
    const query = parseFlagQuery(asked);
    expect(LIFE_STAGES.filter((stage) => isAtStage(query, stage))).toEqual(stages);
    expect(needsStages(query)).toBe(isNeeded);
  });

  it.each<[AskedFlags, boolean]>([
    [{}, false],
    [{ stage: null, stale: null, sort: null, search: 'a' }, false],
    [{ sort: 'name' }, false],
    [{ stage: 'live' }, true],
    [{ stale: false }, true],
    [{ sort: 'state' }, true],
    [{ sort: 'evaluated' }, true],
    [{ sort: 'stage' }, true],
  ])('%j reads all flags of a project: %s', (asked, expected) => expect(readsAll(asked)).toBe(expected));

  it('that does not depend on stages has flags whose stage nobody asked for', () => {
    expect(isAtStage(parseFlagQuery({}), undefined)).toBe(true);
  });
});
