import { describe, expect, it } from '@jest/globals';
import { SharedClock } from './shared-clock.js';

const START_MS = Date.UTC(2026, 0, 1);

function aClock(aheadMs: number): { readonly clock: SharedClock; readonly store: (tookMs?: number) => number } {
  const clock = new SharedClock(() => START_MS + aheadMs);
  return { clock, store: (tookMs = 2) => clock.keepTo({ at: new Date(START_MS), tookMs }) };
}

describe('the clock that replicas share', () => {
  it.each([60_000, -60_000])('is the store’s on a machine that is %d ms ahead', (aheadMs) => {
    const { clock, store } = aClock(aheadMs);
    expect(Math.abs(store() + aheadMs)).toBeLessThanOrEqual(1);
    expect(Math.abs(clock.now().getTime() - START_MS)).toBeLessThanOrEqual(1);
  });

  it.each([
    [40, 2],
    [-40, 2],
    [900, 1_000],
  ])('is this machine’s where it is %d ms ahead, by an answer that took %d ms', (aheadMs, tookMs) => {
    const { clock, store } = aClock(aheadMs);
    expect(store(tookMs)).toBe(0);
    expect(clock.now().getTime()).toBe(START_MS + aheadMs);
  });

  it('does not tremble with the time that answers take', () => {
    const { store } = aClock(60_000);
    const first = store(2);
    expect([store(30), store(8), store(40)]).toEqual([first, first, first]);
  });

  it('is this machine’s again once that is right', () => {
    let aheadMs = 60_000;
    const clock = new SharedClock(() => START_MS + aheadMs);
    expect(clock.keepTo({ at: new Date(START_MS), tookMs: 2 })).not.toBe(0);
    aheadMs = 0;
    expect(clock.keepTo({ at: new Date(START_MS), tookMs: 2 })).toBe(0);
  });
});
