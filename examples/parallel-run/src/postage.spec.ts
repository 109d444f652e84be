import { afterAll, describe, expect, it } from '@jest/globals';
import { createParallelRuns, MismatchError } from '@sluice/sdk';
import { EVERY_CALL } from './every-call.js';
import { postageByBands, postageByFixedBands, postageByTable } from './postage.js';

const runs = createParallelRuns({ settings: EVERY_CALL });
afterAll(() => runs.close());

/** In a test a mismatch is thrown at the caller, who in production never hears of it. */
const compare = (candidate: (kilograms: number) => number) =>
  runs.parallel('postage', postageByTable, candidate, { raiseOnMismatch: true });

describe('the new postage', () => {
  it.each([0.5, 2, 2.1, 5, 10, 19.9, 20, 31])('is the old one at %p kg', (kilograms) => {
    expect(compare(postageByFixedBands)(kilograms)).toBe(postageByTable(kilograms));
  });

  it('was told apart where a band ends, with the place of the difference', () => {
    const postage = compare(postageByBands);
    expect(postage(19.9)).toBe(1_849);
    expect(() => postage(20)).toThrow(MismatchError);
    expect(() => postage(20)).toThrow("The candidate of parallel run 'postage' came to mismatch: $ (value");
  });

  it('may be asked of promises too: the call waits for its candidate', async () => {
    const call = (kilograms: number) =>
      runs.parallelRun('postage-service', {
        control: async () => postageByTable(kilograms),
        candidate: async () => postageByBands(kilograms),
        raiseOnMismatch: true,
      });
    await expect(call(3)).resolves.toBe(749);
    await expect(call(5)).rejects.toThrow(MismatchError);
  });
});
