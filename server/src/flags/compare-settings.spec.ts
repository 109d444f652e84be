import { describe, expect, it } from '@jest/globals';
import { aRule } from '../../test/builders/a-flag.js';
import { someContent, someSettings } from '../../test/builders/settings.js';
import { carryOver, compareSettings, type Likeness, type SettingsField } from './compare-settings.js';
import type { FlagSettings } from './flag.js';

const set = (overrides: Partial<FlagSettings> = {}) => someSettings({ version: 1, ...overrides });
const split = (...order: readonly ('on' | 'off')[]) => ({
  split: { bucketBy: 'targetingKey', shares: order.map((variation) => ({ variation, share: 50_000 })) },
});

describe('compareSettings', () => {
  it.each<[string, FlagSettings, FlagSettings, Likeness, readonly SettingsField[]]>([
    ['the same settings', set(), set(), 'same', []],
    ['settings that nobody set', someSettings(), someSettings(), 'same', []],
    ['settings edited more often to the same', set(), set({ version: 9, updatedAt: null }), 'same', []],
    ['settings that say what is so untouched', set(), someSettings(), 'same', []],
    ['a switch', set(), set({ on: false }), 'different', ['on']],
    ['settings set on the left alone', set({ on: false }), someSettings(), 'onlyLeft', ['on']],
    ['settings set on the right alone', someSettings(), set({ on: false }), 'onlyRight', ['on']],
    ['no variation and one', set({ offVariation: null }), set(), 'different', ['offVariation']],
    [
      'shares in another order',
      set({ defaultServe: split('on', 'off') }),
      set({ defaultServe: split('off', 'on') }),
      'different',
      ['defaultServe'],
    ],
    ['a rule with another id', set({ rules: [aRule()] }), set({ rules: [aRule({ id: 'rule-2' })] }), 'same', []],
    [
      'a rule of other words',
      set({ rules: [aRule()] }),
      set({ rules: [aRule({ description: 'x' })] }),
      'different',
      ['rules'],
    ],
    [
      'rules in another order',
      set({ rules: [aRule(), aRule({ description: 'x' })] }),
      set({ rules: [aRule({ description: 'x' }), aRule()] }),
      'different',
      ['rules'],
    ],
    [
      'the same said in another order of keys',
      set({ targets: [{ variation: 'on', values: ['a'] }] }),
      set({ targets: [{ values: ['a'], variation: 'on' }] }),
      'same',
      [],
    ],
    [
      'all at once',
      set({
        on: false,
        offVariation: null,
        defaultServe: null,
        targets: [{ variation: 'on', values: ['a'] }],
        rules: [aRule()],
        prerequisites: [{ flag: 'a', variations: ['on'] }],
      }),
      set(),
      'different',
      ['on', 'offVariation', 'defaultServe', 'targets', 'rules', 'prerequisites'],
    ],
  ])('of %s', (_name, left, right, likeness, fields) => {
    expect(compareSettings(left, right)).toEqual({ likeness, fields });
  });
});

describe('carryOver', () => {
  const source = someContent({ on: false, offVariation: null, rules: [aRule()] });
  const target = someContent({ targets: [{ variation: 'on', values: ['a'] }] });

  it.each<[readonly SettingsField[], object]>([
    [['rules'], { ...target, rules: source.rules }],
    [['on', 'offVariation'], { ...target, on: false, offVariation: null }],
    [['on', 'offVariation', 'defaultServe', 'targets', 'rules', 'prerequisites'], source],
  ])('takes %j and leaves the rest', (fields, expected) => {
    expect(carryOver(source, target, fields)).toEqual(expected);
  });
});
