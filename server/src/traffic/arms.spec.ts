import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FULL_SHARE } from '../kernel/share.js';
import { type Arms, planArms, shareAway, type WantedTraffic } from './arms.js';

const arms = (stable: string | null, candidate: string | null): Arms => ({ stable, candidate });
const wanted = (stable: string, candidate?: string, share = 10_000): WantedTraffic => ({
  stable,
  candidate: candidate === undefined ? null : { version: candidate, share },
});

describe('planArms', () => {
  it.each<[string, Arms | null, WantedTraffic, boolean, ReturnType<typeof planArms>]>([
    ['begins at the stable arm', null, wanted('v1'), false, { arms: arms('v1', null), home: 'stable', share: 0 }],
    [
      'gives the candidate arm the share of a first ramp',
      arms('v1', null),
      wanted('v1', 'v2'),
      false,
      { arms: arms('v1', 'v2'), home: 'stable', share: 10_000 },
    ],
    [
      'goes back to the stable arm in a rollback',
      arms('v1', 'v2'),
      wanted('v1'),
      false,
      { arms: arms('v1', 'v2'), home: 'stable', share: 0 },
    ],
    [
      'keeps everybody on the candidate arm after a release',
      arms('v1', 'v2'),
      wanted('v2'),
      false,
      { arms: arms('v1', 'v2'), home: 'candidate', share: FULL_SHARE },
    ],
    [
      'ramps the next version on the arm that serves nobody',
      arms('v1', 'v2'),
      wanted('v2', 'v3'),
      false,
      { arms: arms('v3', 'v2'), home: 'candidate', share: 90_000 },
    ],
    [
      'ramps the old version again, where it still is',
      arms('v1', 'v2'),
      wanted('v2', 'v1', 100_000),
      false,
      { arms: arms('v1', 'v2'), home: 'candidate', share: 0 },
    ],
    [
      'is at home on the stable arm after the release of what is there',
      arms('v3', 'v2'),
      wanted('v3'),
      false,
      { arms: arms('v3', 'v2'), home: 'stable', share: 0 },
    ],
    [
      'returns to the stable arm once that is known to hold the released version',
      arms('v1', 'v2'),
      wanted('v2'),
      true,
      { arms: arms('v2', 'v2'), home: 'stable', share: 0 },
    ],
    [
      'returns nowhere during a ramp',
      arms('v1', 'v2'),
      wanted('v2', 'v3'),
      true,
      { arms: arms('v3', 'v2'), home: 'candidate', share: 90_000 },
    ],
    [
      'takes a version that nobody knows for that of the stable arm',
      arms('v1', 'v2'),
      wanted('v9'),
      false,
      { arms: arms('v9', 'v2'), home: 'stable', share: 0 },
    ],
  ])('%s', (_name, known, want, isBack, plan) => expect(planArms(known, want, isBack)).toEqual(plan));

  it('never moves anybody when a release begins at 0 % or ends at 100 %', () => {
    const releases = fc.array(fc.record({ isReleased: fc.boolean(), share: fc.integer({ min: 0, max: FULL_SHARE }) }));
    fc.assert(
      fc.property(releases, (all) => {
        let stable = 'v0';
        let plan = planArms(null, wanted(stable), false);
        for (const [index, { isReleased, share }] of all.entries()) {
          const version = `v${index + 1}`;
          const at = (each: number) => (plan = planArms(plan.arms, wanted(stable, version, each), false));
          const before = plan.share;
          expect(at(0).share).toBe(before);
          expect(shareAway(plan.home, at(share).share)).toBe(share);
          const last = at(FULL_SHARE).share;
          if (isReleased) stable = version;
          plan = planArms(plan.arms, wanted(stable), false);
          expect(plan.share).toBe(isReleased ? last : before);
        }
      }),
    );
  });
});
