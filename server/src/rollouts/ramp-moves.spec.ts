import { describe, expect, it } from '@jest/globals';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { aRamp } from '../../test/builders/a-rollout.js';
import type { MetricResult } from './metric-result.js';
import { beginBake, beginWatch, lookedAt, moveToStep, needsPage, percent, startRamp } from './ramp-moves.js';

const policy = aPolicyDocument({ onOutage: { afterSeconds: 300 } });
const now = new Date('2026-01-01T01:00:00.000Z');
const reason = { code: 'WATCHING', sentence: 'It is watched.' } as const;
const approval = { actorId: 'ann', actorName: 'Ann', comment: '', at: now.toISOString() };
const failed: MetricResult = {
  metric: 'm',
  subject: 's',
  state: 'error',
  dryRun: false,
  isComparable: true,
  sentence: '',
};
const reaching = { phase: 'reaching', since: null, reason: { code: 'REACHING', sentence: '' } } as const;
const ago = (seconds: number): string => new Date(now.getTime() - seconds * 1_000).toISOString();

it('begins at the first share, on its way', () => {
  expect(startRamp(policy, { revision: 3, now })).toMatchObject({
    stepIndex: 0,
    share: 10_000,
    phase: 'reaching',
    revision: 3,
    since: null,
    tick: 0,
    reason: { code: 'REACHING', sentence: '10 % of users are being given the candidate.' },
  });
});

it('forgets at the next step what belonged to the last, and nothing else', () => {
  const before = aRamp({ approvals: [approval], openGates: [0], isPaged: true, tick: 9, outageSince: ago(5) });
  const after = moveToStep(before, policy, 1, { revision: 8, now });
  expect(after).toMatchObject({ stepIndex: 1, share: 100_000, approvals: [], openGates: [], isPaged: false });
  expect(after).toMatchObject({ tick: 9, outageSince: ago(5), revision: 8, since: null, askedAt: now.toISOString() });
});

it('starts the clock and the sample of a step, and the clock of a bake', () => {
  const reaching = aRamp({ phase: 'reaching', since: null });
  const watching = beginWatch(reaching, reason, { units: 40, instances: 3, now });
  expect(watching).toMatchObject({ phase: 'watching', since: now.toISOString(), unitsBefore: 40, instances: 3 });
  expect(beginBake(watching, reason, now)).toMatchObject({
    phase: 'baking',
    since: now.toISOString(),
    unitsBefore: 40,
  });
});

describe('a ramp that was looked at', () => {
  it('counts the look', () => expect(lookedAt(aRamp({ tick: 4 }), [], reason, now).tick).toBe(5));

  it.each<[string, string | null, readonly MetricResult[], string | null]>([
    ['begins with the first that could not be asked', null, [failed], now.toISOString()],
    ['goes on while it lasts', ago(60), [failed], ago(60)],
    ['ends when all could be asked', ago(60), [{ ...failed, state: 'pass' }], null],
    ['is none of a dry run', null, [{ ...failed, dryRun: true }], null],
  ])('knows an outage, which %s', (_name, since, results, expected) => {
    expect(lookedAt(aRamp({ outageSince: since }), results, reason, now).outageSince).toBe(expected);
  });

  it('calls people once for one reason', () => {
    const paged = aRamp({ isPaged: true, reason });
    expect(lookedAt(paged, [], reason, now).isPaged).toBe(true);
    expect(lookedAt(paged, [], { code: 'DEADLINE_PASSED', sentence: '' }, now).isPaged).toBe(false);
  });

  it.each<[string, Parameters<typeof aRamp>[0], boolean]>([
    ['does, when a deadline has passed', { reason: { code: 'DEADLINE_PASSED', sentence: '' } }, true],
    ['does not twice', { reason: { code: 'DEADLINE_PASSED', sentence: '' }, isPaged: true }, false],
    ['does not while an outage is young', { outageSince: ago(299) }, false],
    ['does when it is not', { outageSince: ago(300) }, true],
    ['does not when all is well', {}, false],
    ['does not while a share is on its way', { ...reaching, askedAt: ago(299) }, false],
    ['does when it does not arrive', { ...reaching, askedAt: ago(300) }, true],
    ['does not twice while it does not arrive', { ...reaching, askedAt: ago(900), isPaged: true }, false],
    ['does not count the pause of a share on its way', { ...reaching, askedAt: ago(300), pausedMs: 1_000 }, false],
  ])('%s call people', (_name, overrides, expected) => {
    expect(needsPage(aRamp(overrides), policy, now)).toBe(expected);
  });
});

it.each([
  [0, '0 %'],
  [1, '0.001 %'],
  [500, '0.5 %'],
  [33_333, '33.333 %'],
  [100_000, '100 %'],
])('shows %s as %s', (share, text) => {
  expect(percent(share)).toBe(text);
});

it('says what is sampled, and does not say that nobody is served', () => {
  const step = { holdSeconds: 0, minimumUnits: 0, gates: [] };
  const sampling = aPolicyDocument({
    steps: [
      { ...step, share: 0, sampling: 10_000 },
      { ...step, share: 1_000 },
    ],
  });
  const at = { revision: 7, now: new Date('2026-01-01T00:00:00Z') };
  const first = startRamp(sampling, at);
  expect(first.reason.sentence).toBe('10 % of the calls of its parallel runs are sampled.');
  expect(moveToStep(first, sampling, 1, at).reason.sentence).toBe(
    '1 % of users are being given the candidate. 10 % of the calls of its parallel runs are sampled.',
  );
});
