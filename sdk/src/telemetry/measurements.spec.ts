import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { murmur3 } from '../evaluation/index.js';
import type { Arm, Measurement } from './batch.js';
import { sketchOf } from './ddsketch.js';
import type { Exposure } from './exposures.js';
import { type EndedUnit, Measurements } from './measurements.js';
import { newTally, observe, type Tally } from './tally.js';

const rollout = '0199a0b2-0000-7000-8000-000000000001';
const toArm = (arm: Arm, subject = 'flag/cart'): Exposure => ({ rollout, subject, arm, ramp: `${rollout} ${subject}` });
const aUnit = (parts: Partial<EndedUnit> = {}): EndedUnit => {
  return { targetingKey: 'user-1', isBad: false, exposures: [], mixed: [], tallies: new Map(), ...parts };
};
const valued = (...values: readonly number[]): Tally => {
  const tally = newTally(undefined);
  for (const value of values) observe(tally, value, false);
  return tally;
};
const placeOf = ({ rollout: id, subject, arm, metric }: Measurement) =>
  `${id === null ? 'ordinary' : 'ramp'} ${subject} ${arm} ${metric}`;
const hashOf = (key: string, subject = 'flag/cart') => murmur3(`${rollout}${subject}${key}`, 0);

it('credits a unit once to ordinary traffic and to each arm it was exposed to, with all it measured', () => {
  const measurements = new Measurements();
  const exposures = [toArm('candidate'), toArm('stable', 'service/checkout')];
  measurements.credit(aUnit({ exposures, tallies: new Map([['price', valued(3, 4)]]) }));
  measurements.credit(aUnit({ exposures: [toArm('stable')], isBad: true, targetingKey: undefined }));
  const taken = measurements.take();
  expect(taken.map((each) => `${placeOf(each)} ${each.n} ${each.bad} ${each.anonymousBad}`)).toEqual([
    'ordinary all stable unit 2 1 0',
    'ordinary all stable price 2 0 0',
    'ramp flag/cart candidate unit 1 0 0',
    'ramp flag/cart candidate price 2 0 0',
    'ramp service/checkout stable unit 1 0 0',
    'ramp service/checkout stable price 2 0 0',
    'ramp flag/cart stable unit 1 1 1',
  ]);
  for (const each of taken.filter(({ metric }) => metric === 'price')) {
    expect(each).toMatchObject({ sum: 7, sumSquares: 25 });
    expect(each.sketch).toEqual(each.rollout === null ? undefined : sketchOf([3, 4]));
  }
  expect(measurements.take()).toEqual([]);
});

it('has the same sums and sketch, however many values a unit had', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { maxLength: 600 }), { maxLength: 3 }),
      (units) => {
        const measurements = new Measurements();
        for (const values of units)
          measurements.credit(
            aUnit({ exposures: [toArm('stable')], tallies: new Map([['price', valued(...values)]]) }),
          );
        const all = units.flat();
        const taken = measurements.take().find(({ rollout: id, metric }) => id !== null && metric === 'price');
        if (all.length === 0) expect(taken).toBeUndefined();
        else {
          const sum = all.reduce((total, value) => total + value, 0);
          const sumSquares = all.reduce((total, value) => total + value * value, 0);
          expect(taken).toMatchObject({ n: all.length, sum, sumSquares, sketch: sketchOf(all) });
        }
      },
    ),
    { numRuns: 30 },
  );
});

it('credits what is one subject’s to that subject alone', () => {
  const measurements = new Measurements();
  const tally = newTally('service/checkout');
  observe(tally, 5, true);
  const exposures = [toArm('candidate'), toArm('candidate', 'service/checkout')];
  measurements.credit(aUnit({ exposures, tallies: new Map([['checkout.request', tally]]) }));
  const taken = measurements.take().filter(({ metric }) => metric === 'checkout.request');
  const callers = [hashOf('user-1', 'service/checkout')];
  expect(taken).toMatchObject([
    { subject: 'service/checkout', arm: 'candidate', n: 1, bad: 1, anonymousBad: 0, callers },
  ]);
});

it('sums a count as one number per unit', () => {
  const measurements = new Measurements();
  for (const n of [1, 3]) {
    measurements.credit(aUnit({ tallies: new Map([['clicks', { ...newTally(undefined), n, counted: n }]]) }));
  }
  const clicks = measurements.take().find(({ metric }) => metric === 'clicks');
  expect(clicks).toMatchObject({ n: 4, sum: 4, sumSquares: 10 });
  expect(clicks).not.toHaveProperty('sketch');
});

it('counts a unit that saw both arms as mixed', () => {
  const measurements = new Measurements();
  measurements.credit(aUnit({ mixed: [toArm('candidate')], isBad: true }));
  expect(measurements.take().map((each) => `${placeOf(each)} ${each.n} ${each.bad}`)).toEqual([
    'ordinary all stable unit 1 1',
    'ramp flag/cart stable mixed 1 0',
  ]);
});

describe('callers that were met', () => {
  const ramp = `${rollout} flag/cart`;
  const met = (measurements: Measurements) =>
    measurements.take().flatMap(({ arm, metric, n }) => (metric === 'exposed' ? `${arm} ${n}` : []));
  const meet = (measurements: Measurements, arm: Arm, ...keys: readonly (string | undefined)[]) => {
    for (const targetingKey of keys) measurements.credit(aUnit({ targetingKey, exposures: [toArm(arm)] }));
  };

  it('count once in their arm, and those without a key not at all', () => {
    const measurements = new Measurements();
    measurements.keepRamps(new Map([[ramp, 10_000]]));
    meet(measurements, 'candidate', 'a', 'b', 'a', undefined);
    meet(measurements, 'stable', 'c');
    expect(met(measurements)).toEqual(['candidate 2', 'stable 1']);
    meet(measurements, 'candidate', 'a', 'd');
    expect(met(measurements)).toEqual(['candidate 1']);
  });

  it('are met anew when the ramp has another share, and are nobody when it is over', () => {
    const measurements = new Measurements();
    measurements.keepRamps(new Map([[ramp, 10_000]]));
    meet(measurements, 'candidate', 'a');
    expect(met(measurements)).toEqual(['candidate 1']);
    measurements.keepRamps(new Map([[ramp, 50_000]]));
    meet(measurements, 'candidate', 'a');
    expect(met(measurements)).toEqual(['candidate 1']);
    measurements.keepRamps(new Map());
    meet(measurements, 'candidate', 'a', 'e');
    expect(met(measurements)).toEqual([]);
  });
});

describe('callers that failed', () => {
  const failing = (arm: Arm, key: string) => aUnit({ targetingKey: key, isBad: true, exposures: [toArm(arm)] });
  const callersIn = (taken: readonly Measurement[]) =>
    taken.flatMap(({ arm, callers = [] }) => callers.map((hash) => `${arm} ${hash}`));

  it('are named once for the life of the ramp', () => {
    const measurements = new Measurements();
    measurements.keepRamps(new Map([[`${rollout} flag/cart`, 10_000]]));
    for (const key of ['a', 'a', 'b']) measurements.credit(failing('candidate', key));
    const taken = measurements.take();
    expect(callersIn(taken)).toEqual([`candidate ${hashOf('a')}`, `candidate ${hashOf('b')}`]);
    expect(taken.find(({ arm }) => arm === 'candidate')).toMatchObject({ n: 3, bad: 3, anonymousBad: 0 });
    measurements.take();
    measurements.credit(failing('candidate', 'a'));
    expect(callersIn(measurements.take())).toEqual([]);
  });

  it('are a sample of both arms alike when there are too many, and none of them waits', () => {
    const measurements = new Measurements();
    const armOf = (i: number): Arm => (i % 10 === 0 ? 'candidate' : 'stable');
    for (let i = 0; i < 500; i += 1) measurements.credit(failing(armOf(i), `user-${i}`));
    const lowest = Array.from({ length: 500 }, (_, i) => ({ i, hash: hashOf(`user-${i}`) }))
      .toSorted((a, b) => a.hash - b.hash)
      .slice(0, 200)
      .map(({ i, hash }) => `${armOf(i)} ${hash}`);
    const taken = measurements.take();
    expect(new Set(callersIn(taken))).toEqual(new Set(lowest));
    expect(taken.reduce((sum, { rollout: id, bad }) => sum + (id === null ? 0 : bad), 0)).toBe(500);
    expect(measurements.take()).toEqual([]);
  });

  it('are forgotten with their ramp, once all are sent', () => {
    const measurements = new Measurements();
    measurements.credit(failing('stable', 'a'));
    expect(callersIn(measurements.take())).toHaveLength(1);
    measurements.take();
    measurements.credit(failing('stable', 'a'));
    expect(callersIn(measurements.take())).toHaveLength(1);
  });

  it('of ordinary traffic are not named', () => {
    const measurements = new Measurements();
    measurements.credit(aUnit({ isBad: true }));
    expect(measurements.take()).toEqual([
      {
        rollout: null,
        subject: 'all',
        arm: 'stable',
        metric: 'unit',
        n: 1,
        bad: 1,
        anonymousBad: 0,
        sum: 0,
        sumSquares: 0,
      },
    ]);
  });
});

describe('its size', () => {
  it('is bounded in names, for good', () => {
    const measurements = new Measurements(2);
    expect(['a', 'b', 'c', 'a'].map((name) => measurements.accepts(name))).toEqual([true, true, false, true]);
    expect(measurements.takeRefused()).toBe(1);
    expect(measurements.takeRefused()).toBe(0);
  });

  it.each(['', 'n'.repeat(257), 'a\0', '\ud800', 'unit', 'mixed', 'dropped', undefined])(
    'refuses the name %j',
    (name) => {
      // JavaScript passes anything.
      expect(new Measurements().accepts(name as string)).toBe(false);
    },
  );

  it.each([Number.NaN, Infinity, -1e16, undefined, '7', null, 7n])('refuses the value %p', (value) => {
    // As above.
    expect(new Measurements().acceptsValue(value as number)).toBe(false);
  });

  it('is bounded in sums', () => {
    const measurements = new Measurements(100, 3);
    for (let i = 0; i < 10; i += 1) measurements.credit(aUnit({ exposures: [toArm('stable', `flag/${i}`)] }));
    expect(measurements.take()).toHaveLength(3);
    expect(measurements.takeRefused()).toBe(8);
  });

  it('leaves to the next batch what one cannot hold', () => {
    const measurements = new Measurements();
    for (let i = 0; i < 700; i += 1) measurements.credit(aUnit({ exposures: [toArm('stable', `flag/${i}`)] }));
    const [first, second, third] = [measurements.take(), measurements.take(), measurements.take()];
    expect([first.length, second.length, third.length]).toEqual([500, 201, 0]);
    expect(new Set([...first, ...second].map(placeOf)).size).toBe(701);
  });

  it('keeps a batch well below what the control plane takes, whatever was measured', () => {
    const measurements = new Measurements();
    const values = Array.from({ length: 2_500 }, (_, i) => 1.02 ** (i - 1_200));
    for (let i = 0; i < 100; i += 1) {
      measurements.credit(
        aUnit({ exposures: [toArm('stable', `flag/${i}`)], tallies: new Map([['v', valued(...values)]]) }),
      );
    }
    const sizes: number[] = [];
    for (let batch = measurements.take(); batch.length > 0; batch = measurements.take()) {
      sizes.push(JSON.stringify(batch).length);
    }
    expect(Math.max(...sizes)).toBeLessThan(1_000_000);
    expect(sizes.length).toBeGreaterThan(1);
  });
});
