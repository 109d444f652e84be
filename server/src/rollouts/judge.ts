import { type MetricState, worstOf } from '../analysis/index.js';
import { FULL_SHARE } from '../kernel/share.js';
import { type CountMetric, isCountMetric } from '../policies/index.js';
import type { CountState, Evidence, ShareState } from './evidence.js';
import { judgeCount } from './judge-count.js';
import { judgeShare } from './judge-share.js';
import type { Measured } from './measured.js';
import type { MetricResult } from './metric-result.js';
import type { CountObservation, Observation, ShareObservation } from './observation.js';
import { comparedSubjects } from './ramp-target.js';
import type { Rollout } from './rollout.js';

/** Reports of the time before a share are still arriving when instances acknowledge it. */
const SETTLE_MS = 30_000;

/** What a tick has to judge by. */
export interface Looked {
  readonly rollout: Rollout;
  readonly measured: Measured;
  readonly now: Date;
}

export interface Judged {
  readonly evidence: Evidence;
  /** Undefined where nothing was measured. */
  readonly observation: Observation | undefined;
  readonly results: readonly MetricResult[];
  /** The worst of what is acted on; `pass` for a policy that asks for nothing. */
  readonly state: MetricState;
}

/** Judges a rollout by what was measured since the last tick. */
export function judge(looked: Looked): Judged {
  const counts = judgeCounts(looked);
  const shares = judgeShares(looked);
  const results = [...counts.results, ...shares.results];
  const acting = results.filter(({ dryRun }) => !dryRun).map(({ state }) => state);
  const state = acting.length === 0 ? 'pass' : worstOf(acting);
  const isEmpty = counts.observations.length + shares.observations.length === 0;
  return {
    evidence: { counts: counts.states, shares: shares.states, state, results },
    observation: isEmpty
      ? undefined
      : { counts: counts.observations, shares: shares.observations, means: [], queries: [] },
    results,
    state,
  };
}

function judgeCounts({ rollout, measured, now }: Looked): {
  readonly states: Readonly<Record<string, CountState>>;
  readonly observations: readonly CountObservation[];
  readonly results: readonly MetricResult[];
} {
  const tasks = countTasks(rollout);
  const judged = tasks.map(({ key, subject, metric, alpha }) => ({
    key,
    ...judgeCount({
      metric,
      subject,
      before: rollout.evidence.counts[key],
      totals: measured.counts(subject, metric),
      alpha,
      isComparable: isComparable(rollout.ramp.share),
      now,
    }),
  }));
  return {
    states: Object.fromEntries(judged.map(({ key, state }) => [key, state])),
    observations: judged.flatMap(({ observation }) => observation ?? []),
    results: judged.map(({ result }) => result),
  };
}

/** A metric of a subject, and its part of alpha: harm found in any of them rolls back, so they share it. */
export interface CountPlan {
  readonly key: string;
  readonly subject: string;
  readonly metric: CountMetric;
  readonly alpha: number;
}

export function countTasks({ policy, targets }: Pick<Rollout, 'policy' | 'targets'>): readonly CountPlan[] {
  const subjects = comparedSubjects(targets);
  const sharing = policy.metrics.filter(({ kind, dryRun }) => kind !== 'query' && !dryRun).length * subjects.length;
  const alpha = policy.alpha / Math.max(1, sharing);
  return policy.metrics
    .filter(isCountMetric)
    .flatMap((metric) => subjects.map((subject) => ({ key: `${subject} ${metric.name}`, subject, metric, alpha })));
}

function judgeShares({ rollout, measured, now }: Looked): {
  readonly states: Readonly<Record<string, ShareState>>;
  readonly observations: readonly ShareObservation[];
  readonly results: readonly MetricResult[];
} {
  const { ramp, evidence, targets } = rollout;
  const isSettled = ramp.since !== null && now.getTime() - new Date(ramp.since).getTime() >= SETTLE_MS;
  const share = isSettled && isComparable(ramp.share) ? ramp.share : undefined;
  const judged = comparedSubjects(targets).map((subject) => {
    const exposed = {
      stable: measured.exposed(subject, 'stable'),
      candidate: measured.exposed(subject, 'candidate'),
    };
    return {
      subject,
      ...judgeShare({ subject, before: evidence.shares[subject], exposed, share, instances: ramp.instances }),
    };
  });
  return {
    states: Object.fromEntries(judged.map(({ subject, state }) => [subject, state])),
    observations: judged.flatMap(({ observation }) => observation ?? []),
    results: judged.map(({ result }) => result),
  };
}

/** Two arms are compared only where there are two. */
function isComparable(share: number): boolean {
  return share > 0 && share < FULL_SHARE;
}
