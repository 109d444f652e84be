import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seeded } from '../../kernel/seeded-random.js';
import { logEvidenceAbove, logEvidenceBelow, trialsUntilBelow } from './rate-evidence.js';

const limit = Math.log(20);

describe('evidence that a rate is below its tolerance', () => {
  it.each([
    [0.01, [449, 683, 882, 1065, 1238, 1404]],
    [0.001, [4_512, 6_851, 8_848, 10_682, 12_416, 14_079]],
    [0.0001, [45_137, 68_533, 88_510, 106_856, 124_194, 140_831]],
  ])('certifies a tolerance of %d first where VERDICTS.md 5 says', (tolerance, firsts) => {
    firsts.forEach((n, x) => {
      expect(logEvidenceBelow({ n, x }, tolerance)).toBeGreaterThanOrEqual(limit);
      expect(logEvidenceBelow({ n: n - 1, x }, tolerance)).toBeLessThan(limit);
    });
  });

  it.each([
    [299, 1.8562],
    [500, 3.4072],
  ])('has the published value after %d trials without an event', (n, expected) => {
    expect(logEvidenceBelow({ n, x: 0 }, 0.01)).toBeCloseTo(expected, 4);
  });

  it('is the closed form without events', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), fc.double({ min: 0.0005, max: 0.1, noNaN: true }), (n, p) => {
        const closed = Math.log((1 - (1 - p) ** (n + 1)) / ((n + 1) * p * (1 - p) ** n));
        expect(logEvidenceBelow({ n, x: 0 }, p)).toBeCloseTo(closed, 8);
      }),
      { seed: 1 },
    );
  });

  it('stays finite for any counts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
        const trials = { n, x: Math.floor(n * part) };
        expect(Number.isFinite(logEvidenceBelow(trials, 0.001))).toBe(true);
        expect(Number.isFinite(logEvidenceAbove(trials, 0.001))).toBe(true);
      }),
      { seed: 2 },
    );
  });

  it('certifies at most one in twenty of 20 000 runs at the tolerance that are looked at after every call', () => {
    const [tolerance, calls, runs, random] = [0.001, 100_000, 20_000, seeded(5)];
    // The evidence falls with every event and grows between: a run is certified where a gap reaches far enough.
    const firsts = Array.from({ length: 400 }, (_, x) => trialsUntilBelow({ n: x, x }, tolerance, limit));
    let certified = 0;
    for (let run = 0; run < runs; run += 1) {
      for (let [n, x] = [0, 0]; n < calls; x += 1) {
        const nextEvent = n + 1 + Math.floor(Math.log1p(-random()) / Math.log1p(-tolerance));
        const first = (firsts[x] ?? Infinity) + x;
        if (first < nextEvent && first <= calls) {
          certified += 1;
          break;
        }
        n = nextEvent;
      }
    }
    expect(certified / runs).toBeLessThanOrEqual(0.05);
    // It is a test that could fail: some are.
    expect(certified).toBeGreaterThan(runs / 100);
  });
});

describe('evidence that a rate is above its tolerance', () => {
  it('refutes at most one in a hundred of 20 000 runs at the tolerance that are looked at after every event', () => {
    const [tolerance, calls, runs, random] = [0.001, 100_000, 20_000, seeded(6)];
    // The evidence falls between events: each has a last call by which it must have come.
    const lasts = Array.from({ length: 400 }, (_, x) => lastRefutedAt(x, tolerance, calls));
    let refuted = 0;
    for (let run = 0; run < runs; run += 1) {
      for (let [n, x] = [0, 0]; n < calls;) {
        n += 1 + Math.floor(Math.log1p(-random()) / Math.log1p(-tolerance));
        x += 1;
        if (n <= (lasts[x] ?? calls)) {
          refuted += 1;
          break;
        }
      }
    }
    expect(refuted / runs).toBeLessThanOrEqual(0.01);
    expect(refuted).toBeGreaterThan(0);
  });

  it('needs few calls where results are plainly different', () => {
    expect(logEvidenceAbove({ n: 20, x: 3 }, 0.001)).toBeGreaterThan(Math.log(100));
    expect(logEvidenceAbove({ n: 2_000, x: 2 }, 0.001)).toBeLessThan(Math.log(100));
  });

  it('falls without events', () => {
    expect(logEvidenceAbove({ n: 10_000, x: 0 }, 0.001)).toBeLessThan(0);
  });
});

describe('how many trials are missing', () => {
  it('is none once the limit is reached', () => expect(trialsUntilBelow({ n: 449, x: 0 }, 0.01, limit)).toBe(0));
  it('counts from where it stands', () => expect(trialsUntilBelow({ n: 400, x: 0 }, 0.01, limit)).toBe(49));
  it('gives up where nobody would wait', () => expect(trialsUntilBelow({ n: 100, x: 100 }, 1e-9, limit)).toBeNull());
});

/** The most calls in which x events still refute; 0 where none do. */
function lastRefutedAt(x: number, tolerance: number, calls: number): number {
  let [low, high] = [0, calls + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (middle >= x && logEvidenceAbove({ n: middle, x }, tolerance) < Math.log(100)) high = middle;
    else low = middle;
  }
  return low >= x && x > 0 && logEvidenceAbove({ n: low, x }, tolerance) >= Math.log(100) ? low : 0;
}
