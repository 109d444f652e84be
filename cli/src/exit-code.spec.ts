import { describe, expect, it } from '@jest/globals';
import { RELEASE_STATUSES } from '../../server/src/releases/release-machine.js';
import { REASON_CODES } from '../../server/src/rollouts/rollout.js';
import { exitCodeOfProblem, exitCodeOfRelease, isPassing } from './exit-code.js';
import type { ReleaseStatus } from './release-view.js';

const UNDER_WAY: readonly ReleaseStatus[] = ['draft', 'scheduled', 'queued', 'running', 'holding'];
const code = (status: ReleaseStatus, reason: string): number =>
  exitCodeOfRelease({ status, reason: { code: reason, sentence: '' } });

describe('the exit code of a release', () => {
  it.each<[ReleaseStatus, string, number]>([
    ['released', 'PROMOTED_ON_EVIDENCE', 0],
    ['released', 'PROMOTED_WITHOUT_EVIDENCE', 0],
    ['released', 'PROMOTED_BY_HAND', 0],
    ['rolledBack', 'EVIDENCE_BAD', 3],
    ['rolledBack', 'ROLLED_BACK_BY_HAND', 3],
    ['rolledBack', 'GUARDRAIL_BROKEN', 3],
    ['rolledBack', 'DEADLINE_PASSED', 4],
    ['rolledBack', 'CANDIDATE_GONE', 6],
    ['aborted', 'ABORTED_BY_HAND', 6],
    ['aborted', 'TAKEN_OVER_BY_HAND', 6],
    ['aborted', 'START_REFUSED', 6],
    ['superseded', 'SUPERSEDED', 7],
  ])('of %s by %s is %i', (status, reason, expected) => expect(code(status, reason)).toBe(expected));

  it.each<[string, number]>([
    ['CREATED', 4],
    ['SCHEDULED', 4],
    ['QUEUED', 4],
    ['STARTED', 4],
    ['REACHING', 4],
    ['WATCHING', 4],
    ['BAKING', 4],
    ['SAMPLE_SMALL', 4],
    ['NOT_KNOWN', 4],
    ['DEADLINE_PASSED', 4],
    ['GUARDRAIL_BROKEN', 4],
    ['COULD_NOT_ASK', 5],
    ['PAUSED', 6],
    ['FROZEN', 6],
    ['APPROVAL_MISSING', 6],
    ['WEBHOOK_WAITING', 6],
    ['START_REFUSED', 6],
    ['A_REASON_OF_A_NEWER_SERVER', 4],
  ])('of one that still stands at %s when the time is up is %i', (reason, expected) => {
    for (const status of UNDER_WAY) expect(code(status, reason)).toBe(expected);
  });

  it('is known for every status and reason that the server has, and is 0 for what was released alone', () => {
    for (const status of RELEASE_STATUSES) {
      for (const reason of [...REASON_CODES, 'CREATED', 'SCHEDULED', 'QUEUED', 'STARTED', 'START_REFUSED']) {
        expect([0, 3, 4, 5, 6, 7]).toContain(code(status, reason));
        expect(code(status, reason) === 0).toBe(status === 'released');
      }
    }
  });
});

describe('the exit code of a refused request', () => {
  it.each([
    [400, 2],
    [401, 8],
    [403, 8],
    [404, 2],
    [409, 6],
    [412, 6],
    [413, 2],
    [415, 2],
    [422, 6],
    [428, 1],
    [429, 5],
    [500, 1],
    [502, 5],
    [503, 5],
    [504, 5],
  ])('of %i is %i', (status, expected) => {
    expect(exitCodeOfProblem(status)).toBe(expected);
    expect(isPassing(status)).toBe(expected === 5);
  });
});
