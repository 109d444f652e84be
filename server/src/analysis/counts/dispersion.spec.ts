import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dispersionOf, type Dispersion } from './dispersion.js';

const repeated = (minutes: number, ...counts: number[]) =>
  Array.from({ length: minutes }, (_, minute) => counts[minute % counts.length] ?? 0);

it.each<[string, readonly number[], Dispersion]>([
  ['is 1 without history', [], { phi: 1, minutes: 0, isFromHistory: false }],
  ['is 1 while the history is short', repeated(29, 0, 90), { phi: 1, minutes: 29, isFromHistory: false }],
  ['is 1 when nothing went bad', repeated(60, 0), { phi: 1, minutes: 60, isFromHistory: true }],
  ['is never less than 1', repeated(60, 7), { phi: 1, minutes: 60, isFromHistory: true }],
  ['is variance over mean', [...repeated(40, 10, 0), 5], { phi: 5, minutes: 41, isFromHistory: true }],
])('%s', (_name, counts, expected) => {
  expect(dispersionOf(counts)).toEqual(expected);
});

it('grows in proportion when every event becomes a burst', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(50), { minLength: 30, maxLength: 90 }),
      fc.integer({ min: 2, max: 9 }),
      (counts, size) => {
        const single = dispersionOf(counts).phi;
        const bursts = dispersionOf(counts.map((count) => count * size)).phi;
        if (single > 1) expect(bursts).toBeCloseTo(single * size, 6);
        expect(bursts).toBeGreaterThanOrEqual(single);
      },
    ),
  );
});
