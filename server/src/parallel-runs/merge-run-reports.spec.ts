import { describe, expect, it } from '@jest/globals';
import { aReportedSignature, aRunReport, ofInputs, ofNamedInputs } from '../../test/builders/a-run-report.js';
import { mergeRunReports, OTHER_SHAPE, type PlacedReport, type Stock } from './merge-run-reports.js';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const placed = (second: number, report = aRunReport(), environmentId = 'e'): PlacedReport => {
  return { environmentId, runId: 'r', epoch: 1, windowMs: 60_000, receivedAt: at(second), report };
};
const stock =
  (count: number, ...known: readonly string[]) =>
  (): Stock => ({ count, known: new Set(known) });
const EMPTY = { signatures: stock(0), shapes: stock(0) };
const hex = (i: number): string => i.toString(16).padStart(16, '0');

it('makes one sum of each pair of versions, minute, shape and signature', () => {
  const report = (overrides = {}) => aRunReport({ shapes: [[7, 2]], signatures: [aReportedSignature()], ...overrides });
  const merged = mergeRunReports(
    [
      placed(1, report()),
      placed(61, report()),
      placed(2, report({ candidateVersion: 'v3' })),
      placed(3, report(), 'f'),
    ],
    EMPTY,
  );
  expect(
    merged.totals.map(({ environmentId, candidateVersion, sums, firstAt, lastAt }) => {
      return [environmentId, candidateVersion, sums.inputs.n, firstAt, lastAt];
    }),
  ).toEqual([
    ['e', 'v2', 20, at(1), at(61)],
    ['e', 'v3', 10, at(2), at(2)],
    ['f', 'v2', 10, at(3), at(3)],
  ]);
  expect(merged.minutes.map(({ environmentId, minute, n }) => [environmentId, minute, n])).toEqual([
    ['e', at(0), 20],
    ['e', at(60), 10],
    ['f', at(0), 10],
  ]);
  expect(merged.shapes.map(({ environmentId, shape, n }) => [environmentId, shape, n])).toEqual([
    ['e', 7, 6],
    ['f', 7, 2],
  ]);
  expect(merged.signatures.map(({ environmentId, n, lastVersion }) => [environmentId, n, lastVersion])).toEqual([
    ['e', 3, 'v2'],
    ['f', 1, 'v2'],
  ]);
});

it('puts the named inputs of a batch into one window, the last', () => {
  const merged = mergeRunReports(
    [placed(61, ofNamedInputs([1, 2])), placed(1, ofNamedInputs([2, 3])), placed(2)],
    EMPTY,
  );
  const [total] = merged.totals;
  expect(total).toMatchObject({ sums: { inputs: { n: 14, x: 0 } }, arrived: { window: { told: { n: 4, x: 0 } } } });
  expect([total?.arrived?.index, total?.arrived?.window.compared.marks.size]).toEqual([
    at(61).getTime() / 60_000 - 1 / 60,
    3,
  ]);
  expect(mergeRunReports([placed(1)], EMPTY).totals[0]?.arrived).toBeUndefined();
});

describe('what finds no room', () => {
  it('of signatures is counted as unsigned; what is known stays', () => {
    const signatures = [1, 2, 3].map((i) => aReportedSignature({ id: hex(i), n: 10 }));
    const report = ofInputs(100, 30, { signatures, unsigned: 1 });
    const stocks = { ...EMPTY, signatures: stock(499, JSON.stringify(['candidate', hex(3)])) };
    const { totals, signatures: kept } = mergeRunReports([placed(0, report)], stocks);
    expect(kept.map(({ id }) => id)).toEqual([hex(1), hex(3)]);
    expect(totals[0]?.sums.unsigned).toBe(11);
  });

  it('of shapes is counted as other', () => {
    const shapes = Array.from({ length: 200 }, (_, i): [number, number] => [i, 2]);
    const { shapes: kept } = mergeRunReports([placed(0, aRunReport({ shapes }))], {
      ...EMPTY,
      shapes: stock(1_900, '150'),
    });
    expect(kept).toHaveLength(102);
    expect(kept.find(({ shape }) => shape === OTHER_SHAPE)?.n).toBe(198);
    expect(kept.reduce((sum, { n }) => sum + n, 0)).toBe(400);
  });
});
