import { expect, it } from '@jest/globals';
import { DistinctSums } from './distinct-sums.js';
import { Redactor } from './redactor.js';

const digests = new Redactor('of this run alone', () => false);
const EQUAL = { n: 1, x: 0 } as const;
const UNEQUAL = { n: 1, x: 1 } as const;
const NOW_UNEQUAL = { n: 0, x: 1 } as const;

it('names the inputs that count, and those that came out unequal', () => {
  const sums = new DistinctSums();
  expect(sums.take()).toBeUndefined();
  sums.add({ fingerprint: 'a', novelty: EQUAL, stratum: 'JPY' }, digests, 10);
  sums.add({ fingerprint: 'b', novelty: UNEQUAL, stratum: 'JPY' }, digests, 10);
  sums.add({ fingerprint: 'c', novelty: NOW_UNEQUAL, stratum: '' }, digests, 10);
  const nameOf = (fingerprint: string) => digests.digest(fingerprint).slice(0, 12);
  const taken = sums.take();
  expect(taken).toMatchObject({ n: 2, x: 2, strata: [{ stratum: 'JPY', n: 2, x: 1 }] });
  expect(taken?.compared.marks.map(([digest, , stratum]) => [digest, stratum])).toEqual([
    [nameOf('a'), 0],
    [nameOf('b'), 0],
  ]);
  expect(taken?.unequal.marks.map(([digest, , stratum]) => [digest, stratum])).toEqual([
    [nameOf('b'), 0],
    [nameOf('c'), -1],
  ]);
  expect([sums.size, sums.take()]).toEqual([0, undefined]);
});

it('stays small, however many inputs and kinds of them there are', () => {
  const sums = new DistinctSums();
  for (let i = 0; i < 50_000; i += 1) {
    sums.add({ fingerprint: `${i}`, novelty: UNEQUAL, stratum: `s${i}` }, digests, 100);
  }
  expect(sums.size).toBeLessThanOrEqual(200);
  const taken = sums.take();
  expect([taken?.n, taken?.x, taken?.strata.length]).toEqual([50_000, 50_000, 50]);
  expect(JSON.stringify(taken).length).toBeLessThan(8_000);
});
