import { describe, expect, it } from '@jest/globals';
import type { Problem } from './field-errors.js';
import { EMPTY_CHANGES, EMPTY_RELEASE, type ReleaseDraft } from './release-draft.js';
import { mergeProblems, placeReleaseProblems } from './release-problems.js';

const problem = (code: string, pointer: string | null = null): Problem => ({
  ...{ kind: 'invalid', code, message: `${code}.`, pointer },
});
const draft: ReleaseDraft = {
  ...EMPTY_RELEASE,
  changes: [{ ...EMPTY_CHANGES.flag, flag: 'cart', variation: 'on' }, EMPTY_CHANGES.service],
  arguments: { hold: '5' },
};

describe('problems of a release', () => {
  it('stand where they are mended', () => {
    const problems = [
      problem('VARIATION', '/changes/0/ramp/variation'),
      problem('SPLIT', '/changes/0/edit/defaultServe/split/shares/0/share'),
      problem('HELD', '/changes/0'),
      problem('ARGUMENT', '/arguments/hold'),
      problem('POLICY_NOT_FOUND'),
      problem('STEPS', '/document/steps/0'),
      problem('DIGEST_REJECTED'),
      problem('PROJECT_NOT_FOUND'),
    ];
    const placed = placeReleaseProblems(draft, problems, true);
    expect(placed.fields).toEqual({
      'changes.0.variation': 'VARIATION.',
      'changes.0.serve': 'SPLIT.',
      'changes.0': 'HELD.',
      'arguments.hold': 'ARGUMENT.',
      policy: 'POLICY_NOT_FOUND. STEPS.',
      overrideRejection: 'DIGEST_REJECTED.',
    });
    expect(placed.rest.map(({ code }) => code)).toEqual(['PROJECT_NOT_FOUND']);
    expect(placed.counts).toEqual({ changes: 3, policy: 2, review: 2, copy: 0 });
  });

  it('are not told of a change that is being written, before one goes on', () => {
    const problems = [problem('KEY', '/changes/1/service'), problem('HELD', '/changes/0')];
    expect(placeReleaseProblems(draft, problems, false).fields).toEqual({ 'changes.0': 'HELD.' });
    expect(placeReleaseProblems(draft, problems, true).fields).toHaveProperty(['changes.1.service'], 'KEY.');
    const none = placeReleaseProblems(EMPTY_RELEASE, [problem('TOO_SMALL', '/changes')], false);
    expect(none.counts.changes).toBe(0);
  });

  it('are told once, with the place that is known', () => {
    const placed = { ...problem('FLAG_NOT_FOUND'), pointer: '/changes/0' };
    expect(mergeProblems([placed], [problem('FLAG_NOT_FOUND'), problem('FROZEN')])).toEqual([
      placed,
      problem('FROZEN'),
    ]);
  });
});
