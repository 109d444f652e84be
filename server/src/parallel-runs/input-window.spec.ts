import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aDemand, someRunSums } from '../../test/builders/a-run-observation.js';
import { aSampleOf, ofNamedInputs } from '../../test/builders/a-run-report.js';
import type { RunReport } from '../telemetry/index.js';
import { assess } from './assess.js';
import { asEvidence } from './as-evidence.js';
import {
  addToStored,
  countOf,
  countStored,
  type InputWindow,
  mergeWindows,
  type StoredWindow,
  windowOf,
} from './input-window.js';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const windowIn = (report: RunReport): InputWindow => {
  const window = windowOf(report);
  if (window === undefined) throw new Error('The report names no inputs.');
  return window;
};
const merged = (windows: readonly InputWindow[]): InputWindow => windows.reduce(mergeWindows);
const stored = (arrived: readonly (readonly [index: number, window: InputWindow])[]): StoredWindow => {
  const all = arrived.reduce<StoredWindow | null>(
    // As it comes back from the store.
    (known, [index, window]) => JSON.parse(JSON.stringify(addToStored(known, { index, window }))) as StoredWindow,
    null,
  );
  if (all === null) throw new Error('Nothing arrived.');
  return all;
};

describe('a window of twenty processes', () => {
  const twenty = range(0, 20);

  it('counts inputs that all of them see once, and certifies nothing twenty times as early', () => {
    const all = merged(twenty.map(() => windowIn(ofNamedInputs(range(0, 300), [7]))));
    expect(countOf(all)).toMatchObject({
      told: { n: 6_000, x: 20 },
      fewest: { n: 300, x: 1 },
      most: { n: 300, x: 1 },
    });
    const shapes = { distinct: 3, singletons: 0, n: 6_000 };
    const judged = (sums: ReturnType<typeof someRunSums>) => assess({ sums, shapes, demand: aDemand() }).finding;
    const equal = merged(twenty.map(() => windowIn(ofNamedInputs(range(0, 300)))));
    // That is what it came to before.
    expect(judged(asEvidence(someRunSums(6_000, 0), null))).toBe('certified');
    expect(judged(asEvidence(someRunSums(6_000, 0), countOf(equal)))).toBe('undecided');
  });

  it('is not refuted by one bad input that all of them see', () => {
    const all = merged(twenty.map(() => windowIn(ofNamedInputs(range(0, 50), [7]))));
    const shapes = { distinct: 3, singletons: 0, n: 1_000 };
    const judged = (sums: ReturnType<typeof someRunSums>) => assess({ sums, shapes, demand: aDemand() }).finding;
    const own = ofNamedInputs(range(1_000, 1_300));
    const rare = mergeWindows(all, windowIn(own));
    expect(judged(asEvidence(someRunSums(1_300, 20), countOf(rare)))).toBe('undecided');
    expect(judged(asEvidence(someRunSums(350, 20), null))).toBe('refuted');
  });

  it('counts inputs that each has for itself to the last while there is room, and within a sixth beyond', () => {
    const few = merged(twenty.map((i) => windowIn(ofNamedInputs(range(i * 50, i * 50 + 50)))));
    expect(countOf(few)).toMatchObject({ fewest: { n: 1_000, x: 0 }, most: { n: 1_000, x: 0 } });
    const many = countOf(merged(twenty.map((i) => windowIn(ofNamedInputs(range(i * 300, i * 300 + 300))))));
    expect(many.told.n).toBe(6_000);
    expect(many.fewest.n).toBeGreaterThan(6_000 * (1 - 1 / 6));
    expect(many.fewest.n).toBeLessThanOrEqual(6_000);
    expect(many.most.n).toBe(6_000);
  });

  it('counts no more for one that forgets inputs and counts them again', () => {
    const hour = range(0, 12).map((i) => windowIn(ofNamedInputs(range(i * 500, i * 500 + 500))));
    expect(countOf(merged([...hour, ...hour]))).toMatchObject({ told: { n: 12_000 } });
    expect(countOf(merged([...hour, ...hour])).fewest.n).toBeLessThanOrEqual(6_000);
  });

  it('lies between its bounds, whatever part of the inputs each sees', () => {
    const share = fc.integer({ min: 1, max: 10 });
    fc.assert(
      fc.property(share, fc.nat(1_000_000), (part, salt) => {
        const inputs = range(salt, salt + 2_400);
        const windows = twenty.map((i) => windowIn(ofNamedInputs(inputs.filter((input) => (input + i) % 10 < part))));
        const { fewest, most } = countOf(merged(windows));
        expect(fewest.n).toBeLessThanOrEqual(2_400);
        expect(most.n).toBeGreaterThanOrEqual(2_400);
      }),
      { seed: 4, numRuns: 20 },
    );
  });
});

describe('unequal inputs', () => {
  it('are never thinned by an estimate: a certificate takes them as processes counted them', () => {
    const bad = range(0, 3_000);
    const { fewest, most } = countOf(windowIn(ofNamedInputs(bad, bad)));
    expect(most.x).toBe(3_000);
    expect(fewest.x).toBeLessThan(3_000);
    expect(fewest.x).toBeGreaterThan(2_400);
  });

  it('are counted by kind, each once', () => {
    const strata = [
      { stratum: 'EUR', n: 5, x: 0 },
      { stratum: 'JPY', n: 3, x: 1 },
    ];
    const [eur, jpy] = [aSampleOf(range(0, 5), { stratum: 0 }), aSampleOf(range(5, 8), { stratum: 1 })];
    const compared = { depth: 0, marks: [...eur.marks, ...jpy.marks] };
    const distinct = { n: 8, x: 1, strata, compared, unequal: aSampleOf([5], { stratum: 1 }) };
    const report = ofNamedInputs(range(0, 8), [5], { distinct });
    const counted = countStored(
      stored([
        [1, windowIn(report)],
        [1, windowIn(report)],
      ]),
    );
    expect(counted.strata).toEqual([
      { stratum: 'EUR', told: { n: 10, x: 0 }, fewest: { n: 5, x: 0 }, most: { n: 5, x: 0 } },
      { stratum: 'JPY', told: { n: 6, x: 2 }, fewest: { n: 3, x: 1 }, most: { n: 3, x: 1 } },
    ]);
  });
});

describe('windows that follow each other', () => {
  const inputs = (from: number, to: number) => windowIn(ofNamedInputs(range(from, to)));

  it('count an input once each', () => {
    const counted = countStored(
      stored([
        [5, inputs(0, 10)],
        [5, inputs(5, 15)],
        [7, inputs(0, 10)],
        [7, inputs(0, 10)],
      ]),
    );
    expect(counted).toMatchObject({ told: { n: 40, x: 0 }, fewest: { n: 25, x: 0 }, most: { n: 25, x: 0 } });
  });

  it('take what arrives late for the window that goes on', () => {
    const late = stored([
      [7, inputs(0, 10)],
      [5, inputs(0, 12)],
    ]);
    expect([late.index, countStored(late).most.n]).toEqual([7, 12]);
  });

  it('are stored in as much room as there is, however much arrives', () => {
    const many = range(0, 30).map((i) => [i % 10, inputs(i * 1_000, i * 1_000 + 1_000)] as const);
    expect(JSON.stringify(stored(many)).length).toBeLessThan(60_000);
  });
});

it('knows nothing of reports that name no inputs', () => {
  const { distinct: _distinct, ...older } = ofNamedInputs([1]);
  expect(windowOf(older)).toBeUndefined();
});
