import { describe, expect, it } from '@jest/globals';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { aRamp, aRollout } from '../../test/builders/a-rollout.js';
import type { Rollout } from '../rollouts/index.js';
import { type StepEntry, stepTimeline } from './step-timeline.js';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const at = (minutes: number): Date => new Date(START + minutes * 60_000);
const step = (share: number, minutes: number) => ({ share, holdSeconds: minutes * 60, minimumUnits: 0, gates: [] });
const policy = aPolicyDocument({ steps: [step(1_000, 10), step(10_000, 20), step(50_000, 30), step(100_000, 5)] });

function rows(ramp: Partial<Rollout['ramp']>, entries: readonly StepEntry[], now: number, more: Partial<Rollout> = {}) {
  return stepTimeline(aRollout({ policy, ramp: aRamp(ramp), ...more }), entries, at(now));
}
const minutesOf = (date: Date | null): number | null => (date === null ? null : (date.getTime() - START) / 60_000);

describe('The steps of an attempt', () => {
  it('are planned by their holds, and came when they came', () => {
    const entered = [{ stepIndex: 1, at: at(15) }];
    const steps = rows({ stepIndex: 1, askedAt: at(15).toISOString(), since: at(16).toISOString() }, entered, 21);
    expect(steps.map(({ state }) => state)).toEqual(['done', 'current', 'ahead', 'ahead']);
    expect(steps.map(({ plannedAt }) => minutesOf(plannedAt))).toEqual([0, 10, 30, 60]);
    expect(steps.map(({ enteredAt }) => minutesOf(enteredAt))).toEqual([0, 15, null, null]);
    expect(steps.map(({ leftAt }) => minutesOf(leftAt))).toEqual([15, null, null, null]);
    // Five of its twenty minutes are over.
    expect(steps.map(({ expectedAt }) => minutesOf(expectedAt))).toEqual([null, null, 36, 66]);
  });

  it('stand still while it is paused', () => {
    const paused = { by: 'Ann', reason: 'Lunch', at: at(3).toISOString() };
    expect(minutesOf(rows({ paused }, [], 40)[1]?.expectedAt ?? null)).toBe(47);
  });

  it('were skipped where nobody saw them, and what followed a skip is when they were left', () => {
    const steps = rows({ stepIndex: 3, askedAt: at(4).toISOString() }, [{ stepIndex: 3, at: at(4) }], 5);
    expect(steps.map(({ state }) => state)).toEqual(['done', 'skipped', 'skipped', 'current']);
    expect(steps.map(({ leftAt }) => minutesOf(leftAt))).toEqual([4, null, null, null]);
  });

  it('are known where it is, though its events are forgotten', () => {
    const steps = rows({ stepIndex: 2, askedAt: at(31).toISOString() }, [], 40);
    expect(steps.map(({ enteredAt }) => minutesOf(enteredAt))).toEqual([0, null, 31, null]);
  });

  it('end with the attempt', () => {
    const over = { status: 'released', finishedAt: at(70) } as const;
    const steps = rows({ stepIndex: 3, askedAt: at(60).toISOString() }, [{ stepIndex: 3, at: at(60) }], 99, over);
    expect(steps[3]).toMatchObject({ state: 'done', leftAt: at(70), expectedAt: null });
    const back = rows({ stepIndex: 0 }, [], 99, { status: 'rolledBack', finishedAt: at(7) });
    expect(back.map(({ state, expectedAt }) => [state, expectedAt])).toEqual([
      ['current', null],
      ['ahead', null],
      ['ahead', null],
      ['ahead', null],
    ]);
    expect(back[0]?.leftAt).toEqual(at(7));
  });
});
