import { expect, it } from '@jest/globals';
import { aReportedSignature, aRunReport } from '../../test/builders/a-run-report.js';
import { someRunSums } from '../../test/builders/a-run-observation.js';
import { rankSignatures } from './rank-signatures.js';
import { signatureOf } from './run-signature.js';

const at = new Date('2026-01-01T00:00:00.000Z');
const signature = (id: string, n: number, twins: number) =>
  signatureOf(aReportedSignature({ id: id.padStart(16, '0'), n, twins }), aRunReport(), at);
const order = (twinCalls: number, ...all: readonly ReturnType<typeof signature>[]) =>
  rankSignatures(all, someRunSums(1_000, 0, { twins: { n: twinCalls, b: 0, c: 0 } })).map(({ id, excess }) => [
    id.replace(/^0+/u, ''),
    excess,
  ]);

it('ranks by what noise does not explain', () => {
  // In 100 calls with a twin the control differed from itself 20 times: 200 of 1000 calls are noise.
  expect(order(100, signature('a', 210, 20), signature('b', 50, 0), signature('c', 100, 20))).toEqual([
    ['b', 50],
    ['a', 10],
    ['c', 0],
  ]);
});

it('ranks by number where the control never ran twice, and ties always the same', () => {
  const all = [signature('b', 5, 0), signature('a', 5, 0), signature('c', 9, 0)];
  const expected = [
    ['c', 9],
    ['a', 5],
    ['b', 5],
  ];
  expect(order(0, ...all)).toEqual(expected);
  expect(order(0, ...all.toReversed())).toEqual(expected);
});
