import { expect, it } from '@jest/globals';
import { aReportedSignature, aRunReport, aSample } from '../../test/builders/a-run-report.js';
import { addSignatures, type RunSignature, signatureOf } from './run-signature.js';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const said = (
  second: number,
  version: string,
  n = 1,
  samples = [aSample({ input: `${version} ${second}` })],
): RunSignature =>
  signatureOf(aReportedSignature({ n, samples }), aRunReport({ candidateVersion: version }), at(second));

it('remembers the version in which it was seen first, and last, whatever the order of reports', () => {
  const reports = [said(2, 'v3'), said(0, 'v1'), said(1, 'v2')];
  const expected = { n: 3, firstVersion: 'v1', lastVersion: 'v3', firstAt: at(0), lastAt: at(2) };
  expect(reports.reduce(addSignatures)).toMatchObject(expected);
  expect(reports.toReversed().reduce(addSignatures)).toMatchObject(expected);
});

it('keeps the largest distance and adds strata up, most frequent first', () => {
  const one = signatureOf(
    aReportedSignature({ strata: [{ stratum: 'a', n: 1 }], maxDelta: { absolute: 2, relative: 0.1, ulps: 1 } }),
    aRunReport(),
    at(0),
  );
  const other = signatureOf(
    aReportedSignature({
      strata: [
        { stratum: 'b', n: 3 },
        { stratum: 'a', n: 1 },
      ],
      maxDelta: { absolute: 1, relative: 0.2, ulps: 5 },
    }),
    aRunReport(),
    at(1),
  );
  expect(addSignatures(one, other)).toMatchObject({
    strata: [
      { stratum: 'b', n: 3 },
      { stratum: 'a', n: 2 },
    ],
    maxDelta: { absolute: 2, relative: 0.2, ulps: 5 },
  });
});

it('keeps ten samples, drawn evenly from the calls they stand for, in any order of reports', () => {
  // One instance saw a thousand mismatches, a hundred others one each: of ten samples about nine are of the first.
  let ofBusy = 0;
  for (let round = 0; round < 200; round += 1) {
    const sample = (name: string) => aSample({ input: `${name} of ${round}` });
    const busy = said(0, 'v1', 1_000, [sample('busy 1'), sample('busy 2'), sample('busy 3')]);
    const others = Array.from({ length: 100 }, (_, i) => said(i + 1, 'v1', 1, [sample(`other ${i}`)]));
    const kept = [busy, ...others].reduce(addSignatures).samples;
    expect(kept).toHaveLength(10);
    expect([...others, busy].reduce(addSignatures).samples).toEqual(kept);
    ofBusy += kept.filter(({ input }) => input.startsWith('busy')).length;
  }
  // All three of the busy one's samples stand for 333 calls each, and so are nearly always kept.
  expect(ofBusy / 200).toBeGreaterThan(2.7);
});

it('draws evenly from what stands for the same', () => {
  const counts = new Map<number, number>();
  for (let round = 0; round < 2_000; round += 1) {
    const all = Array.from({ length: 20 }, (_, i) =>
      said(i, 'v1', 1, [aSample({ input: `${i}`, traceId: `${round}` })]),
    );
    for (const { input } of all.reduce(addSignatures).samples)
      counts.set(Number(input), (counts.get(Number(input)) ?? 0) + 1);
  }
  // Each is kept in half of the rounds: 1000, with a standard deviation of 22.
  for (let i = 0; i < 20; i += 1) expect(Math.abs((counts.get(i) ?? 0) - 1_000)).toBeLessThan(110);
});
