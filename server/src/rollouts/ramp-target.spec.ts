import { describe, expect, it } from '@jest/globals';
import { aFlagTarget, aServiceTarget } from '../../test/builders/a-rollout.js';
import { someContent } from '../../test/builders/settings.js';
import { comparedSubjects, isOfService, settingsAt, snapshotRampsOf, subjectOf } from './ramp-target.js';

const edited = aFlagTarget({ flag: 'banner', ramp: null, base: someContent({ offVariation: null }) });
const targets = [aFlagTarget(), aServiceTarget(), edited];

it('names its subjects, and compares those that have two arms', () => {
  expect(targets.map(subjectOf)).toEqual(['flag/new-cart', 'service/checkout', 'flag/banner']);
  expect(comparedSubjects(targets)).toEqual(['flag/new-cart', 'service/checkout']);
  expect(targets.map(subjectOf).map(isOfService)).toEqual([false, true, false]);
});

describe('what a flag decides', () => {
  it('grows from its stable variation to its candidate', () => {
    const serves = [0, 25_000, 100_000].map((share) => settingsAt(aFlagTarget(), share).defaultServe);
    expect(serves).toEqual([
      { variation: 'off' },
      {
        split: {
          fallback: 'off',
          shares: [
            { variation: 'on', share: 25_000 },
            { variation: 'off', share: 75_000 },
          ],
        },
      },
      { variation: 'on' },
    ]);
  });

  it('is what an edit without a ramp says, at every share', () => {
    for (const share of [0, 1, 100_000]) expect(settingsAt(edited, share)).toEqual(edited.base);
  });

  it('leaves what it goes back to as it was', () => {
    const target = aFlagTarget();
    settingsAt(target, 50_000);
    expect(target).toEqual(aFlagTarget());
  });
});

it('tells SDKs which arms there are, and nothing of what is not ramped', () => {
  const ruled = aFlagTarget({ flag: 'vip', ramp: { kind: 'ramp', stable: 'off', candidate: 'on', rule: 'r1' } });
  expect(snapshotRampsOf({ id: 'x', targets: [...targets, ruled], ramp: { share: 5_000 } })).toEqual([
    { rollout: 'x', subject: 'flag/new-cart', stable: 'off', candidate: 'on', share: 5_000 },
    { rollout: 'x', subject: 'service/checkout', stable: 'v1', candidate: 'v2', share: 5_000 },
    { rollout: 'x', subject: 'flag/vip', stable: 'off', candidate: 'on', share: 5_000, rule: 'r1' },
  ]);
});
