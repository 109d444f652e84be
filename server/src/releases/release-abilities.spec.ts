import { describe, expect, it } from '@jest/globals';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { aRamp } from '../../test/builders/a-rollout.js';
import { type Actionable, releaseAbilities } from './release-abilities.js';
import { RELEASE_STATUSES } from './release-machine.js';

const now = new Date('2026-01-01T12:00:00.000Z');
const frozen = aPolicyDocument({
  freezeWindows: [{ name: 'Holidays', starts: '2026-01-01T00:00:00.000Z', ends: '2026-01-02T00:00:00.000Z' }],
});
const gated = aPolicyDocument({
  steps: [
    { share: 10_000, holdSeconds: 60, minimumUnits: 0, gates: [{ kind: 'approval', approvals: 1 }] },
    { share: 50_000, holdSeconds: 60, minimumUnits: 0, gates: [] },
    { share: 100_000, holdSeconds: 0, minimumUnits: 0, gates: [] },
  ],
});
const paused = { by: 'Ann', reason: 'Lunch', at: '2026-01-01T11:00:00.000Z' };
const running = (policy = aPolicyDocument(), ramp: Parameters<typeof aRamp>[0] = {}): Actionable => ({
  release: { status: 'running', policy },
  approvals: 0,
  rollout: { policy, ramp: aRamp(ramp) },
  now,
});
const idle = (status: Actionable['release']['status'], policy = aPolicyDocument(), approvals = 0): Actionable => ({
  release: { status, policy },
  approvals,
  rollout: null,
  now,
});
const allowed = (actionable: Actionable) =>
  releaseAbilities(actionable).flatMap(({ action, isAllowed }) => (isAllowed ? [action] : []));

describe('What can be done to a release', () => {
  const mustBeApproved = aPolicyDocument({ approvalsToStart: 1 });
  it.each<[string, Actionable, readonly string[]]>([
    ['a draft', idle('draft'), ['start', 'abort']],
    ['a draft that must be approved', idle('draft', mustBeApproved), ['approve', 'abort']],
    ['a draft that was approved', idle('draft', mustBeApproved, 1), ['start', 'abort']],
    ['a draft in a freeze', idle('draft', frozen), ['abort']],
    ['one that is queued', idle('queued'), ['start', 'abort']],
    ['one that runs', running(), ['pause', 'advance', 'promote', 'abort', 'rollBack']],
    [
      'one that is paused',
      running(aPolicyDocument(), { paused }),
      ['resume', 'advance', 'promote', 'abort', 'rollBack'],
    ],
    ['one in a freeze', running(frozen), ['pause', 'abort', 'rollBack']],
    ['one whose step must be approved', running(gated), ['approve', 'pause', 'abort', 'rollBack']],
    ['one past its gate', running(gated, { stepIndex: 1 }), ['pause', 'advance', 'promote', 'abort', 'rollBack']],
    ['one at its last step', running(gated, { stepIndex: 2 }), ['pause', 'abort', 'rollBack']],
    ['one that was released', idle('released'), []],
    ['one that was rolled back', idle('rolledBack'), ['start']],
    ['one that is superseded', idle('superseded'), []],
  ])('%s', (_name, actionable, actions) => expect(allowed(actionable)).toEqual(actions));

  it.each(RELEASE_STATUSES)('is told with a sentence for all else, while it is %s', (status) => {
    for (const { isAllowed, reason } of releaseAbilities(idle(status))) {
      expect(reason === null).toBe(isAllowed);
      if (reason !== null) expect(reason).toMatch(/^[A-Z].+\.$/u);
    }
  });
});
