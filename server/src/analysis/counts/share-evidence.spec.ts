import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeShares } from './judge-shares.js';
import {
  addShareTick,
  logMismatch,
  logShareEvidence,
  NO_SHARE_EVIDENCE,
  shareP,
  type ShareEvidence,
  type ShareTick,
} from './share-evidence.js';

const feed = (ticks: readonly ShareTick[]) => ticks.reduce(addShareTick, NO_SHARE_EVIDENCE);
const tick = (candidate: number, stable: number, share = 0.1): ShareTick => ({
  intended: [share, 1 - share],
  counts: [candidate, stable],
});

describe('the p of a split', () => {
  it.each<[readonly number[], readonly number[], number]>([
    [[0.8, 0.2], [148, 62], 0.04557963],
    [[0.1, 0.4, 0.5], [40, 129, 233], 0.04845591],
  ])('of %j with %j is the published one', (intended, counts, p) => {
    expect(shareP(feed([{ intended, counts }]))).toBeCloseTo(p, 7);
  });

  it('runs: it never rises again', () => {
    const suspicious = feed([tick(50, 150)]);
    const calmed = addShareTick(suspicious, tick(150, 1650));
    expect(logShareEvidence(calmed)).toBeLessThan(logShareEvidence(suspicious));
    expect(shareP(calmed)).toBe(shareP(suspicious));
  });

  it('multiplies over the segments of a ramp, and keeps none of a step that has one arm only', () => {
    const ramp = feed([tick(9, 400, 0.01), tick(8, 200, 0.05), tick(5, 100, 0.05), tick(300, 7, 1), tick(0, 9, 0)]);
    const expected = logMismatch([0.01, 0.99], [9, 400]) + logMismatch([0.05, 0.95], [13, 300]);
    expect(logShareEvidence(ramp)).toBeCloseTo(expected, 9);
  });

  it('needs no batches: ticks of the same shares may be joined', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(400)), { minLength: 1, maxLength: 9 }), (counts) => {
        const joined = counts.reduce<readonly [number, number]>(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
        const whole = logShareEvidence(feed([tick(...joined)]));
        expect(logShareEvidence(feed(counts.map(([a, b]) => tick(a, b))))).toBeCloseTo(whole, 8);
      }),
    );
  });

  it('has an expected evidence of exactly 1 when the split is right', () => {
    const n = 60;
    const logChoose = (k: number) =>
      Array.from({ length: k }, (_, i) => Math.log((n - i) / (i + 1))).reduce((a, b) => a + b, 0);
    const mean = Array.from({ length: n + 1 }, (_, k) =>
      Math.exp(logChoose(k) + k * Math.log(0.3) + (n - k) * Math.log(0.7) + logMismatch([0.3, 0.7], [k, n - k])),
    ).reduce((a, b) => a + b, 0);
    expect(mean).toBeCloseTo(1, 9);
  });
});

describe('judgeShares', () => {
  it.each<[string, ShareEvidence, string]>([
    ['without units', NO_SHARE_EVIDENCE, 'pending'],
    ['as asked', feed([tick(104, 896)]), 'pass'],
    ['far off', feed([tick(300, 700)]), 'inconclusive'],
    ['far off once, right since', feed([tick(300, 700), tick(5000, 5000, 0.5)]), 'inconclusive'],
    ['as asked, through a ramp', feed([tick(11, 989, 0.01), tick(52, 948, 0.05), tick(251, 749, 0.25)]), 'pass'],
  ])('says of a split %s: %s', (_name, evidence, state) => {
    expect(judgeShares(evidence).state).toBe(state);
  });
});
