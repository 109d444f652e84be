import { FULL_SHARE } from '../kernel/share.js';
import { isHolding } from '../rollouts/index.js';
import { durationText } from './duration-text.js';
import { leadingMetric, metricWords } from './leading-metric.js';
import type { ReleaseView, RolloutView } from './release-view.js';

/** What the sentence is made of. */
export type Described = Pick<
  ReleaseView,
  'status' | 'reason' | 'scheduledAt' | 'startedAt' | 'finishedAt' | 'approvals' | 'policy' | 'rollout'
>;

/** Reasons that the metrics themselves are: what they show says more than that they are waited for. */
const OF_METRICS: readonly string[] = ['NOT_KNOWN', 'WATCHING', 'BAKING'];

/**
 * How a release stands, in one sentence for people who glance: `10 % since 12 min, holding: p99 +18 % on checkout,
 * evidence 1.2 of 4.6.` Ends with a full stop.
 */
export function stateSentence(release: Described, now: Date): string {
  const { status, reason, rollout, finishedAt, startedAt } = release;
  const ago = finishedAt === null ? '' : ` ${durationText(now.getTime() - finishedAt.getTime())} ago`;
  switch (status) {
    case 'draft':
      return `Draft: ${awaitedApprovals(release) ?? 'waits to be started'}.`;
    case 'scheduled':
      return `${startWords(release, now)}${prefixed('; ', awaitedApprovals(release))}.`;
    case 'queued':
      return `Queued: ${asClause(reason.sentence)}`;
    case 'running':
    case 'holding':
      return rollout === null ? asSentence(reason.sentence) : underWay(rollout, now);
    case 'released': {
      const took = startedAt === null || finishedAt === null ? '' : spanWords(startedAt, finishedAt);
      return `100 %: released${ago}${took}.`;
    }
    case 'rolledBack':
      return `Rolled back${ago}: ${asClause(reason.sentence)}`;
    case 'aborted':
      return `Aborted${ago}: ${asClause(withoutLead(reason.sentence, 'Aborted '))}`;
    case 'superseded':
      return `Superseded${ago}: ${asClause(reason.sentence)}`;
  }
}

function underWay(rollout: RolloutView, now: Date): string {
  const { share, since, askedAt, phase, reason } = rollout;
  const began = new Date(since ?? askedAt);
  const exposed = `${percentWords(share)} since ${durationText(now.getTime() - began.getTime())}`;
  const doing = isHolding(reason) ? 'holding' : phase;
  return `${exposed}, ${doing}: ${whyWords(rollout)}`;
}

function whyWords({ reason, metrics, phase }: RolloutView): string {
  const leading = OF_METRICS.includes(reason.code) && phase !== 'reaching' ? leadingMetric(metrics) : undefined;
  if (leading === undefined) return asClause(reason.sentence);
  return `${metricWords(leading)}.`;
}

/** Undefined where nobody has to approve the start any more. */
function awaitedApprovals({ approvals, policy }: Pick<Described, 'approvals' | 'policy'>): string | undefined {
  const needed = policy.approvalsToStart;
  if (approvals.length >= needed) return undefined;
  return `waits for approval, ${approvals.length} of ${needed} given`;
}

function startWords({ scheduledAt, reason }: Pick<Described, 'scheduledAt' | 'reason'>, now: Date): string {
  if (scheduledAt === null) return withoutStop(reason.sentence);
  const left = scheduledAt.getTime() - now.getTime();
  return left > 0 ? `Scheduled: starts in ${durationText(left)}` : 'Scheduled: starts at any moment';
}

function spanWords(from: Date, to: Date): string {
  return `, after ${durationText(to.getTime() - from.getTime())}`;
}

function percentWords(share: number): string {
  // Exact: a share in per cent by division alone.
  return `${share / (FULL_SHARE / 100)} %`;
}

function prefixed(prefix: string, text: string | undefined): string {
  return text === undefined ? '' : `${prefix}${text}`;
}

function withoutLead(sentence: string, lead: string): string {
  return sentence.startsWith(lead) ? sentence.slice(lead.length) : sentence;
}

function withoutStop(sentence: string): string {
  return sentence.trim().replace(/\.$/u, '');
}

/** As the rest of a sentence: its first word is not written as a beginning, unless it is a name or a code. */
function asClause(sentence: string): string {
  const [first = '', second = ''] = sentence;
  const isWord = /\p{Lu}/u.test(first) && /[\p{Ll}\s]/u.test(second);
  return asSentence(isWord ? `${first.toLowerCase()}${sentence.slice(1)}` : sentence);
}

function asSentence(sentence: string): string {
  const text = sentence.trim();
  return /[.!?…]["'”’)]?$/u.test(text) ? text : `${text}.`;
}
