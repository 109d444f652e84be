import { checkAttribution, type MetricAnswer, type MetricVerdict } from '../analysis/index.js';
import { FULL_SHARE } from '../kernel/share.js';

/** What a provider tells of whose a series is. */
export interface AttributionTask {
  readonly isLabelSeen: boolean;
  /** How many requests each arm had in the window, as the provider counts them. */
  readonly counts: { readonly candidate: MetricAnswer; readonly stable: MetricAnswer };
  /** Asked for, in thousandths of a percent. */
  readonly share: number;
  readonly startedAt: Date;
}

/**
 * Why a metric is not trusted to be the candidate's; undefined when it is. It is then left out, as if it had not been
 * measured, and the next one may be trusted again: what is not attributed never passes and never fails.
 */
export function judgeAttribution({
  isLabelSeen,
  counts,
  share,
  startedAt,
}: AttributionTask): MetricVerdict | undefined {
  for (const answer of [counts.candidate, counts.stable]) {
    if (answer.kind === 'error') return { state: 'error', reason: `whose it is cannot be asked: ${answer.reason}` };
  }
  const [candidateCount, stableCount] = [newestOf(counts.candidate), newestOf(counts.stable)];
  const { state, reason } = checkAttribution({
    isLabelSeen,
    candidateCount,
    totalCount: candidateCount + stableCount,
    share: share / FULL_SHARE,
    releaseBeganAt: startedAt,
    ...beginningOf(counts.candidate),
  });
  return state === 'pass' ? undefined : { state: 'pending', reason: `not trusted: ${reason}` };
}

function newestOf(answer: MetricAnswer): number {
  return answer.kind === 'series' ? (answer.points.at(-1)?.value ?? 0) : 0;
}

function beginningOf(answer: MetricAnswer): { readonly seriesBeganAt?: Date } {
  const first = answer.kind === 'series' ? answer.points[0] : undefined;
  return first === undefined ? {} : { seriesBeganAt: first.at };
}
