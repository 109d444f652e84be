import { describe, expect, it } from '@jest/globals';
import { compileServices, compileSnapshot, evaluate, chooseVersion, routedChoice } from '../evaluation/index.js';
import type { Snapshot, SnapshotFlag, SnapshotRamp } from '../evaluation/snapshot.js';
import { aClause, aFlag, aSnapshot, aSplit } from '../evaluation/testing/builders.js';
import { exposuresOf } from './exposures.js';

const rollout = '0199a0b2-0000-7000-8000-000000000001';
const aRamp = (parts: Partial<SnapshotRamp> = {}): SnapshotRamp => {
  return { rollout, subject: 'flag/cart', stable: 'a', candidate: 'b', share: 30_000, ...parts };
};
const everybody = (share: number) => aSplit([100_000 - share, share]);
/** A flag with every kind of place, each of which serves `a` and `b`. */
const everyPlace = (parts: Partial<SnapshotFlag> = {}) =>
  aFlag('cart', {
    targets: [
      { variation: 'b', values: ['targeted-b'] },
      { variation: 'a', values: ['targeted-a'] },
    ],
    rules: [
      { id: 'beta', clauses: [aClause('plan', 'in', ['beta'])], serve: everybody(50_000) },
      { id: 'gold', clauses: [aClause('plan', 'in', ['gold'])], serve: { variation: 'b' } },
    ],
    defaultServe: everybody(30_000),
    ...parts,
  });
const users = Array.from({ length: 200 }, (_, i) => `user-${i}`);

function look(snapshot: Snapshot) {
  const compiled = compileSnapshot(snapshot);
  const services = compileServices(snapshot.services);
  return { compiled, services, exposures: exposuresOf(compiled, services) };
}

/** What evaluations of one flag expose their callers to, with how many callers. */
function exposed(flag: SnapshotFlag, ramps: unknown, context: object = {}): Record<string, number> {
  // The point: ramps may be anything.
  const { compiled, exposures } = look({ ...aSnapshot([flag]), ramps: ramps as readonly SnapshotRamp[] });
  const counts: Record<string, number> = {};
  for (const targetingKey of users) {
    const evaluation = evaluate(compiled, flag.key, { targetingKey, ...context });
    const arm = exposures.flags?.get(evaluation)?.arm ?? 'none';
    const name = `${evaluation.variant ?? '-'} ${arm}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('of a flag', () => {
  it('are what the default serve decides, where that is ramped', () => {
    const { 'a stable': stable = 0, 'b candidate': candidate = 0, ...others } = exposed(everyPlace(), [aRamp()]);
    expect(others).toEqual({});
    expect(stable + candidate).toBe(users.length);
    expect(candidate).toBeGreaterThan(30);
  });

  it.each<[string, object, Record<string, number>]>([
    ['a target', { targetingKey: 'targeted-b' }, { 'b none': 200 }],
    ['a target of the stable variation', { targetingKey: 'targeted-a' }, { 'a none': 200 }],
    ['another rule', { plan: 'gold' }, { 'b none': 200 }],
    ['nothing, for want of a key', { targetingKey: '' }, { '- none': 200 }],
  ])('are not what %s decides', (_name, context, expected) => {
    expect(exposed(everyPlace(), [aRamp()], context)).toEqual(expected);
  });

  it('are what the rule decides, where that is ramped, and not the default serve', () => {
    const ofRule = exposed(everyPlace(), [aRamp({ rule: 'beta' })], { plan: 'beta' });
    expect(Object.keys(ofRule).sort()).toEqual(['a stable', 'b candidate']);
    expect(Object.keys(exposed(everyPlace(), [aRamp({ rule: 'beta' })])).sort()).toEqual(['a none', 'b none']);
    expect(exposed(everyPlace(), [aRamp({ rule: 'gold' })], { plan: 'gold' })).toEqual({ 'b candidate': 200 });
  });

  it('are the stable and the candidate variation only', () => {
    const flag = everyPlace({ defaultServe: aSplit([0, 50_000, 50_000]) });
    expect(Object.keys(exposed(flag, [aRamp()])).sort()).toEqual(['b candidate', 'c none']);
  });

  it('are there also when everybody is served the same', () => {
    expect(exposed(aFlag('cart', { defaultServe: { variation: 'b' } }), [aRamp()])).toEqual({ 'b candidate': 200 });
  });

  it('are none while the flag is off, although the off variation is an arm', () => {
    expect(exposed(everyPlace({ on: false, offVariation: 'a' }), [aRamp()])).toEqual({ 'a none': 200 });
  });

  it('are none of a prerequisite that is not met', () => {
    const flag = everyPlace({ offVariation: 'a', prerequisites: [{ flag: 'missing', variations: ['a'] }] });
    expect(exposed(flag, [aRamp()])).toEqual({ 'a none': 200 });
  });

  it.each<[string, unknown]>([
    ['no ramps', undefined],
    ['no list', { rollout }],
    ['entries that are none', [null, 7, 'x', {}]],
    ['a rollout that is none', [aRamp({ rollout: 'attempt-1' })]],
    ['a subject that is none', [aRamp({ subject: 'cart' })]],
    ['another flag', [aRamp({ subject: 'flag/menu' })]],
    ['a rule that is not there', [aRamp({ rule: 'nobody' })]],
    ['a rule that is no text', [{ ...aRamp(), rule: 7 }]],
    ['arms that are one', [aRamp({ candidate: 'a' })]],
  ])('are none with %s', (_name, ramps) => {
    expect(Object.keys(exposed(everyPlace(), ramps)).every((each) => each.endsWith('none'))).toBe(true);
  });

  it('are found again after a patch that leaves the flag as it is', () => {
    const flag = everyPlace();
    const before = compileSnapshot(aSnapshot([flag]));
    const snapshot = { ...aSnapshot([flag]), ramps: [aRamp()] };
    const after = compileSnapshot(snapshot, before);
    expect(exposuresOf(after, new Map()).flags?.size).toBe(2);
  });
});

describe('of a service', () => {
  const services = [
    { key: 'checkout', stable: 'v1', candidate: { version: 'v2', share: 40_000 } },
    { key: 'cart', stable: 'v7' },
  ];
  const ramp = aRamp({ subject: 'service/checkout', stable: 'v1', candidate: 'v2' });
  const lookAt = (ramps: readonly SnapshotRamp[]) => look({ ...aSnapshot([]), services, ramps });
  const armsOf = ({ services: compiled, exposures }: ReturnType<typeof lookAt>, key: string) =>
    new Set(
      users.map((targetingKey) => {
        const choice = chooseVersion(compiled, key, { targetingKey });
        const exposure = exposures.versions.get(choice);
        return `${choice.version} ${exposure?.rollout ?? 'ordinary'} ${exposure?.subject} ${exposure?.arm}`;
      }),
    );

  it('are what a bucket decides', () => {
    expect(armsOf(lookAt([ramp]), 'checkout')).toEqual(
      new Set([`v1 ${rollout} service/checkout stable`, `v2 ${rollout} service/checkout candidate`]),
    );
  });

  it('are ordinary traffic where nothing is ramped', () => {
    expect(armsOf(lookAt([ramp]), 'cart')).toEqual(new Set(['v7 ordinary service/cart stable']));
    expect(armsOf(lookAt([]), 'checkout')).toEqual(
      new Set(['v1 ordinary service/checkout stable', 'v2 ordinary service/checkout stable']),
    );
  });

  it('are what an earlier service of the chain decided, and not what nobody did', () => {
    const { services: compiled, exposures } = lookAt([ramp]);
    const routed = routedChoice(compiled, 'checkout', 'v2');
    expect(routed && exposures.versions.get(routed)).toMatchObject({ rollout, arm: 'candidate' });
    expect(exposures.versions.get(chooseVersion(compiled, 'checkout', {}))).toBeUndefined();
  });
});
