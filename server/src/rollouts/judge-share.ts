import { addShareTick, judgeShares, NO_SHARE_EVIDENCE } from '../analysis/index.js';
import { FULL_SHARE } from '../kernel/share.js';
import type { ShareState } from './evidence.js';
import type { MetricResult } from './metric-result.js';
import type { ShareObservation } from './observation.js';

/** What the result is called. No policy's metric can be: their names have no spaces. */
export const SAMPLE_RATIO = 'sample ratio';

const NOBODY = 'nobody has been met at this share yet';

/** The callers of one subject at one tick. */
export interface ShareTask {
  readonly subject: string;
  readonly before: ShareState | undefined;
  /** Distinct callers since the attempt began, as clients met them. */
  readonly exposed: { readonly stable: number; readonly candidate: number };
  /** Asked for; undefined while it is on its way, when nobody knows what to expect. */
  readonly share: number | undefined;
  /** Instances that report. A caller may be met by each of them, and so weighs as one part of as many. */
  readonly instances: number;
}

export interface JudgedShare {
  readonly state: ShareState;
  readonly observation: ShareObservation | undefined;
  readonly result: MetricResult;
}

/**
 * Compares the callers that the arms have with the share that was asked for. Callers, not units: those of one caller
 * all go to one arm, so they are no independent draws.
 */
export function judgeShare({ subject, before, exposed, share, instances }: ShareTask): JudgedShare {
  const seen = before?.seen ?? { stable: 0, candidate: 0 };
  // Who is in at one share is in at the next: the draws of two steps are the same ones, so each is judged by itself.
  const evidence =
    share === undefined || before?.share === share ? (before?.evidence ?? NO_SHARE_EVIDENCE) : NO_SHARE_EVIDENCE;
  const weight = 1 / Math.max(1, instances);
  const stable = Math.max(0, exposed.stable - seen.stable);
  const candidate = Math.max(0, exposed.candidate - seen.candidate);
  const isTelling = share !== undefined && stable + candidate > 0;
  const intended = isTelling ? [1 - share / FULL_SHARE, share / FULL_SHARE] : [];
  const next = isTelling
    ? addShareTick(evidence, { intended, counts: [stable * weight, candidate * weight] })
    : evidence;
  const verdict = judgeShares(next);
  return {
    state: { evidence: next, seen: exposed, share: share ?? before?.share ?? 0 },
    observation: stable + candidate > 0 ? { subject, stable, candidate } : undefined,
    result: {
      metric: SAMPLE_RATIO,
      subject,
      state: verdict.state,
      dryRun: false,
      // Before anybody was met there is nothing to suspect; whether there is a sample is asked elsewhere.
      isComparable: verdict.state === 'inconclusive' || isTelling,
      sentence: `Callers of ${subject}: ${verdict.state === 'pending' ? NOBODY : verdict.reason}.`,
    },
  };
}
