import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FULL_SHARE } from '../kernel/share.js';
import { capacityOf, refusalOf, type WantedShift } from './admit-shift.js';
import type { ServerState } from './traffic-router.js';

const up = (fullWeight = 1, weight = fullWeight): ServerState => ({ name: 'a', weight, fullWeight, says: 'UP' });
const down = (fullWeight = 1): ServerState => ({ name: 'b', weight: 0, fullWeight, says: 'DOWN' });

const bothUp = capacityOf([up()], [up()]);
const candidateDown = capacityOf([up()], [down()]);
const stableDown = capacityOf([down()], [up()]);
const aShift = (changed: Partial<WantedShift>): WantedShift => ({
  ...{ now: 10_000, share: 20_000, capacity: bothUp, rule: 'any', isEmergency: false },
  ...changed,
});

describe('capacity', () => {
  it.each<[string, readonly ServerState[], readonly ServerState[], number, number]>([
    ['is the part of all weights that is up', [up(), down()], [up(), up()], 0.5, 1],
    ['of an arm that is built small stays small', [up(20)], [up(1)], 1, 0.05],
    ['of a server that warms up grows with its weight', [up(100)], [up(100, 30)], 1, 0.3],
    ['of no servers is none', [], [], 0, 0],
    ['of weights of 0 is none', [up(0)], [up(0)], 0, 0],
  ])('%s', (_name, stable, candidate, ofStable, ofCandidate) => {
    const capacity = capacityOf(stable, candidate);
    expect([capacity.stable.part, capacity.candidate.part]).toEqual([ofStable, ofCandidate]);
  });
});

describe('a shift is', () => {
  it.each<[string, WantedShift, string | undefined]>([
    ['admitted with both arms up', aShift({}), undefined],
    ['refused to a candidate that is down', aShift({ capacity: candidateDown }), 'candidate arm has no capacity'],
    ['admitted away from a candidate that is down', aShift({ capacity: candidateDown, share: 0 }), undefined],
    ['refused to a stable arm that is down', aShift({ capacity: stableDown, share: 0 }), 'stable arm has no capacity'],
    ['admitted to it in an emergency', aShift({ capacity: stableDown, share: 0, isEmergency: true }), undefined],
    ['admitted away from a stable arm that is down', aShift({ capacity: stableDown }), undefined],
    [
      'refused to a candidate that is down in an emergency too',
      aShift({ capacity: candidateDown, isEmergency: true }),
      'candidate arm has no capacity',
    ],
    ['admitted where nothing moves', aShift({ capacity: candidateDown, share: 10_000 }), undefined],
    [
      'refused from an unknown share if either arm that is used is down',
      aShift({ now: undefined, capacity: stableDown }),
      'stable arm',
    ],
    [
      'admitted from an unknown share if the arm that is down gets nothing',
      aShift({ now: undefined, capacity: stableDown, share: FULL_SHARE }),
      undefined,
    ],
  ])('%s', (_name, wanted, sentence) => {
    const refusal = refusalOf(wanted);
    if (sentence === undefined) expect(refusal).toBeUndefined();
    else expect([refusal?.code, refusal?.sentence]).toEqual(['NO_CAPACITY', expect.stringContaining(sentence)]);
  });

  it('held to the part of the capacity that is up, where weights are proportional', () => {
    const small = { capacity: capacityOf([up(20)], [up(1)]), rule: 'proportional' as const, now: 0 };
    expect(refusalOf(aShift({ ...small, share: 5_000 }))).toBeUndefined();
    expect(refusalOf(aShift({ ...small, share: 70_000 }))?.sentence).toContain(
      "5 % of the service's capacity and would receive 70 %",
    );
  });
});

it('never gives more traffic to an arm with nothing up, except back to stable in an emergency', () => {
  const servers = fc.array(fc.constantFrom(up(), down(), up(5), down(5)), { maxLength: 4 });
  const share = fc.integer({ min: 0, max: FULL_SHARE });
  const rule = fc.constantFrom('any' as const, 'proportional' as const);
  fc.assert(
    fc.property(
      servers,
      servers,
      share,
      share,
      rule,
      fc.boolean(),
      (stable, candidate, now, next, how, isEmergency) => {
        const capacity = capacityOf(stable, candidate);
        if (refusalOf({ now, share: next, capacity, rule: how, isEmergency }) !== undefined) return;
        if (next > now) expect(capacity.candidate.part).toBeGreaterThan(0);
        if (next < now && !isEmergency) expect(capacity.stable.part).toBeGreaterThan(0);
      },
    ),
  );
});
