import { describe, expect, it } from '@jest/globals';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { aRamp, aRelease, aRollout } from '../../test/builders/a-rollout.js';
import type { Rollout } from '../rollouts/index.js';
import { releaseAttention } from './release-attention.js';
import { toReleaseView } from './release-view.js';
import type { Release } from './release.js';

const START = '2026-01-01T00:00:00.000Z';
const now = new Date('2026-01-01T00:10:00.000Z');
const paused = { by: 'Ann', reason: 'Lunch', at: '2026-01-01T00:03:00.000Z' };
const because = (code: Rollout['ramp']['reason']['code']) => ({ reason: { code, sentence: '' } });

const attentionOf = (release: Partial<Release>, ramp: Partial<Rollout['ramp']> | null) => {
  const rollout = ramp === null ? null : aRollout({ ramp: aRamp(ramp) });
  const parts = { project: 'shop', environment: 'production', rollout, approvals: [] };
  const found = releaseAttention(toReleaseView(aRelease(release), parts), now);
  return found && [found.kind, found.since.toISOString()];
};

describe('A release', () => {
  const approved = { policy: aPolicyDocument({ approvalsToStart: 1 }) };
  it.each<[string, Partial<Release>, Partial<Rollout['ramp']> | null, readonly string[] | undefined]>([
    ['that waits for nobody', { status: 'draft' }, null, undefined],
    ['that must be approved', { status: 'draft', ...approved }, null, ['awaitingApproval', START]],
    ['whose step must be approved', {}, because('APPROVAL_MISSING'), ['awaitingApproval', START]],
    ['that goes its course', {}, {}, undefined],
    ['that is paused', {}, { paused, ...because('PAUSED') }, ['held', paused.at]],
    ['whose deadline passed', {}, because('DEADLINE_PASSED'), ['deadlinePassed', START]],
    ['that sees too little', {}, because('SAMPLE_SMALL'), ['noData', START]],
    ['that cannot be measured', {}, { outageSince: paused.at }, ['couldNotAsk', paused.at]],
    [
      'whose share is on its way',
      {},
      { phase: 'reaching', since: null, askedAt: '2026-01-01T00:09:30.000Z' },
      undefined,
    ],
    ['whose share does not arrive', {}, { phase: 'reaching', since: null }, ['laggards', START]],
    ['whose router lost the share', {}, because('REACHING'), ['laggards', START]],
    ['that is over', { status: 'rolledBack', ...approved }, because('DEADLINE_PASSED'), undefined],
  ])('%s', (_name, release, ramp, expected) => expect(attentionOf(release, ramp)).toEqual(expected));
});
