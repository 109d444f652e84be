import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  acknowledge,
  type Acknowledgement,
  afterCheck,
  CHECK_OUTCOMES,
  type CheckOutcome,
  GUARDRAIL_STATES,
  GUARDRAIL_TRANSITIONS,
  type GuardrailMove,
  isBroken,
  isInTheWay,
  NO_CHECKS,
  type Standing,
  UNKNOWN_STANDING,
} from './guardrail-state.js';

const LIMITS = { failureLimit: 2, recoveryLimit: 2 };
const seen = (release = false): Acknowledgement => ({
  actorId: 'token-1',
  actorName: 'ann',
  comment: 'on it',
  release,
  at: '2026-01-01T00:00:00.000Z',
});
const OUTCOMES: Readonly<Record<string, CheckOutcome>> = { g: 'good', b: 'bad', n: 'noData', c: 'couldNotAsk' };

/** What becomes of a guardrail: g, b, n and c are checks, a is an acknowledgement. */
function follow(steps: string, limits = LIMITS): { readonly end: Standing; readonly moves: readonly GuardrailMove[] } {
  let end = UNKNOWN_STANDING;
  const moves: GuardrailMove[] = [];
  for (const step of steps) {
    const outcome = OUTCOMES[step];
    if (outcome === undefined) {
      end = acknowledge(end, seen());
      continue;
    }
    const { after, move } = afterCheck(end, outcome, limits);
    end = after;
    if (move !== undefined) moves.push(move);
  }
  return { end, moves };
}

describe('a guardrail that breaks after two and recovers after two', () => {
  it.each<[string, string, string, readonly GuardrailMove[]]>([
    ['is unknown before its first check', '', 'unknown', []],
    ['holds from the first good check', 'g', 'holding', []],
    ['does not break at one bad check', 'gb', 'holding', []],
    ['breaks at the second in a row', 'gbb', 'broken', ['broke']],
    ['does not break when a good one parts them', 'gbgb', 'holding', []],
    ['breaks without ever having held', 'bb', 'broken', ['broke']],
    ['breaks once, however long it stays so', 'bbbbbb', 'broken', ['broke']],
    ['is not broken by having no data', 'gnnnnn', 'holding', []],
    ['is not broken by not being asked', 'gccccc', 'holding', []],
    ['stays unknown while nothing is known', 'ncnc', 'unknown', []],
    ['counts bad checks across those that said nothing', 'gbncb', 'broken', ['broke']],
    ['counts good checks across those that said nothing', 'bbgncg', 'recovered', ['broke', 'recovered']],
    ['is not mended by having no data', 'bbnnnn', 'broken', ['broke']],
    ['is not mended by not being asked', 'bbcccc', 'broken', ['broke']],
    ['does not recover at one good check', 'bbg', 'broken', ['broke']],
    ['does not recover when a bad one parts them', 'bbgbg', 'broken', ['broke']],
    ['stays recovered for a while', 'bbggg', 'recovered', ['broke', 'recovered']],
    ['holds again after as many good checks', 'bbgggg', 'holding', ['broke', 'recovered']],
    ['breaks again', 'bbggbb', 'broken', ['broke', 'recovered', 'broke']],
    ['stays acknowledged while it is bad', 'bbabbnc', 'acknowledged', ['broke']],
    ['recovers from having been acknowledged', 'bbagg', 'recovered', ['broke', 'recovered']],
    ['needs a new acknowledgement when it breaks again', 'bbaggbb', 'broken', ['broke', 'recovered', 'broke']],
  ])('%s', (_name, steps, state, moves) => {
    const { end, moves: made } = follow(steps);
    expect([end.state, made]).toEqual([state, moves]);
  });

  it.each<[string, string, Standing['counts']]>([
    ['checks that could not ask on their own', 'gccc', { ...NO_CHECKS, good: 1, couldNotAsk: 3 }],
    ['checks without data on their own', 'gccnn', { ...NO_CHECKS, good: 1, noData: 2 }],
    ['both anew once something was found', 'bccnb', { ...NO_CHECKS, bad: 2 }],
  ])('counts %s', (_name, steps, counts) => expect(follow(steps).end.counts).toEqual(counts));
});

describe('an acknowledgement', () => {
  it.each<Standing['state']>(['unknown', 'holding', 'recovered'])('is refused while it is %s', (state) => {
    const standing = { ...UNKNOWN_STANDING, state };
    expect(() => acknowledge(standing, seen())).toThrow(expect.objectContaining({ code: 'GUARDRAIL_NOT_BROKEN' }));
  });

  it('lets rollouts go on only when it says so, and may say so later', () => {
    const broken = follow('bb').end;
    const kept = acknowledge(broken, seen(false));
    const released = acknowledge(kept, seen(true));
    expect([broken, kept, released].map(isInTheWay)).toEqual([true, true, false]);
    expect(follow('bbagg').end.acknowledgement).toBeNull();
  });
});

describe('whatever is found', () => {
  const steps = fc.array(fc.constantFrom(...CHECK_OUTCOMES, 'seen' as const, 'released' as const), { maxLength: 60 });
  const limits = fc.record({
    failureLimit: fc.integer({ min: 1, max: 4 }),
    recoveryLimit: fc.integer({ min: 1, max: 4 }),
  });
  type Step = CheckOutcome | 'seen' | 'released';

  function step(before: Standing, what: Step, within: typeof LIMITS): ReturnType<typeof afterCheck> {
    if (what !== 'seen' && what !== 'released') return afterCheck(before, what, within);
    const after = isBroken(before.state) ? acknowledge(before, seen(what === 'released')) : before;
    return { after, move: undefined };
  }

  it('goes only where a transition leads', () => {
    fc.assert(
      fc.property(steps, limits, (all, within) => {
        let before = UNKNOWN_STANDING;
        for (const what of all) {
          const { after } = step(before, what, within);
          if (after.state !== before.state) expect(GUARDRAIL_TRANSITIONS[before.state]).toContain(after.state);
          before = after;
        }
      }),
    );
  });

  it('breaks at a bad check only, mends at a good one only, and sets each off in turn', () => {
    fc.assert(
      fc.property(steps, limits, (all, within) => {
        let before = UNKNOWN_STANDING;
        let last: GuardrailMove = 'recovered';
        for (const what of all) {
          const { after, move } = step(before, what, within);
          expect(move === 'broke').toBe(!isBroken(before.state) && isBroken(after.state));
          expect(move === 'recovered').toBe(isBroken(before.state) && !isBroken(after.state));
          if (move !== undefined) {
            expect(what).toBe(move === 'broke' ? 'bad' : 'good');
            expect(move).not.toBe(last);
            last = move;
          }
          before = after;
        }
      }),
    );
  });

  it('says nothing new when nothing is known: the state stays, and what holds goes on holding', () => {
    fc.assert(
      fc.property(steps, limits, fc.constantFrom('noData' as const, 'couldNotAsk' as const), (all, within, nothing) => {
        const before = all.reduce((standing, what) => step(standing, what, within).after, UNKNOWN_STANDING);
        const { after, move } = afterCheck(before, nothing, within);
        expect(move).toBeUndefined();
        expect(after.state).toBe(before.state);
        expect(isInTheWay(after)).toBe(isInTheWay(before));
        expect([after.counts.good, after.counts.bad]).toEqual([before.counts.good, before.counts.bad]);
      }),
    );
  });

  it('remembers an acknowledgement while acknowledged, and only then', () => {
    fc.assert(
      fc.property(steps, limits, (all, within) => {
        const end = all.reduce((standing, what) => step(standing, what, within).after, UNKNOWN_STANDING);
        expect(end.acknowledgement !== null).toBe(end.state === 'acknowledged');
      }),
    );
  });
});

it('has no state that cannot be reached', () => {
  const reached = new Set(['unknown', ...Object.values(GUARDRAIL_TRANSITIONS).flat()]);
  expect([...reached].sort()).toEqual([...GUARDRAIL_STATES].sort());
});
