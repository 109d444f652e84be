import type { graphql } from '../api/graphql.js';
import { releases as text } from '../text/releases.js';
import { StatusBadge, type Tone } from '../ui/StatusBadge.js';
import type { IconName } from '../ui/Icon.js';

export type ReleaseStatus = ReturnType<typeof graphql.scalar<'ReleaseStatus'>>;
export type Verdict = ReturnType<typeof graphql.scalar<'MetricState'>>;

const STATUSES: Readonly<Record<ReleaseStatus, { readonly tone: Tone; readonly icon?: IconName }>> = {
  draft: { tone: 'neutral' },
  scheduled: { tone: 'waiting' },
  queued: { tone: 'waiting' },
  running: { tone: 'active' },
  holding: { tone: 'warning', icon: 'pause' },
  released: { tone: 'good' },
  rolledBack: { tone: 'bad', icon: 'back' },
  aborted: { tone: 'neutral', icon: 'cross' },
  superseded: { tone: 'neutral', icon: 'up' },
};

/** How a release stands, in a word. */
export function ReleaseStatusBadge({ status }: { readonly status: ReleaseStatus }) {
  const { tone, icon } = STATUSES[status];
  return (
    <StatusBadge tone={tone} {...(icon && { icon })}>
      {text.statuses[status]}
    </StatusBadge>
  );
}

const VERDICTS: Readonly<Record<Verdict, { readonly tone: Tone; readonly icon?: IconName }>> = {
  pass: { tone: 'good' },
  fail: { tone: 'bad' },
  inconclusive: { tone: 'neutral', icon: 'question' },
  pending: { tone: 'waiting' },
  error: { tone: 'warning' },
};

/** What was judged, in a word. */
export function VerdictBadge({ verdict }: { readonly verdict: Verdict | null | undefined }) {
  if (verdict === null || verdict === undefined) return <StatusBadge tone="neutral">{text.noVerdict}</StatusBadge>;
  const { tone, icon } = VERDICTS[verdict];
  return (
    <StatusBadge tone={tone} {...(icon && { icon })}>
      {text.verdicts[verdict]}
    </StatusBadge>
  );
}
