import { describe, expect, it } from '@jest/globals';
import type { ArmCount } from './count-evidence.js';
import {
  addPastTick,
  judgePast,
  logPastEvidence,
  NO_PAST_EVIDENCE,
  type PastEvidence,
  pastLimit,
  type PastQuestion,
  rateBound,
} from './past-evidence.js';

const RATIOS = [1.25, 1.5, 2, 2.5, 3, 4, 6, 8, 12, 20];
const alpha = 0.01;
const stable: ArmCount = { units: 100_000, bad: 1_000 };
const question: PastQuestion = { stable, margin: 0, alpha };
const add = (units: number, bad: number, more: Partial<PastQuestion> = {}, phi = 1): PastEvidence =>
  addPastTick(NO_PAST_EVIDENCE, { units, bad, phi }, { ...question, ...more });

/** Numbers from 0 to 1, the same for the same seed (Park & Miller 1988). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
function poisson(random: () => number, mean: number): number {
  const floor = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > floor; product *= random()) count += 1;
  return count;
}

describe('the bound of a rate', () => {
  it('is where there is evidence enough against it, and above what was seen', () => {
    const bound = rateBound(stable, 0.0005);
    const evidence = RATIOS.map((ratio) => -1_000 * Math.log(ratio) + bound * 100_000 * (1 - 1 / ratio));
    expect(Math.max(...evidence)).toBeCloseTo(Math.log(20_000), 9);
    expect(bound).toBeGreaterThan(0.01);
    expect(bound).toBeLessThan(0.0125);
  });

  it.each<[string, ArmCount]>([
    ['nothing bad', { units: 1_000, bad: 0 }],
    ['more events than units', { units: 10, bad: 50 }],
  ])('is finite after %s', (_name, arm) => {
    const bound = rateBound(arm, 0.0005);
    expect(bound).toBeGreaterThan(arm.bad / arm.units);
    expect(bound).toBeLessThan((20 + 2 * arm.bad) / arm.units);
  });

  it('is none without units', () => expect(rateBound({ units: 0, bad: 0 }, 0.0005)).toBe(Infinity));
  it('is wider for bursts', () => {
    expect(rateBound(stable, 0.0005, 10)).toBeGreaterThan(rateBound(stable, 0.0005));
  });
});

describe('a candidate that everybody has', () => {
  it.each<[string, PastEvidence, string]>([
    ['is not compared without units', add(0, 0), 'pending'],
    ['is not compared where no stable arm was met', add(1_000, 900, { stable: { units: 0, bad: 0 } }), 'pending'],
    ['passes that does as well as the stable arm did', add(10_000, 100), 'pass'],
    ['passes that is worse by no more than time alone may be', add(10_000, 150), 'pass'],
    ['fails that is three times as bad', add(10_000, 300), 'fail'],
    ['passes that is three times as bad where a margin allows it', add(10_000, 300, { margin: 1 }), 'pass'],
    ['passes a burst where bursts are usual', add(10_000, 300, {}, 100), 'pass'],
    ['fails where nothing ever went bad', add(1_000, 50, { stable: { units: 10_000, bad: 0 } }), 'fail'],
  ])('%s', (_name, evidence, state) => expect(judgePast(evidence, alpha).state).toBe(state));

  it('is judged by what all ticks add', () => {
    const first = add(5_000, 150);
    const both = addPastTick(first, { units: 5_000, bad: 150, phi: 1 }, question);
    expect(logPastEvidence(both)).toBeCloseTo(logPastEvidence(add(10_000, 300)), 9);
    expect(both).toMatchObject({ units: 10_000, bad: 300 });
  });

  it('has a tenth of the alpha of two arms, half of it for the bound', () => {
    expect(pastLimit(alpha)).toBeCloseTo(Math.log(2_000), 12);
    expect(judgePast(add(10_000, 100), alpha).reason).toContain('0.0 of 7.6 needed');
  });

  it.each([50, 2_000, 20_000])('is hardly ever accused at a rate that is no worse, after %i units before', (units) => {
    // At the most that time alone may do, looked at after every tick: the worst case there is.
    const [rate, ticks, runs] = [0.02, 200, 400];
    let accused = 0;
    for (let run = 1; run <= runs; run += 1) {
      const random = uniform(run * 7_919);
      const before = { units, bad: poisson(random, units * rate) };
      let evidence = NO_PAST_EVIDENCE;
      let isAccused = false;
      for (let tick = 0; tick < ticks && !isAccused; tick += 1) {
        const now = { units: 400, bad: poisson(random, 400 * rate * 1.5), phi: 1 };
        evidence = addPastTick(evidence, now, { ...question, stable: before });
        isAccused = judgePast(evidence, alpha).state === 'fail';
      }
      if (isAccused) accused += 1;
    }
    expect(accused / runs).toBeLessThanOrEqual(alpha);
  });
});
