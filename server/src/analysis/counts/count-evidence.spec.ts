import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addTick,
  evidenceLimit,
  evidenceText,
  logEvidence,
  startHarmEvidence,
  startSafetyEvidence,
  tickOf,
  type CountEvidence,
  type CountTick,
} from './count-evidence.js';
import { logSumExp } from './log-sum-exp.js';

const feed = (evidence: CountEvidence, ticks: readonly CountTick[]) => ticks.reduce(addTick, evidence);
const tick = (candidateBad: number, bad: number, share: number, phi = 1): CountTick => ({
  candidateBad,
  bad,
  share,
  phi,
});

const anyTick = fc
  .record({
    bad: fc.integer({ min: 0, max: 200 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    phi: fc.double({ min: 1, max: 20, noNaN: true }),
  })
  .map(({ bad, part, share, phi }) => tick(Math.round(bad * part), bad, share, phi));

describe('logEvidence', () => {
  it.each<[string, readonly CountTick[], number]>([
    ['12 of 40 at 10 %', [tick(12, 40, 0.1)], 4.943476],
    ['a ramp from 1 to 5 to 10 %', [tick(3, 20, 0.01), tick(6, 30, 0.05), tick(9, 40, 0.1)], 8.202984],
    ['what was expected', [tick(4, 40, 0.1)], -1.518671],
    ['none of 40', [tick(0, 40, 0.1)], -2.916898],
    ['all of 25 at a half', [tick(25, 25, 0.5)], 14.35101],
    ['nothing', [], 0],
  ])('is what the reference says for %s', (_name, ticks, expected) => {
    expect(logEvidence(feed(startHarmEvidence(), ticks))).toBeCloseTo(expected, 6);
  });

  it('is not moved by a tick without traffic in one arm, or without bad events', () => {
    const before = feed(startHarmEvidence(), [tick(12, 40, 0.1)]);
    const after = feed(before, [tick(7, 7, 1), tick(0, 9, 0), tick(0, 0, 0.5)]);
    expect(logEvidence(after)).toBe(logEvidence(before));
    expect(after).toMatchObject({ ticks: 4, k: 19, n: 56 });
  });

  it('grows with the events of the candidate and shrinks with its share, its margin and the dispersion', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 0, max: 100 }),
        fc.double({ min: 0.01, max: 0.9, noNaN: true }),
        (n, k, share) => {
          const events = Math.min(k, n - 1);
          const at = (bad: number, part = share, margin = 0) =>
            logEvidence(addTick(startHarmEvidence(margin), tick(bad, n, part)));
          expect(at(events + 1)).toBeGreaterThan(at(events));
          expect(at(events, share * 0.9)).toBeGreaterThan(at(events));
          expect(at(events, share, 0.2)).toBeLessThan(at(events));
        },
      ),
    );
  });

  it('depends neither on the order of ticks nor on a restart from JSON between them', () => {
    fc.assert(
      fc.property(fc.array(anyTick, { maxLength: 20 }), (ticks) => {
        const forwards = logEvidence(feed(startHarmEvidence(0.1), ticks));
        const restarted = ticks.reduceRight<CountEvidence>(
          // JSON gives back the same shape.
          (evidence, each) => JSON.parse(JSON.stringify(addTick(evidence, each))) as CountEvidence,
          startHarmEvidence(0.1),
        );
        expect(logEvidence(restarted)).toBeCloseTo(forwards, 6);
      }),
    );
  });

  it('is the same for one tick as for its halves: batching is free where the share does not change', () => {
    const whole = feed(startHarmEvidence(), [tick(12, 40, 0.1, 2)]);
    const halves = feed(startHarmEvidence(), [tick(5, 11, 0.1, 2), tick(7, 29, 0.1, 2)]);
    expect(logEvidence(halves)).toBeCloseTo(logEvidence(whole), 10);
  });

  it('tempers one tick by its own dispersion only', () => {
    const tempered = feed(startHarmEvidence(), [tick(30, 60, 0.1, 3), tick(4, 20, 0.1)]);
    const divided = feed(startHarmEvidence(), [tick(10, 20, 0.1), tick(4, 20, 0.1)]);
    expect(logEvidence(tempered)).toBeCloseTo(logEvidence(divided), 10);
  });
});

describe('the expected evidence when the candidate is no worse', () => {
  const binomial = (n: number, share: number) => (k: number) =>
    choose(n, k) + k * Math.log(share) + (n - k) * Math.log1p(-share);
  const drawn = (population: number, bad: number, units: number) => (k: number) =>
    choose(bad, k) + choose(population - bad, units - k) - choose(population, units);
  const mean = (n: number, share: number, logChance: (k: number) => number, start = startHarmEvidence()) =>
    Array.from({ length: n + 1 }, (_, k) =>
      Math.exp(logChance(k) + logEvidence(addTick(start, tick(k, n, share)))),
    ).reduce((sum, part) => sum + part, 0);

  it.each([
    ['Poisson events, 10 %', 40, 0.1],
    ['Poisson events, a half', 25, 0.5],
    ['Poisson events, 1 %', 200, 0.01],
  ])('is exactly 1: %s', (_name, n, share) => {
    expect(mean(n, share, binomial(n, share))).toBeCloseTo(1, 9);
  });

  it.each([
    [10, 0.8296171579031284],
    [100, 0.17955868363558325],
  ])('is below 1 for failures of units: %i of 200 at 10 %%', (bad, expected) => {
    expect(mean(bad, 0.1, drawn(200, bad, 20))).toBeCloseTo(expected, 9);
  });

  it('is at most 1 for non-inferiority at its margin, and less beyond', () => {
    const shareAt = (ratio: number) => (0.1 * ratio) / (0.9 + 0.1 * ratio);
    const start = startSafetyEvidence(0.25);
    expect(mean(60, 0.1, binomial(60, shareAt(1.25)), start)).toBeCloseTo(1, 9);
    expect(mean(60, 0.1, binomial(60, shareAt(1.6)), start)).toBeLessThan(1);
    expect(mean(60, 0.1, binomial(60, shareAt(1)), start)).toBeGreaterThan(1);
  });
});

describe('evidence for people', () => {
  it.each([
    [3.26, 0.01, '3.2 of 4.6 needed'],
    [4.604, 0.01, '4.5 of 4.6 needed'],
    [4.606, 0.01, '4.6 of 4.6 needed'],
    [12, 0.01, '12.0 of 4.6 needed'],
    [2.9958, 0.05, '3.0 of 3.0 needed'],
    [-2, 0.05, '0.0 of 3.0 needed'],
  ])('shows %s at %s as %s', (logE, alpha, text) => {
    expect(evidenceText(logE, alpha)).toBe(text);
  });

  it('needs ln(1/alpha)', () => {
    expect(evidenceLimit(0.01)).toBeCloseTo(4.60517, 5);
  });
});

it('takes the share from what both arms saw', () => {
  expect(tickOf({ units: 20, bad: 1 }, { units: 180, bad: 2 }, 1)).toMatchObject({
    share: 0.1,
    bad: 3,
    candidateBad: 1,
  });
  expect(tickOf({ units: 0, bad: 0 }, { units: 0, bad: 0 }, 1).share).toBe(0);
});

it('sums exponentials without overflow', () => {
  expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 9);
  expect(logSumExp([])).toBe(-Infinity);
});

function choose(n: number, k: number): number {
  if (k < 0 || k > n) return -Infinity;
  let sum = 0;
  for (let i = 1; i <= k; i += 1) sum += Math.log((n - k + i) / i);
  return sum;
}
