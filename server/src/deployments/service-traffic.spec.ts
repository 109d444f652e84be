import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aDigest } from '../../test/builders/a-service.js';
import {
  type TrafficCandidate,
  type TrafficContent,
  withCandidate,
  withCandidatePromoted,
  withoutCandidate,
} from './service-traffic.js';

const stable = { version: 'v1', digest: aDigest('1') };
const v2 = (share: number): TrafficCandidate => ({ version: 'v2', digest: aDigest('2'), share });
const calm: TrafficContent = { stable, candidate: null };
const ramped: TrafficContent = { stable, candidate: v2(5_000) };

describe('a candidate', () => {
  it.each<[string, TrafficContent, TrafficCandidate, TrafficContent]>([
    ['begins without any share', calm, v2(0), { stable, candidate: v2(0) }],
    ['begins with a share', calm, v2(1), { stable, candidate: v2(1) }],
    ['is raised', ramped, v2(20_000), { stable, candidate: v2(20_000) }],
    ['is lowered', ramped, v2(0), { stable, candidate: v2(0) }],
    ['has all and is not yet stable', ramped, v2(100_000), { stable, candidate: v2(100_000) }],
  ])('%s', (_name, before, candidate, after) => expect(withCandidate(before, candidate)).toEqual(after));

  it.each<[string, TrafficContent, TrafficCandidate, string]>([
    ['the stable version', calm, { ...stable, share: 1 }, 'CANDIDATE_IS_STABLE'],
    ['a second one', ramped, { version: 'v3', digest: aDigest('3'), share: 1 }, 'CANDIDATE_TAKEN'],
  ])('is not %s', (_name, before, candidate, code) => {
    expect(() => withCandidate(before, candidate)).toThrow(expect.objectContaining({ kind: 'precondition', code }));
  });

  it.each([-1, 0.5, 100_001, NaN])('never has a share of %d', (share) => {
    expect(() => withCandidate(calm, v2(share))).toThrow('is not a share');
  });

  it('becomes the stable version, of which nothing is ramped', () => {
    expect(withCandidatePromoted(ramped)).toEqual({ stable: { version: 'v2', digest: aDigest('2') }, candidate: null });
    expect(() => withCandidatePromoted(calm)).toThrow(expect.objectContaining({ code: 'CANDIDATE_MISSING' }));
  });

  it('leaves no trace when it goes, whatever shares it had', () => {
    const shares = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(shares, (steps) => {
        const moved = steps.reduce((content, share) => withCandidate(content, v2(share)), calm);
        expect(withoutCandidate(moved)).toEqual(calm);
      }),
      { seed: 1 },
    );
  });
});
