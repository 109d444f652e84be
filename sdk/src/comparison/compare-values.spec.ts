import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareValues } from './compare-values.js';
import { NO_RULES } from './compile-rules.js';
import { takeSnapshot } from './snapshot.js';

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withNullPrototype: true,
  withBoxedValues: true,
  withObjectString: true,
});

describe('compareValues', () => {
  it('finds no difference between a value and its snapshot', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const none = { kept: [], waived: [], isCut: false };
        expect(compareValues(value, takeSnapshot(value), NO_RULES)).toEqual(none);
        expect(compareValues(takeSnapshot(value), value, NO_RULES)).toEqual(none);
      }),
      { numRuns: 2_000 },
    );
  });
});
