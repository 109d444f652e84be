import { logMismatch, SHARE_ALPHA } from './counts/share-evidence.js';
import type { MetricVerdict } from './metric-state.js';

/** What a provider shows of the candidate, to be checked before a metric of it is trusted. */
export interface Attribution {
  /** Whether any series bears the candidate's label. */
  readonly isLabelSeen: boolean;
  /** Units, such as requests, in the window: those of the candidate's series, and of all. */
  readonly candidateCount: number;
  readonly totalCount: number;
  /** The candidate's part of all units that was asked for in the window, from 0 to 1. */
  readonly share: number;
  /** When the oldest point of the candidate's series was taken; absent when the provider does not tell. */
  readonly seriesBeganAt?: Date;
  readonly releaseBeganAt: Date;
}

/** Scrapes, restarts and uneven clients move counts by this part of what is expected without meaning anything. */
const COUNT_TOLERANCE = 0.25;
/** The clocks of providers and ours differ by up to this. */
const CLOCK_SLACK_MS = 60_000;

/**
 * Whether a metric that claims to be the candidate's is. What is not attributed is `inconclusive` with its reason, and
 * never judged: it might be the stable arm's, or nobody's.
 */
export function checkAttribution(attribution: Attribution): MetricVerdict {
  const { isLabelSeen, candidateCount, totalCount, share, seriesBeganAt, releaseBeganAt } = attribution;
  if (!isLabelSeen) return inconclusive('no series bears the label of the candidate');
  if (seriesBeganAt && seriesBeganAt.getTime() < releaseBeganAt.getTime() - CLOCK_SLACK_MS) {
    return inconclusive(
      `the series began at ${seriesBeganAt.toISOString()}, before the release: it is not the candidate's alone`,
    );
  }
  if (totalCount === 0) return inconclusive('nothing was counted in either arm');
  if (isOff(candidateCount, totalCount, share)) {
    return inconclusive(
      `${candidateCount} of ${totalCount} are the candidate's, ${Math.round(share * totalCount)} were to be expected`,
    );
  }
  return { state: 'pass', reason: "the series is the candidate's" };
}

/** Off by more than chance and by more than counting allows. */
function isOff(candidateCount: number, totalCount: number, share: number): boolean {
  const expected = share * totalCount;
  if (Math.abs(candidateCount - expected) <= COUNT_TOLERANCE * Math.min(expected, totalCount - expected)) return false;
  if (share <= 0 || share >= 1) return true;
  const logEvidence = logMismatch([share, 1 - share], [candidateCount, Math.max(0, totalCount - candidateCount)]);
  return logEvidence >= Math.log(1 / SHARE_ALPHA);
}

function inconclusive(reason: string): MetricVerdict {
  return { state: 'inconclusive', reason };
}
