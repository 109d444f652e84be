import { describe, expect, it } from '@jest/globals';
import { compileSnapshot, type CompiledSnapshot, evaluate, type Serve } from '@sluice/sdk/evaluation';
import fc from 'fast-check';
import { aFlag, aRule } from '../../test/builders/a-flag.js';
import { someContent } from '../../test/builders/settings.js';
import { toSnapshotFlag } from './flag.js';
import { contentOf, type SettingsContent, settingsProblems } from './parse-settings.js';
import { type FlagRamp, rampOf, type RampTarget, withShare } from './ramp-settings.js';

const split: Serve = { split: { shares: [{ variation: 'on', share: 100_000 }] } };
const servesOff = someContent({ defaultServe: { variation: 'off' } });
const target = { variation: 'off', values: ['u1'] };

describe('a ramp starts', () => {
  it.each<[string, SettingsContent, RampTarget, string]>([
    ['from what the flag serves', servesOff, { variation: 'on' }, 'off'],
    ['from what a rule serves', someContent({ rules: [aRule()] }), { variation: 'off', rule: 'rule-1' }, 'on'],
    ['from the off variation of a flag that is off', someContent({ on: false }), { variation: 'on' }, 'off'],
    [
      'from the off variation, whatever the default of a flag that is off',
      someContent({ on: false, defaultServe: split }),
      { variation: 'on' },
      'off',
    ],
    ['beside targets', { ...servesOff, targets: [target] }, { variation: 'on' }, 'off'],
  ])('%s', (_name, settings, wanted, stable) => {
    expect(rampOf(settings, wanted)).toMatchObject({ kind: 'ramp', stable, candidate: wanted.variation });
  });

  it.each<[string, SettingsContent, RampTarget, string]>([
    ['the flag serves a split', someContent({ defaultServe: split }), { variation: 'on' }, 'RAMP_SERVES_SPLIT'],
    [
      'its rule serves a split',
      someContent({ rules: [aRule({ serve: split })] }),
      { variation: 'on', rule: 'rule-1' },
      'RAMP_SERVES_SPLIT',
    ],
    ['it serves the target already', someContent(), { variation: 'on' }, 'RAMP_CHANGES_NOTHING'],
    ['it is off with the target', someContent({ on: false }), { variation: 'off' }, 'RAMP_CHANGES_NOTHING'],
    ['it is off with rules', someContent({ on: false, rules: [aRule()] }), { variation: 'on' }, 'RAMP_FLAG_OFF'],
    ['it is off with targets', someContent({ on: false, targets: [target] }), { variation: 'on' }, 'RAMP_FLAG_OFF'],
    [
      'it is off without an off variation',
      someContent({ on: false, offVariation: null }),
      { variation: 'on' },
      'RAMP_STABLE_UNKNOWN',
    ],
    ['it has no default serve', someContent({ defaultServe: null }), { variation: 'on' }, 'RAMP_STABLE_UNKNOWN'],
    ['it has no such rule', servesOff, { variation: 'on', rule: 'r9' }, 'RAMP_RULE_UNKNOWN'],
  ])('not when %s, and says what to do', (_name, settings, wanted, code) => {
    expect(rampOf(settings, wanted)).toEqual({ kind: 'refused', code, message: expect.stringMatching(/; .+\.$/u) });
  });
});

/** A ramp that must begin. */
function begin(settings: SettingsContent, wanted: RampTarget): FlagRamp {
  const ramp = rampOf(settings, wanted);
  if (ramp.kind === 'refused') throw new Error(ramp.message);
  return ramp;
}

function compile(settings: SettingsContent): CompiledSnapshot {
  const flags = [toSnapshotFlag(aFlag(), { ...settings, version: 1, updatedAt: null })];
  return compileSnapshot({ schemaVersion: 1, project: 'p', environment: 'e', revision: 1, flags, segments: [] });
}

const share = fc.integer({ min: 0, max: 100_000 });
const starts = fc.constantFrom<[SettingsContent, RampTarget]>(
  [servesOff, { variation: 'on' }],
  [someContent({ on: false }), { variation: 'on' }],
  [
    { ...servesOff, targets: [target], rules: [aRule({ clauses: [] })] },
    { variation: 'off', rule: 'rule-1' },
  ],
  [servesOff, { variation: 'on', bucketBy: 'account' }],
);
const users = Array.from({ length: 400 }, (_, i) => ({ targetingKey: `user-${i}`, account: `account-${i % 40}` }));

describe('settings at a share', () => {
  const inAt = (settings: SettingsContent, ramp: FlagRamp, at: number): ReadonlySet<string> => {
    const compiled = compile(withShare(settings, ramp, at));
    const served = users.filter((user) => evaluate(compiled, 'new-cart', user).variant === ramp.candidate);
    return new Set(served.map(({ targetingKey }) => targetingKey));
  };

  it('drop nobody when the share rises, whatever it was before', () => {
    fc.assert(
      fc.property(starts, share, share, ([settings, wanted], one, other) => {
        const ramp = begin(settings, wanted);
        const few = inAt(settings, ramp, Math.min(one, other));
        const many = inAt(settings, ramp, Math.max(one, other));
        expect([...few].filter((user) => !many.has(user))).toEqual([]);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('serve as many as the share says, none at 0 and all at 100 %', () => {
    const ramp = begin(servesOff, { variation: 'on' });
    const [none, tenth, half, all] = [0, 10_000, 50_000, 100_000].map((at) => inAt(servesOff, ramp, at).size);
    expect([none, all]).toEqual([0, 400]);
    // Four standard deviations of a fair hash, either way.
    expect(Math.abs((tenth ?? 0) - 40)).toBeLessThan(24);
    expect(Math.abs((half ?? 0) - 200)).toBeLessThan(40);
  });

  it('are sound wherever the ramp stands, and change nothing but the serve and the switch', () => {
    fc.assert(
      fc.property(starts, share, ([settings, wanted], at) => {
        const moved = withShare(settings, begin(settings, wanted), at);
        expect(settingsProblems(moved, new Set(['on', 'off']))).toEqual([]);
        expect(moved.on).toBe(true);
        const { on, defaultServe, rules } = settings;
        const withServesOf = moved.rules.map((rule, index) => ({ ...rule, serve: rules[index]?.serve }));
        expect({ ...moved, on, defaultServe, rules: withServesOf }).toEqual(settings);
      }),
      { seed: 1 },
    );
  });

  it('serve a context without a key at both ends of the ramp', () => {
    const ramp = begin(servesOff, { variation: 'on' });
    const served = [0, 100_000].map((at) => evaluate(compile(withShare(servesOff, ramp, at)), 'new-cart', {}).variant);
    expect(served).toEqual(['off', 'on']);
  });

  it('leave what was before as it was, to be put back', () => {
    fc.assert(
      fc.property(starts, fc.array(share, { minLength: 1, maxLength: 5 }), ([settings, wanted], steps) => {
        const kept = JSON.parse(JSON.stringify(contentOf(settings))) as SettingsContent;
        const ramp = begin(settings, wanted);
        for (const at of steps) withShare(settings, ramp, at);
        expect(contentOf(settings)).toEqual(kept);
      }),
      { seed: 1 },
    );
  });
});
