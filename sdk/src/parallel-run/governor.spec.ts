import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { debtAfter, nextRate } from './governor.js';

const budget = { addedMs: 1, loopDelayMs: 50 };

describe('the rate', () => {
  it.each<[string, number, { meanAddedMs: number; loopDelayMs: number }, number]>([
    ['is halved when calls cost too much', 0.8, { meanAddedMs: 1.1, loopDelayMs: 0 }, 0.4],
    ['is halved when the loop is late', 0.8, { meanAddedMs: 0, loopDelayMs: 51 }, 0.4],
    ['is raised by a twentieth otherwise', 0.4, { meanAddedMs: 1, loopDelayMs: 50 }, 0.45],
    ['never exceeds all calls', 0.98, { meanAddedMs: 0, loopDelayMs: 0 }, 1],
    [
      'never comes to nothing, or nothing would ever be known again',
      1 / 256,
      { meanAddedMs: 9, loopDelayMs: 9 },
      1 / 256,
    ],
  ])('%s', (_name, rate, seen, expected) => {
    expect(nextRate(rate, seen, budget)).toBeCloseTo(expected, 10);
  });

  it('settles where the cost meets the budget', () => {
    let rate = 1;
    const rates = Array.from(
      { length: 200 },
      () => (rate = nextRate(rate, { meanAddedMs: rate * 4, loopDelayMs: 0 }, budget)),
    );
    const settled = rates.slice(50);
    expect(Math.max(...settled)).toBeLessThanOrEqual(0.25 + 0.05);
    expect(Math.min(...settled)).toBeGreaterThanOrEqual(0.125);
  });
});

it('keeps the mean within the budget, but for what is saved and the last call, whatever calls cost', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { maxLength: 500 }), (costs) => {
      let debtMs = 0;
      let spentMs = 0;
      for (const cost of costs) {
        const isRun = debtMs <= 0;
        if (isRun) spentMs += cost;
        debtMs = debtAfter(debtMs, isRun ? cost : 0, 1, budget);
      }
      expect(spentMs).toBeLessThanOrEqual(costs.length * budget.addedMs + 20 * budget.addedMs + 1_000);
    }),
  );
});
