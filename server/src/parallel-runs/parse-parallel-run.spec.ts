import { problemOfRule } from '@sluice/sdk/comparison';
import { describe, expect, it } from '@jest/globals';
import { someRunSettings } from '../../test/builders/a-parallel-run.js';
import type { SluiceError } from '../kernel/errors.js';
import {
  applyRunEdit,
  applySettingsEdit,
  parseReset,
  parseRuleDraft,
  parseRuleEffect,
  parseRunDraft,
  parseShareEdit,
} from './parse-parallel-run.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const before = someRunSettings();
const variationsOf = (flag: string) => (flag === 'new-price' ? ['on', 'off'] : undefined);
const edit = (body: unknown) => applySettingsEdit(before, body, variationsOf);
const rule = (body: unknown) => parseRuleDraft(body, { id: 'r1', now }, problemOfRule);
const owned = { owner: 'shop', reason: 'a clock' };

describe('A new run', () => {
  it('has a name of its own, or its key', () => {
    expect(parseRunDraft({ key: 'price-v2' })).toEqual({
      ...{ key: 'price-v2', name: 'price-v2', description: '', owner: null, dueAt: null },
    });
    const said = { key: 'a', name: ' A ', description: 'b', owner: 'c', dueAt: '2026-02-01T00:00:00+01:00' };
    expect(parseRunDraft(said)).toMatchObject({ name: 'A', owner: 'c', dueAt: new Date('2026-01-31T23:00:00.000Z') });
  });

  it('is edited field by field', () => {
    const run = { ...parseRunDraft({ key: 'a', owner: 'b', dueAt: '2026-02-01T00:00:00Z' }) };
    expect(applyRunEdit(run, { owner: null, name: 'B' })).toEqual({
      ...{ name: 'B', description: '', owner: null, dueAt: new Date('2026-02-01T00:00:00.000Z') },
    });
    expect(applyRunEdit(run, { dueAt: null })).toMatchObject({ owner: 'b', dueAt: null });
  });
});

it('edits demand and runner field by field', () => {
  const after = edit({
    demand: { tolerance: 0.02, strata: [{ stratum: 'refund', minimum: 10 }] },
    runner: { serve: { flag: 'new-price', variation: 'on' }, bucketBy: '/tenant/id' },
  });
  expect(after).toEqual({
    ...before,
    demand: { ...before.demand, tolerance: 0.02, strata: [{ stratum: 'refund', minimum: 10 }] },
    runner: { ...before.runner, serve: { flag: 'new-price', variation: 'on' }, bucketBy: '/tenant/id' },
  });
  expect(edit({ runner: { serve: null } }).runner.serve).toBeNull();
  expect(edit({})).toEqual(before);
});

it('reads a rule with whose it is', () => {
  expect(
    rule({ kind: 'tolerance', path: '$.price', absolute: 0.01, ...owned, expiresAt: '2026-02-01T00:00:00Z' }),
  ).toEqual({
    ...{ id: 'r1', kind: 'tolerance', path: '$.price', absolute: 0.01, ...owned },
    ...{ expiresAt: '2026-02-01T00:00:00.000Z', createdAt: now.toISOString() },
  });
  expect(rule({ kind: 'unordered', path: '$.items', ...owned })).toMatchObject({ expiresAt: null });
});

it('prices a rule of nobody', () => {
  expect(parseRuleEffect({ kind: 'ignore', path: '$.at' }, problemOfRule)).toMatchObject({
    kind: 'ignore',
    path: '$.at',
  });
});

describe('It refuses', () => {
  it.each<[string, () => unknown, readonly string[]]>([
    ['a run of no key', () => parseRunDraft({}), ['/key SHAPE']],
    [
      'a run with several problems, all at once',
      () => parseRunDraft({ key: 'No Key', name: '', dueAt: 'soon', strange: 1 }),
      ['/dueAt SHAPE', '/key SHAPE', '/name SHAPE', '/strange UNKNOWN_FIELD'],
    ],
    ['a run that is a list', () => parseRunDraft([]), [' SHAPE']],
    [
      'a year that nothing can hold',
      () => parseRunDraft({ key: 'a', dueAt: '0001-01-01T00:00:00Z' }),
      ['/dueAt SHAPE'],
    ],
    ['another key', () => applyRunEdit(parseRunDraft({ key: 'a' }), { key: 'b' }), ['/key UNKNOWN_FIELD']],
    ['a tolerance of everything', () => edit({ demand: { tolerance: 0.5 } }), ['/demand/tolerance SHAPE']],
    ['a tolerance of nothing', () => edit({ demand: { tolerance: 0 } }), ['/demand/tolerance SHAPE']],
    [
      'certainty',
      () => edit({ demand: { alpha: 0, alphaKill: 1 } }),
      ['/demand/alpha SHAPE', '/demand/alphaKill SHAPE'],
    ],
    [
      'a stratum twice',
      () => edit({ demand: { strata: ['a', 'a'].map((stratum) => ({ stratum, minimum: 1 })) } }),
      ['/demand/strata SHAPE'],
    ],
    ['half a share', () => edit({ runner: { twinShare: 0.5 } }), ['/runner/twinShare SHAPE']],
    ['a path that is none', () => edit({ runner: { rawPaths: ['$.a', '$['] } }), ['/runner/rawPaths/1 SHAPE']],
    [
      'patterns that let everything leave',
      () => edit({ runner: { rawPaths: ['$', '$.**', '$.*', '$.a', '$[*].**', '$.**.currency', '$.items[*]'] } }),
      [0, 1, 2, 4].map((at) => `/runner/rawPaths/${at} SHAPE`),
    ],
    [
      'a flag that is not there',
      () => edit({ runner: { serve: { flag: 'x', variation: 'on' } } }),
      ['/runner/serve/flag FLAG_UNKNOWN'],
    ],
    [
      'a variation that is not there, with a wrong demand',
      () => edit({ demand: { alpha: 2 }, runner: { serve: { flag: 'new-price', variation: 'x' } } }),
      ['/demand/alpha SHAPE'],
    ],
    [
      'a variation that is not there',
      () => edit({ runner: { serve: { flag: 'new-price', variation: 'x' } } }),
      ['/runner/serve/variation VARIATION_UNKNOWN'],
    ],
    [
      'settings that are set elsewhere',
      () => edit({ share: 1, epoch: 2 }),
      ['/epoch UNKNOWN_FIELD', '/share UNKNOWN_FIELD'],
    ],
    ['a share beyond all', () => parseShareEdit({ share: 100_001 }), ['/share SHAPE']],
    ['a share that is text', () => parseShareEdit({ share: '5' }), ['/share SHAPE']],
    ['no share', () => parseShareEdit(undefined), [' SHAPE']],
    ['a reset without a word', () => parseReset({ reason: '  ' }), ['/reason SHAPE']],
    ['a rule of nobody', () => rule({ kind: 'ignore', path: '$.a' }), ['/owner SHAPE', '/reason SHAPE']],
    [
      'a rule of no kind and nobody',
      () => rule({ path: '$.a', owner: '' }),
      ['/kind SHAPE', '/owner SHAPE', '/reason SHAPE'],
    ],
    [
      'a rule that ran out',
      () => rule({ kind: 'ignore', path: '$.a', ...owned, expiresAt: now.toISOString() }),
      ['/expiresAt EXPIRY_PASSED'],
    ],
    ['a rule that hides everything', () => rule({ kind: 'ignore', path: '$', ...owned }), [' RULE_UNSOUND']],
    ['a tolerance of no bound', () => rule({ kind: 'tolerance', path: '$.a', ...owned }), [' RULE_UNSOUND']],
    [
      'a bound of another kind',
      () => rule({ kind: 'ignore', path: '$.a', absolute: 1, ...owned }),
      ['/absolute UNKNOWN_FIELD'],
    ],
    ['a rule that is a text', () => rule('ignore $.a'), ['/owner SHAPE', '/reason SHAPE', ' SHAPE']],
  ])('%s', (_name, work, expected) => expect(problemsOf(work).toSorted()).toEqual([...expected].sort()));
});

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
    return [];
  } catch (error) {
    return (error as SluiceError).problems.map(({ pointer, code }) => `${pointer} ${code}`);
  }
}
