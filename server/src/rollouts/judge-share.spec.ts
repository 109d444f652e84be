import { expect, it } from '@jest/globals';
import { judgeShare, type JudgedShare, type ShareTask } from './judge-share.js';

function judgeOne(overrides: Partial<ShareTask> = {}): JudgedShare {
  const exposed = { stable: 9_000, candidate: 1_000 };
  return judgeShare({
    subject: 'flag/new-cart',
    before: undefined,
    exposed,
    share: 10_000,
    instances: 1,
    ...overrides,
  });
}
const askedTenth = { stable: 500, candidate: 500 };

it('passes callers who are split as was asked', () => {
  expect(judgeOne().result).toMatchObject({ state: 'pass', isComparable: true, metric: 'sample ratio', dryRun: false });
});

it('is inconclusive, never good and never bad, when they are not', () => {
  const { result } = judgeOne({ exposed: askedTenth });
  expect(result).toMatchObject({ state: 'inconclusive', isComparable: true });
  expect(result.sentence).toContain('do not have the shares that were asked for');
});

it('is not made good again by callers who come later', () => {
  const first = judgeOne({ exposed: askedTenth });
  const later = judgeOne({ before: first.state, exposed: { stable: 90_500, candidate: 10_500 } });
  expect(later.result.state).toBe('inconclusive');
});

it('begins anew at the next share', () => {
  const first = judgeOne({ exposed: askedTenth });
  const next = judgeOne({ before: first.state, exposed: { stable: 1_000, candidate: 1_000 }, share: 50_000 });
  expect(next.result.state).toBe('pass');
});

it('expects nothing while a share is on its way, counts who came then, and holds nobody up', () => {
  const reaching = judgeOne({ exposed: askedTenth, share: undefined });
  expect(reaching.result).toMatchObject({ state: 'pending', isComparable: false });
  expect(reaching.observation).toMatchObject({ stable: 500, candidate: 500 });
  const settled = judgeOne({ before: reaching.state, exposed: { stable: 9_500, candidate: 1_500 } });
  expect(settled.result.state).toBe('pass');
});

it('is not known before anybody came, and holds nobody up', () => {
  expect(judgeOne({ exposed: { stable: 0, candidate: 0 } })).toMatchObject({
    observation: undefined,
    result: {
      state: 'pending',
      isComparable: false,
      sentence: 'Callers of flag/new-cart: nobody has been met at this share yet.',
    },
  });
});

it('weighs a caller whom many instances met as one', () => {
  const exposed = { stable: 150, candidate: 50 };
  expect(judgeOne({ exposed }).result.state).toBe('inconclusive');
  expect(judgeOne({ exposed, instances: 20 }).result.state).toBe('pass');
});
