import { FULL_SHARE } from '../../kernel/share.js';
import { isHolding, type MetricResult, SAMPLE_RATIO } from '../../rollouts/index.js';
import { isUnderWay } from '../release-machine.js';
import type { ReleaseView, RolloutView } from '../release-view.js';

/** What another tool that moves traffic may make of a release now. Plain JSON, and short: Argo keeps every one. */
export interface ReleaseAnalysis {
  /** Whether the verdict is `pass`; whatever is not known is not ok. */
  readonly ok: boolean;
  /**
   * pass: measured, and good. fail: bad, or given up. inconclusive: not known, or somebody is waited for. error: it could
   * not be asked. Only the first is a reason to go on, only the second one to go back.
   */
  readonly verdict: AnalysisVerdict;
  readonly reason: { readonly code: string; readonly sentence: string };
  readonly release: Pick<ReleaseView, 'id' | 'name' | 'status' | 'attempt' | 'project' | 'environment'>;
}

export type AnalysisVerdict = 'pass' | 'fail' | 'inconclusive' | 'error';

/** What was found before is no verdict of now when nobody has looked for so long after the time to. */
const OVERDUE_MS = 60_000;
const IS_OVER = 'RELEASE_IS_OVER';

type Reasoned = Pick<ReleaseAnalysis, 'verdict' | 'reason'>;

/** Reads the verdict of a release for a tool that asks whether to go on. Nothing that was not measured passes. */
export function analysisOf(release: ReleaseView, now: Date): ReleaseAnalysis {
  const { verdict, reason } = verdictOf(release, now);
  const { id, name, status, attempt, project, environment } = release;
  const { code, sentence } = reason;
  return {
    ok: verdict === 'pass',
    verdict,
    reason: { code, sentence },
    release: { id, name, status, attempt, project, environment },
  };
}

/** How a version stands beside its newest release. */
export interface VersionStanding {
  /** Whether everybody who gets no candidate gets it. */
  readonly isStable: boolean;
  /** Whether it was reported as installed after the release had ended. */
  readonly isDeployedAgain: boolean;
}

/**
 * The verdict of a version's newest release for who asks by the version: one that has ended says nothing of the version
 * once it was deployed again. Released, it passes while the version is the stable one; given up, it fails until the
 * version is there anew.
 */
export function analysisOfVersion(
  analysis: ReleaseAnalysis,
  { isStable, isDeployedAgain }: VersionStanding,
): ReleaseAnalysis {
  const { status, name } = analysis.release;
  const isGivenUp = status === 'rolledBack' || status === 'aborted';
  if (!(status === 'released' && !isStable) && !(isGivenUp && isDeployedAgain)) return analysis;
  const sentence = `Release "${name}" is over, and says nothing of the version as it is here now; start another one.`;
  return { ...analysis, ok: false, verdict: 'inconclusive', reason: { code: IS_OVER, sentence } };
}

/** Whether an attempt has begun that was not given up: its candidate may be given to somebody. */
export function mayBegin({ verdict, reason, release }: ReleaseAnalysis): boolean {
  const isCurrent = verdict !== 'fail' && reason.code !== IS_OVER;
  return isCurrent && (isUnderWay(release.status) || release.status === 'released');
}

function verdictOf({ status, reason, rollout }: ReleaseView, now: Date): Reasoned {
  switch (status) {
    case 'draft':
    case 'scheduled':
    case 'queued':
    // A newer one has taken its place: not bad, and nothing to go on with.
    case 'superseded':
      return { verdict: 'inconclusive', reason };
    case 'rolledBack':
    case 'aborted':
      return { verdict: 'fail', reason };
    case 'released':
      return { verdict: RELEASED_FOR_A_REASON.includes(reason.code) ? 'pass' : 'inconclusive', reason };
    case 'running':
    case 'holding':
      return rollout === null ? { verdict: 'inconclusive', reason } : underWay(rollout, now);
  }
}

/** By what was compared, or by a person who answers for it; not for want of anything to compare. */
const RELEASED_FOR_A_REASON: readonly string[] = ['PROMOTED_ON_EVIDENCE', 'PROMOTED_BY_HAND'];

function underWay(rollout: RolloutView, now: Date): Reasoned {
  const { verdict, reason, phase, share, metrics, outageSince, nextLookAt } = rollout;
  const acting = metrics.filter(({ dryRun }) => !dryRun);
  const bad = acting.find(({ state }) => state === 'fail');
  if (bad !== undefined) return { verdict: 'fail', reason: { code: 'EVIDENCE_BAD', sentence: bad.sentence } };
  if (now.getTime() - nextLookAt.getTime() > OVERDUE_MS) {
    const sentence = `Sluice was to look at it at ${nextLookAt.toISOString()} and has not; see its log.`;
    return { verdict: 'error', reason: { code: 'NOT_LOOKED_AT', sentence } };
  }
  const unasked = acting.find(({ state }) => state === 'error');
  if (unasked !== undefined || outageSince !== null) {
    const sentence = unasked?.sentence ?? reason.sentence;
    return { verdict: 'error', reason: { code: 'COULD_NOT_ASK', sentence } };
  }
  if (phase === 'reaching' || isHolding(reason)) return { verdict: 'inconclusive', reason };
  if (verdict === 'pass' && isCompared(acting, share)) return { verdict: 'pass', reason };
  const open = acting.find(({ state }) => state !== 'pass');
  const sentence = open?.sentence ?? 'Nothing was compared, so nothing is known.';
  return { verdict: 'inconclusive', reason: { code: 'NOT_KNOWN', sentence } };
}

/** Whether a metric was compared and found good. At 100 % there is one arm, and what was found before counts. */
function isCompared(acting: readonly MetricResult[], share: number): boolean {
  const good = acting.filter(({ metric, state }) => metric !== SAMPLE_RATIO && state === 'pass');
  return good.some(({ isComparable }) => isComparable || share === FULL_SHARE);
}
