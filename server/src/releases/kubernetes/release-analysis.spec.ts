import { describe, expect, it } from '@jest/globals';
import { aRamp, aRelease, aRollout } from '../../../test/builders/a-rollout.js';
import { type MetricResult, type Reason, type Rollout, SAMPLE_RATIO } from '../../rollouts/index.js';
import type { OwnReasonCode, Release } from '../release.js';
import { RELEASE_STATUSES } from '../release-machine.js';
import { type ReleaseView, toReleaseView } from '../release-view.js';
import { analysisOf as analysisAt, analysisOfVersion, type AnalysisVerdict, mayBegin } from './release-analysis.js';

/** When aRollout is looked at next. */
const now = new Date('2026-01-01T00:00:00.000Z');
const analysisOf = (release: ReleaseView) => analysisAt(release, now);

const good: MetricResult = {
  metric: 'errors',
  subject: 'service/checkout',
  state: 'pass',
  dryRun: false,
  isComparable: true,
  sentence: 'No more errors than before.',
};
const view = (release: Partial<Release>, rollout: Rollout | null = null): ReleaseView =>
  toReleaseView(aRelease(release), { project: 'shop', environment: 'production', rollout, approvals: [] });

/** A release under way, its last verdict as the engine makes it: the worst of what is acted on. */
function running(
  results: readonly MetricResult[],
  { ramp = {}, state = 'pass' }: { ramp?: Partial<Rollout['ramp']>; state?: Rollout['evidence']['state'] } = {},
): ReleaseView {
  return view(
    { status: 'running' },
    aRollout({ ramp: aRamp(ramp), evidence: { ...aRollout().evidence, state, results } }),
  );
}
const reason = (code: 'PAUSED' | 'APPROVAL_MISSING' | 'NOT_KNOWN') => ({ reason: { code, sentence: 'Held.' } });

describe('The verdict of a release that runs', () => {
  it.each<[string, ReleaseView, AnalysisVerdict]>([
    ['passes what was compared and is good', running([good]), 'pass'],
    ['fails what is bad, before the engine has put it back', running([good, { ...good, state: 'fail' }]), 'fail'],
    ['fails what is bad while it is paused', running([{ ...good, state: 'fail' }], { ramp: reason('PAUSED') }), 'fail'],
    ['does not fail for a dry run', running([good, { ...good, state: 'fail', dryRun: true }]), 'pass'],
    ['does not pass for a dry run', running([{ ...good, dryRun: true }]), 'inconclusive'],
    [
      'is an error where a metric could not be asked',
      running([good, { ...good, state: 'error' }], { state: 'error' }),
      'error',
    ],
    [
      'is an error while a provider is away, whatever was found before',
      running([good], { ramp: { outageSince: '2026-01-01T00:00:00.000Z' } }),
      'error',
    ],
    ['knows nothing before its first verdict', running([], { state: null }), 'inconclusive'],
    ['knows nothing where no metric is asked for', running([]), 'inconclusive'],
    ['knows nothing where there was nothing to compare', running([{ ...good, isComparable: false }]), 'inconclusive'],
    ['knows nothing of callers that are split as asked', running([{ ...good, metric: SAMPLE_RATIO }]), 'inconclusive'],
    [
      'counts what was found before, once everybody has the candidate',
      running([{ ...good, isComparable: false }], { ramp: { share: 100_000 } }),
      'pass',
    ],
    ['waits for evidence', running([good, { ...good, state: 'pending' }], { state: 'pending' }), 'inconclusive'],
    [
      'waits for what says nothing',
      running([{ ...good, state: 'inconclusive' }], { state: 'inconclusive' }),
      'inconclusive',
    ],
    ['waits for a share on its way', running([good], { ramp: { phase: 'reaching' } }), 'inconclusive'],
    ['waits while somebody has paused it', running([good], { ramp: reason('PAUSED') }), 'inconclusive'],
    ['waits for an approval', running([good], { ramp: reason('APPROVAL_MISSING') }), 'inconclusive'],
  ])('%s', (_what, release, verdict) => {
    expect(analysisOf(release)).toMatchObject({ verdict, ok: verdict === 'pass' });
  });

  it('is an error once nobody has looked at it for a minute after the time to, unless it is known to be bad', () => {
    const late = (ms: number) => new Date(now.getTime() + ms);
    expect(analysisAt(running([good]), late(60_000)).verdict).toBe('pass');
    expect(analysisAt(running([good]), late(60_001))).toMatchObject({
      verdict: 'error',
      reason: { code: 'NOT_LOOKED_AT' },
    });
    expect(analysisAt(running([{ ...good, state: 'fail' }]), late(3_600_000)).verdict).toBe('fail');
  });

  it('gives the reason of the metric that decided', () => {
    const bad = { ...good, state: 'fail', sentence: 'Twice as many errors.' } as const;
    expect(analysisOf(running([good, bad])).reason).toEqual({
      code: 'EVIDENCE_BAD',
      sentence: 'Twice as many errors.',
    });
    const open = { ...good, state: 'pending', sentence: 'Not known yet.' } as const;
    expect(analysisOf(running([good, open], { state: 'pending' })).reason.sentence).toBe('Not known yet.');
  });
});

describe('The verdict of a release that does not run', () => {
  const ended = (status: Release['status'], code: OwnReasonCode | Reason['code']): ReleaseView =>
    // One of the two that a release's reason may be.
    view({ status, reason: { code, sentence: 'Because.' } as Release['reason'] });

  it.each<[string, ReleaseView, AnalysisVerdict]>([
    ['knows nothing of a draft', ended('draft', 'CREATED'), 'inconclusive'],
    ['knows nothing of one that is scheduled', ended('scheduled', 'SCHEDULED'), 'inconclusive'],
    ['knows nothing of one that is queued', ended('queued', 'QUEUED'), 'inconclusive'],
    ['passes one that was released on evidence', ended('released', 'PROMOTED_ON_EVIDENCE'), 'pass'],
    ['passes one that a person promoted', ended('released', 'PROMOTED_BY_HAND'), 'pass'],
    [
      'does not pass one that was released for want of evidence',
      ended('released', 'PROMOTED_WITHOUT_EVIDENCE'),
      'inconclusive',
    ],
    ['fails one that was rolled back', ended('rolledBack', 'EVIDENCE_BAD'), 'fail'],
    ['fails one that was given up', ended('aborted', 'ABORTED_BY_HAND'), 'fail'],
    ['neither passes nor fails one that a newer one replaced', ended('superseded', 'SUPERSEDED'), 'inconclusive'],
  ])('%s', (_what, release, verdict) => {
    expect(analysisOf(release)).toMatchObject({ verdict, ok: verdict === 'pass', reason: { sentence: 'Because.' } });
  });

  it('lets nothing begin but what runs, or has been released', () => {
    const mayBeginWith = RELEASE_STATUSES.filter((status) => mayBegin(analysisOf(view({ status }))));
    expect(mayBeginWith).toEqual(['running', 'holding', 'released']);
    expect(mayBegin(analysisOf(running([{ ...good, state: 'fail' }])))).toBe(false);
  });
});

describe('The verdict of a version', () => {
  const asked = (status: Release['status'], standing: Parameters<typeof analysisOfVersion>[1]) => {
    const reason = { code: 'PROMOTED_ON_EVIDENCE', sentence: 'Because.' } as const;
    return analysisOfVersion(analysisOf(view({ status, reason })), standing);
  };
  const [here, gone, again] = [
    { isStable: true, isDeployedAgain: false },
    { isStable: false, isDeployedAgain: false },
    { isStable: false, isDeployedAgain: true },
  ];

  it.each<[string, Release['status'], Parameters<typeof analysisOfVersion>[1], AnalysisVerdict]>([
    ['passes what was released and is stable', 'released', here, 'pass'],
    ['passes nothing for a release that another has followed', 'released', gone, 'inconclusive'],
    ['passes nothing for a release before the version came again', 'released', again, 'inconclusive'],
    ['fails what was rolled back', 'rolledBack', gone, 'fail'],
    ['fails what was given up', 'aborted', gone, 'fail'],
    ['fails nothing for a release before the version came again', 'rolledBack', again, 'inconclusive'],
  ])('%s', (_what, status, standing, verdict) => {
    expect(asked(status, standing)).toMatchObject({ verdict, ok: verdict === 'pass' });
  });

  it('lets nothing begin for a release that is over', () => {
    expect(mayBegin(asked('released', here))).toBe(true);
    expect(mayBegin(asked('released', again))).toBe(false);
  });
});
