import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BACKOFF_CAP_MS, backoffMs, jitterMs, politeMs, retryAfterMs } from './backoff.js';

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoffMs', () => {
  it.each<[number, number]>([
    [0, 1_000],
    [1, 2_000],
    [4, 16_000],
    [5, 30_000],
    [1_000_000, 30_000],
  ])('after %d failures waits for at most %d ms', (failures, most) => expect(backoffMs(failures, 1)).toBe(most));

  it('never waits beyond the cap or below zero', () => {
    fc.assert(
      fc.property(fc.nat(), fraction, (failures, random) => {
        const delayMs = backoffMs(failures, random);
        return delayMs >= 0 && delayMs <= BACKOFF_CAP_MS;
      }),
    );
  });

  it('spreads clients that failed together evenly over the whole pause', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let client = 0; client < 1_000; client += 1) {
      const tenth = Math.floor(backoffMs(3, client / 1_000) / 800);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(tenths).toEqual(new Array(10).fill(100));
  });
});

it('jitters a period around its mean', () => {
  expect([0, 0.5, 0.75].map((random) => jitterMs(10_000, random))).toEqual([8_000, 10_000, 11_000]);
});

it('waits at least as long as the server asked, and not with everybody else', () => {
  expect(politeMs(10_000, 0)).toBe(10_000);
  expect(politeMs(10_000, 0.999)).toBeGreaterThan(14_000);
  expect(politeMs(0, 0.999)).toBeGreaterThan(900);
});

it.each<[string | null, number | undefined]>([
  [null, undefined],
  ['soon', undefined],
  ['0', 0],
  [' 7 ', 7_000],
  ['999999', 600_000],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
])('reads Retry-After %j as %j ms', (header, expected) =>
  expect(retryAfterMs(header, Date.parse('2026-01-01T00:00:00Z'))).toBe(expected),
);
