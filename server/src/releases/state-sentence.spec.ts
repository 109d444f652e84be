import { describe, expect, it } from '@jest/globals';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import { aRamp, aRelease, aRollout } from '../../test/builders/a-rollout.js';
import type { MetricResult, Rollout } from '../rollouts/index.js';
import type { Release } from './release.js';
import { type ReleaseView, toReleaseView } from './release-view.js';
import { stateSentence } from './state-sentence.js';

const MINUTE = 60_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const after = (minutes: number): Date => new Date(START + minutes * MINUTE);

const slow: MetricResult = {
  metric: 'slow-checkouts',
  subject: 'service/checkout',
  state: 'pending',
  dryRun: false,
  isComparable: true,
  sentence: 'Not known yet.',
  evidence: 1.23,
  limit: 4.61,
  stable: { units: 900, bad: 9, p99: 500 },
  candidate: { units: 100, bad: 2, p99: 590 },
};
const view = (release: Partial<Release>, rollout: Rollout | null = null): ReleaseView =>
  toReleaseView(aRelease(release), { project: 'shop', environment: 'production', rollout, approvals: [] });
const ramped = (ramp: Partial<Rollout['ramp']>, results: readonly MetricResult[] = []): ReleaseView =>
  view({}, aRollout({ ramp: aRamp(ramp), evidence: { ...aRollout().evidence, results } }));
const holding = (code: 'NOT_KNOWN' | 'APPROVAL_MISSING', sentence: string) => ({ reason: { code, sentence } });

describe('The sentence that says how a release stands', () => {
  it.each<[string, ReleaseView, Date, string]>([
    ['a draft', view({ status: 'draft' }), after(0), 'Draft: waits to be started.'],
    [
      'a draft that people must approve',
      view({ status: 'draft', policy: aPolicyDocument({ approvalsToStart: 2 }) }),
      after(0),
      'Draft: waits for approval, 0 of 2 given.',
    ],
    [
      'one that is scheduled',
      view({ status: 'scheduled', scheduledAt: after(125) }),
      after(0),
      'Scheduled: starts in 2 h 5 min.',
    ],
    [
      'one that is queued',
      view({
        status: 'queued',
        reason: { code: 'QUEUED', sentence: 'Waits for "other" (x), whose policy lets it finish.' },
      }),
      after(0),
      'Queued: waits for "other" (x), whose policy lets it finish.',
    ],
    [
      'a share on its way',
      ramped({
        phase: 'reaching',
        since: null,
        reason: { code: 'REACHING', sentence: '7 of 9 SDK instances serve the share; waiting for shop-1, shop-2.' },
      }),
      after(0.5),
      '10 % since 30 s, reaching: 7 of 9 SDK instances serve the share; waiting for shop-1, shop-2.',
    ],
    [
      'a share that is watched, by its leading metric',
      ramped({}, [slow]),
      after(12),
      '10 % since 12 min, watching: p99 +18 % on checkout, evidence 1.2 of 4.6.',
    ],
    [
      'one that is held by what is not known',
      ramped(holding('NOT_KNOWN', 'Not known yet.'), [slow]),
      after(12),
      '10 % since 12 min, holding: p99 +18 % on checkout, evidence 1.2 of 4.6.',
    ],
    [
      'one that is held by people, whatever was measured',
      ramped(holding('APPROVAL_MISSING', 'Step 1 waits for approvals: 0 of 1 given.'), [slow]),
      after(75),
      '10 % since 1 h 15 min, holding: step 1 waits for approvals: 0 of 1 given.',
    ],
    [
      'a share that binary fractions cannot say',
      ramped({ share: 7_000, reason: { code: 'REACHING', sentence: 'Waits.' }, phase: 'reaching', since: null }),
      after(1),
      '7 % since 1 min, reaching: waits.',
    ],
    [
      'nothing measured yet',
      ramped({}),
      after(1),
      '10 % since 1 min, watching: the share has reached every SDK instance.',
    ],
    [
      'everybody, watched',
      ramped({ share: 100_000, phase: 'baking', reason: { code: 'BAKING', sentence: 'Watched.' } }, [
        { ...slow, stable: { units: 900, bad: 9 }, candidate: { units: 100, bad: 1 } },
      ]),
      after(60 * 26),
      '100 % since 1 d 2 h, baking: slow-checkouts ±0 % on checkout, evidence 1.2 of 4.6.',
    ],
    [
      'one that was released',
      view({ status: 'released', finishedAt: after(65) }),
      after(70),
      '100 %: released 5 min ago, after 1 h 5 min.',
    ],
    [
      'one that was rolled back',
      view({
        status: 'rolledBack',
        finishedAt: after(3),
        reason: { code: 'EVIDENCE_BAD', sentence: 'failures of service/checkout rose.' },
      }),
      after(4),
      'Rolled back 1 min ago: failures of service/checkout rose.',
    ],
    [
      'one that was aborted',
      view({
        status: 'aborted',
        finishedAt: after(3),
        reason: { code: 'ABORTED_BY_HAND', sentence: 'Aborted by Ann: not today!' },
      }),
      after(3),
      'Aborted 0 s ago: by Ann: not today!',
    ],
    [
      'one that is superseded',
      view({
        status: 'superseded',
        finishedAt: after(3),
        reason: { code: 'SUPERSEDED', sentence: '"v3" (x) is newer and changes the same.' },
      }),
      after(4),
      'Superseded 1 min ago: "v3" (x) is newer and changes the same.',
    ],
  ])('of %s', (_name, release, now, sentence) => {
    expect(stateSentence(release, now)).toBe(sentence);
  });
});
