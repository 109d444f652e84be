import { describe, expect, it } from '@jest/globals';
import { compareValues, NO_RULES, signatureOf } from '../comparison/index.js';
import { CandidateSums } from './candidate-sums.js';
import type { MismatchSample, SignatureCount } from './report.js';

const sample = (n: number): MismatchSample => ({ at: `${n}`, stratum: '', input: '', traceId: '', values: [] });
/** Lehmer's generator. */
const random = (seed: number) => {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
};
const newSums = () => {
  const of = { run: 'r', epoch: 0, candidate: 'candidate', controlVersion: '', candidateVersion: '' };
  return new CandidateSums({ ...of, served: 'control' });
};

function addUnequal(sums: CandidateSums, control: unknown, candidate: unknown, n = 0, draw = random(1)): void {
  const { kept } = compareValues(control, candidate, NO_RULES);
  sums.addUnequal({ signature: signatureOf(kept), differences: kept, stratum: 's', sample: () => sample(n) }, draw);
}

describe('sums', () => {
  it('stay small under a hundred thousand different mismatches', () => {
    const sums = newSums();
    const draw = random(7);
    for (let i = 0; i < 100_000; i += 1) {
      const stratum = `s${i}`;
      sums.count('mismatch');
      sums.addInput({ n: 1, x: 1 }, stratum, i);
      addUnequal(sums, { [`field${i.toString(36)}x`]: 1 }, {}, i, draw);
    }
    expect(sums.weight).toBeLessThan(1_000);
    const report = sums.take();
    expect([report.strata.length, report.shapes.length, report.signatures.length]).toEqual([50, 200, 50]);
    expect([report.verdicts, report.inputs]).toEqual([{ mismatch: 100_000 }, { n: 100_000, x: 100_000 }]);
    expect(report.unsigned + report.signatures.reduce((sum, { n }) => sum + n, 0)).toBe(100_000);
    expect(JSON.stringify(report).length).toBeLessThan(60_000);
    expect(sums.isEmpty).toBe(true);
    expect(sums.take().verdicts).toEqual({});
  });

  it('draw three samples evenly', () => {
    const draw = random(42);
    const drawn = new Array<number>(10).fill(0);
    for (let round = 0; round < 2_000; round += 1) {
      const sums = newSums();
      for (let n = 0; n < 10; n += 1) addUnequal(sums, 1, 3, n, draw);
      for (const { at } of sums.take().signatures[0]?.samples ?? []) drawn[Number(at)] = (drawn[Number(at)] ?? 0) + 1;
    }
    // 600 expected of each, with a standard deviation of 20.
    for (const count of drawn) expect(Math.abs(count - 600)).toBeLessThan(100);
  });

  it('tell the largest distance where all differences are of numbers, and none where any is not', () => {
    const sums = newSums();
    const take = (): readonly SignatureCount[] => sums.take().signatures;
    addUnequal(sums, { a: 10 }, { a: 15 });
    addUnequal(sums, { a: 10 }, { a: 30 });
    expect(take()[0]).toMatchObject({ n: 2, maxDelta: { absolute: 20 }, strata: [{ stratum: 's', n: 2 }] });
    addUnequal(sums, { a: 10, b: 'x' }, { a: 15, b: 'y' });
    expect(take()[0]).not.toHaveProperty('maxDelta');
  });

  it('come most frequent first', () => {
    const sums = newSums();
    for (const field of ['a', 'b', 'b', 'c', 'c', 'c']) {
      addUnequal(sums, { [field]: 1 }, {});
      sums.addInput({ n: 1, x: 0 }, field, undefined);
    }
    const { strata, signatures } = sums.take();
    expect(strata.map(({ stratum }) => stratum)).toEqual(['c', 'b', 'a']);
    expect(signatures.map(({ n }) => n)).toEqual([3, 2, 1]);
  });

  it('never hold what a batch may not say', () => {
    const sums = newSums();
    for (const ratio of [Number.NaN, Infinity, -Infinity, 51]) sums.addLatency(ratio, true);
    sums.addLatency(0.5, true);
    sums.addLatency(-0.5, false);
    const places = [{ path: `$.${'x'.repeat(2_000)}`, kind: 'value', transition: '+1' } as const];
    sums.addUnequal(
      { signature: signatureOf(places), differences: [], stratum: '', sample: () => sample(0) },
      random(1),
    );
    const { latency, signatures, unsigned } = sums.take();
    expect(latency).toEqual({
      controlFirst: { n: 1, sum: 0.5, sumSquares: 0.25 },
      candidateFirst: { n: 1, sum: -0.5, sumSquares: 0.25 },
    });
    expect([signatures, unsigned]).toEqual([[], 1]);
  });
});
