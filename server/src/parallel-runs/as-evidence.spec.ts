import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { someRunSums } from '../../test/builders/a-run-observation.js';
import { logEvidenceAbove, logEvidenceBelow } from '../analysis/index.js';
import { asEvidence } from './as-evidence.js';
import type { CountedInputs } from './counted-inputs.js';

const exactly = (n: number, x: number) => ({ fewest: { n, x }, most: { n, x } });

describe('sums as evidence', () => {
  it('are what processes counted where nobody names inputs', () => {
    const sums = someRunSums(449, 3);
    expect(asEvidence(sums, null)).toEqual(sums);
  });

  it('are never of more unequal inputs than inputs, though a report of them was lost', () => {
    const lost = someRunSums(0, 0, { inputs: { n: 0, x: 2 }, strata: [{ stratum: 's', n: 0, x: 2 }] });
    const evidence = asEvidence(lost, null);
    expect([evidence.inputs, evidence.strata]).toEqual([{ n: 2, x: 2 }, [{ stratum: 's', n: 2, x: 2 }]]);
  });

  it('are of distinct inputs where they are told apart, and of the others as before', () => {
    const sums = someRunSums(6_010, 41, {
      strata: [
        { stratum: 'JPY', n: 400, x: 40 },
        { stratum: 'EUR', n: 7, x: 0 },
      ],
    });
    const distinct: CountedInputs = {
      ...{ told: { n: 6_000, x: 40 }, ...exactly(300, 2) },
      strata: [{ stratum: 'JPY', told: { n: 400, x: 40 }, ...exactly(20, 2) }],
    };
    const evidence = asEvidence(sums, distinct);
    expect(evidence).toMatchObject({
      inputs: { n: 310, x: 3 },
      strata: [
        { stratum: 'JPY', n: 20, x: 2 },
        { stratum: 'EUR', n: 7, x: 0 },
      ],
      perProcess: 10,
    });
    expect(evidence).not.toHaveProperty('refuting');
  });

  it('give the doubt to neither finding where the number of inputs is estimated', () => {
    const distinct: CountedInputs = {
      ...{ told: { n: 6_000, x: 40 }, fewest: { n: 2_000, x: 20 }, most: { n: 2_600, x: 40 } },
      strata: [],
    };
    const evidence = asEvidence(someRunSums(6_000, 40), distinct);
    expect([evidence.inputs, evidence.refuting?.inputs]).toEqual([
      { n: 2_000, x: 40 },
      { n: 2_600, x: 20 },
    ]);
    expect(evidence.perProcess).toBe(0);
  });

  it('are no more for either finding than any number between the bounds would be', () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    const between = (low: number, high: number, at: number) => low + Math.floor((high - low) * at);
    fc.assert(
      fc.property(fc.nat(3_000), fc.nat(1_000), fc.nat(30), fc.nat(30), part, part, (n, more, x, moreX, atN, atX) => {
        const [fewest, most] = [
          { n: n + x + moreX, x },
          { n: n + x + moreX + more, x: x + moreX },
        ];
        const evidence = asEvidence(someRunSums(most.n, most.x), { told: most, fewest, most, strata: [] });
        const truth = { n: between(fewest.n, most.n, atN), x: between(fewest.x, most.x, atX) };
        const slack = 1e-9;
        expect(logEvidenceBelow(evidence.inputs, 0.01)).toBeLessThanOrEqual(logEvidenceBelow(truth, 0.01) + slack);
        const refuting = (evidence.refuting ?? evidence).inputs;
        expect(logEvidenceAbove(refuting, 0.01)).toBeLessThanOrEqual(logEvidenceAbove(truth, 0.01) + slack);
      }),
      { seed: 3 },
    );
  });
});
