import { expect, it } from '@jest/globals';
import { aReportedSignature, aRunReport } from '../../test/builders/a-run-report.js';
import { someRunSums } from '../../test/builders/a-run-observation.js';
import { priceRule } from './price-rule.js';
import { rankSignatures } from './rank-signatures.js';
import { signatureOf } from './run-signature.js';

const at = new Date('2026-01-01T00:00:00.000Z');
const place = (path: string) => ({ path, kind: 'value', transition: 'rounding' }) as const;
const signatures = rankSignatures(
  [
    aReportedSignature({ id: '00000000000000a1', n: 5, places: [place('$.price')] }),
    aReportedSignature({ id: '00000000000000a2', n: 7, places: [place('$.price'), place('$.total')] }),
    aReportedSignature({ id: '00000000000000a3', n: 2, places: [place('$.price')], isCut: true }),
    aReportedSignature({ id: '00000000000000a4', n: 3, places: [place('$.total')] }),
  ].map((said) => signatureOf(said, aRunReport(), at)),
  someRunSums(100, 17),
);

it('tells what a rule would hide wholly, partly and not at all', () => {
  const price = priceRule({ id: 'r', kind: 'ignore', path: '$.price' }, signatures);
  expect(price).toMatchObject({ hidden: 5, partly: 9, mismatches: 17 });
  expect(price.signatures.map(({ id, coverage }) => `${id.slice(-2)} ${coverage}`)).toEqual([
    'a2 some',
    'a1 all',
    'a3 some',
  ]);
});

it('prices a tolerance by the largest distance seen', () => {
  const hidden = (absolute: number) =>
    priceRule({ id: 'r', kind: 'tolerance', path: '$.price', absolute }, signatures).hidden;
  expect([hidden(0.009), hidden(0.01)]).toEqual([0, 5]);
});
