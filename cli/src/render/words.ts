import type { ArmView, MetricState, MetricView, ReleaseStatus, ReleaseView, StepView } from '../release-view.js';
import { formatCount, formatPart, formatShare } from './format.js';
import { realPart } from './progress.js';

const STATUS: Readonly<Record<ReleaseStatus, string>> = {
  draft: 'draft',
  scheduled: 'scheduled',
  queued: 'queued',
  running: 'running',
  holding: 'holding',
  released: 'released',
  rolledBack: 'rolled back',
  aborted: 'aborted',
  superseded: 'superseded',
};
const METRIC: Readonly<Record<MetricState, string>> = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'not known',
  pending: 'not known yet',
  error: 'could not ask',
};

/** A status in words. */
export const statusWords = (status: ReleaseStatus): string => STATUS[status];

/** What is known of a metric, in words: bad, not known and could not ask are kept apart. */
export const metricWords = ({ state, dryRun }: MetricView): string =>
  `${METRIC[state]}${dryRun ? ' (dry run: nothing is done about it)' : ''}`;

/** `5 %` of users; at a step that serves nobody and samples parallel runs, `0.1 % sampled`. */
export const stepWords = ({ share, sampling }: StepView): string =>
  share === 0 && sampling !== undefined ? `${formatShare(sampling)} sampled` : formatShare(share);

/** `step 2 of 5: 5 % asked, 4.9 % real`; undefined before the first attempt. */
export function positionWords(release: ReleaseView, earlier?: ReleaseView): string | undefined {
  const { rollout } = release;
  if (rollout === null) return undefined;
  const { phase, stepIndex, steps, share } = rollout;
  const where = phase === 'baking' ? 'baking' : `step ${stepIndex + 1} of ${steps}`;
  const real = realPart(release, earlier);
  const step = release.policy.steps[stepIndex];
  if (share === 0 && step?.sampling !== undefined) return `${where}: ${stepWords(step)}`;
  return `${where}: ${formatShare(share)} asked${real === undefined ? '' : `, ${formatPart(real)} real`}`;
}

/** What was measured of an arm: `41 bad of 12,034 (0.341 %), p99 120`; durations and means in the metric's own unit. */
export function armWords({ units, bad, mean, p50, p99 }: ArmView): string {
  const figure = (name: string, value: number | undefined): string[] =>
    value === undefined ? [] : [`${name} ${String(Number(value.toPrecision(4)))}`];
  const counted =
    bad === undefined
      ? `${formatCount(units)} units`
      : `${formatCount(bad)} bad of ${formatCount(units)}${units > 0 ? ` (${formatPart(bad / units)})` : ''}`;
  return [counted, ...figure('mean', mean), ...figure('p50', p50), ...figure('p99', p99)].join(', ');
}
