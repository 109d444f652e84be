import { describe, expect, it } from '@jest/globals';
import { aCertificate, aRunTotal } from '../../test/builders/a-parallel-run.js';
import { aDemand, someRunSums } from '../../test/builders/a-run-observation.js';
import { assess } from './assess.js';
import type { Certificate } from './certificate.js';
import { decideReview, livePairs, type RunEvidence, standingsOf } from './decide-review.js';
import type { RunSums, RunTotal } from './sums.js';

const demand = aDemand({ latencyMargin: null });
const shapes = { distinct: 3, singletons: 1, n: 100 };
const later = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const evidenceOf = (totals: readonly RunTotal[], certificates: readonly Certificate[] = []): RunEvidence => {
  return { demand, shapes, totals, certificates };
};
const found = (sums: RunSums, overrides: Partial<Certificate> = {}): Certificate =>
  aCertificate({ demand, rules: [], sums, assessment: assess({ sums, shapes, demand }) }, overrides);
const total = (n: number, x: number, overrides: Partial<RunTotal> = {}): RunTotal =>
  aRunTotal({ sums: someRunSums(n, x), ...overrides });
const certificate = found(someRunSums(449, 0));
const refutation = found(someRunSums(1_000, 100), { id: 'refutation', finding: 'refuted' });
const moves = (evidence: RunEvidence): readonly string[] =>
  decideReview(evidence).map((move) =>
    move.kind === 'void'
      ? `void ${move.certificate.candidateVersion}: ${move.reason}`
      : `${move.finding} ${move.total.candidateVersion}`,
  );
const v3 = { candidateVersion: 'v3', firstAt: later(1) };

describe('A review', () => {
  it.each<[string, RunEvidence, readonly string[]]>([
    ['finds nothing in nothing', evidenceOf([]), []],
    ['waits for the last input', evidenceOf([total(448, 0)]), []],
    ['certifies at the last input', evidenceOf([total(449, 0)]), ['certified v2']],
    ['certifies no version without a name', evidenceOf([total(449, 0, { candidateVersion: '' })]), []],
    ['certifies once', evidenceOf([total(500, 0)], [certificate]), []],
    [
      'certifies again what was voided, where services went back to it',
      evidenceOf(
        [total(500, 0, { lastAt: later(302) }), total(1, 0, { ...v3, lastAt: later(1) })],
        [{ ...certificate, voidedAt: later(1), voidReason: 'v3 was heard of' }],
      ),
      ['certified v2'],
    ],
    [
      'certifies nothing again while the newer version is still heard of',
      evidenceOf(
        [total(500, 0, { lastAt: later(301) }), total(1, 0, { ...v3, lastAt: later(1) })],
        [{ ...certificate, voidedAt: later(1), voidReason: 'v3 was heard of' }],
      ),
      [],
    ],
    ['refutes what is too unequal', evidenceOf([total(1_000, 100)]), ['refuted v2']],
    ['refutes once', evidenceOf([total(2_000, 200)], [refutation]), []],
    ['certifies nothing that was refuted', evidenceOf([total(1e6, 100)], [refutation]), []],
    [
      'voids a certificate that later inputs refute',
      evidenceOf([total(2_000, 200)], [certificate]),
      [expect.stringMatching(/^void v2: Later inputs refuted it: 200 of 2000 inputs/u) as never, 'refuted v2'],
    ],
    [
      'voids a certificate of an older version',
      evidenceOf([total(449, 0), total(1, 0, v3)], [certificate]),
      ['void v2: It says nothing of version "v3" of the candidate, which services run by now.'],
    ],
    [
      'voids a certificate of an older control',
      evidenceOf([total(449, 0), total(1, 0, { controlVersion: '', firstAt: later(1) })], [certificate]),
      ['void v2: It says nothing of version without a name of the control, which services run by now.'],
    ],
    [
      'keeps a certificate while an older version goes on reporting',
      evidenceOf(
        [total(449, 0), total(449, 0, { candidateVersion: 'v1', firstAt: later(-1), lastAt: later(9) })],
        [certificate],
      ),
      [],
    ],
    [
      'keeps a certificate where services went back to an older version',
      evidenceOf(
        [total(449, 0), total(1, 0, { candidateVersion: 'v1', firstAt: later(-1), lastAt: later(400) })],
        [certificate],
      ),
      [],
    ],
    [
      'voids a certificate of versions that were forgotten',
      evidenceOf([total(1, 0, v3)], [certificate]),
      ['void v2: It says nothing of version "v3" of the candidate, which services run by now.'],
    ],
    [
      'refutes every version that is still heard of, and certifies the newest of them',
      evidenceOf([total(1_000, 100), total(449, 0, v3)]),
      ['refuted v2', 'certified v3'],
    ],
    [
      'refutes a version that services went back to',
      evidenceOf([total(1_000, 100, { lastAt: later(400) }), total(5, 0, v3)]),
      ['refuted v2'],
    ],
    [
      'voids once the certificate of an older version that later inputs refute',
      evidenceOf([total(1_000, 100), total(1, 0, v3)], [certificate]),
      ['void v2: It says nothing of version "v3" of the candidate, which services run by now.', 'refuted v2'],
    ],
    [
      'looks at no version that is heard of no more',
      evidenceOf([total(1_000, 100), total(449, 0, { ...v3, lastAt: later(301) })]),
      ['certified v3'],
    ],
    [
      'waits for no other candidate',
      evidenceOf([total(449, 0), total(1, 0, { candidate: 'other', firstAt: later(400), lastAt: later(400) })]),
      ['certified v2'],
    ],
    [
      'looks at every candidate',
      evidenceOf([total(449, 0), total(1_000, 100, { candidate: 'other', candidateVersion: 'w1' })], [certificate]),
      ['refuted w1'],
    ],
  ])('%s', (_name, evidence, expected) => expect(moves(evidence)).toEqual(expected));
});

it('knows the pairs that are still heard of, of each candidate, the newest last and ties always the same', () => {
  const pairs = [
    aRunTotal({ candidateVersion: 'v3', firstAt: later(1), lastAt: later(300) }),
    aRunTotal({ candidateVersion: 'v9' }),
    aRunTotal(),
    aRunTotal({ candidateVersion: 'v1', lastAt: new Date(later(0).getTime() - 1) }),
    aRunTotal({ candidate: 'another', candidateVersion: 'w1', firstAt: later(-900), lastAt: later(-900) }),
  ];
  const names = (totals: readonly RunTotal[]) => livePairs(totals).map(({ candidateVersion }) => candidateVersion);
  expect(names(pairs)).toEqual(['w1', 'v2', 'v9', 'v3']);
  expect(names(pairs.toReversed())).toEqual(['w1', 'v2', 'v9', 'v3']);
});

describe('A standing', () => {
  it('is one of every version that is still heard of', () => {
    const standings = standingsOf(evidenceOf([total(1e6, 100), total(5, 0, v3)], [refutation]));
    expect(standings).toMatchObject([
      { total: { candidateVersion: 'v2' }, assessment: { finding: 'refuted' } },
      { total: { candidateVersion: 'v3' }, assessment: { finding: 'undecided' }, certificate: null },
    ]);
  });

  it('has the certificate of its own pair, and no other', () => {
    expect(standingsOf(evidenceOf([total(449, 0)], [certificate]))).toMatchObject([
      { certificate: { id: certificate.id }, assessment: { finding: 'certified' }, shapes },
    ]);
    expect(standingsOf(evidenceOf([total(449, 0), total(1, 0, v3)], [certificate]))).toMatchObject([
      { certificate: { id: certificate.id }, total: { candidateVersion: 'v2' } },
      { certificate: null, total: { candidateVersion: 'v3' } },
    ]);
    const voided = { ...certificate, voidedAt: later(1), voidReason: 'x' };
    expect(standingsOf(evidenceOf([total(449, 0)], [voided]))).toMatchObject([{ certificate: null }]);
  });

  it('stays refuted, whatever came later', () => {
    const [standing] = standingsOf(evidenceOf([total(1e6, 100)], [refutation]));
    expect(standing).toMatchObject({
      certificate: null,
      assessment: { finding: 'refuted', sentence: refutation.statement.assessment.sentence, equivalence: { n: 1e6 } },
    });
  });
});
