import {
  addTick,
  type CountEvidence,
  evidenceLimit,
  logEvidence,
  startHarmEvidence,
  tickOf,
} from '../analysis/index.js';
import { type CountMetric, isCountMetric, type PolicyDocument } from '../policies/index.js';
import { planMetrics } from './judge.js';
import type { Observation } from './observation.js';
import type { Rollout, RolloutStatus } from './rollout.js';

/** One metric of the policy under test, on one subject of a recorded rollout. */
export interface ReplayedMetric {
  readonly key: string;
  readonly subject: string;
  readonly metric: string;
  /** Under which name the rollout recorded what the metric counts. */
  readonly recordedAs: string;
  readonly margin: number;
  readonly alpha: number;
}

/** What one tick of a recorded rollout measured. */
export interface RecordedTick {
  readonly tick: number;
  readonly at: Date;
  readonly body: Pick<Observation, 'counts'>;
}

/** Where a policy would have rolled back. */
export interface Firing {
  readonly tick: number;
  readonly at: Date;
  readonly metric: string;
  readonly subject: string;
}

/** What a policy has seen of a recorded rollout so far. */
export interface Replay {
  readonly evidence: ReadonlyMap<string, CountEvidence>;
  readonly ticks: number;
  /** Null: it has not rolled back. */
  readonly fired: Firing | null;
}

export const NO_REPLAY: Replay = { evidence: new Map(), ticks: 0, fired: null };

/**
 * What a policy would have acted on in a recorded rollout: metrics that count what one of the rollout's own metrics
 * counted, whatever their names. Alpha is divided among all of the policy's, as the engine divides it.
 */
export function replayedMetrics(
  policy: PolicyDocument,
  recorded: Pick<Rollout, 'policy' | 'targets'>,
): readonly ReplayedMetric[] {
  const own = new Map(recorded.policy.metrics.filter(isCountMetric).map((metric) => [countedBy(metric), metric.name]));
  return planMetrics({ policy, targets: recorded.targets }, isCountMetric).flatMap(
    ({ key, subject, metric, alpha }) => {
      const recordedAs = own.get(countedBy(metric));
      if (metric.dryRun || recordedAs === undefined) return [];
      return [{ key, subject, metric: metric.name, recordedAs, margin: metric.margin, alpha }];
    },
  );
}

/** Adds ticks, in their order, until the policy would have rolled back. Yields after each. */
export function* replayTicks(
  before: Replay,
  metrics: readonly ReplayedMetric[],
  ticks: readonly RecordedTick[],
): Generator<void, Replay> {
  const evidence = new Map(before.evidence);
  let counted = before.ticks;
  if (before.fired !== null) return before;
  for (const { tick, at, body } of ticks) {
    counted += 1;
    for (const { key, subject, metric, recordedAs, margin, alpha } of metrics) {
      const observed = body.counts.find((each) => each.subject === subject && each.metric === recordedAs);
      if (observed === undefined) continue;
      const candidate = { units: observed.candidateUnits, bad: observed.candidateBad };
      const stable = { units: observed.stableUnits, bad: observed.stableBad };
      const after = addTick(evidence.get(key) ?? startHarmEvidence(margin), tickOf(candidate, stable, observed.phi));
      evidence.set(key, after);
      if (logEvidence(after) < evidenceLimit(alpha)) continue;
      return { evidence, ticks: counted, fired: { tick, at, metric, subject } };
    }
    yield;
  }
  return { evidence, ticks: counted, fired: null };
}

/** A recorded rollout that was replayed, and how it really ended. */
export interface ReplayedRollout {
  readonly status: RolloutStatus;
  /** False where it recorded nothing of what the policy counts. */
  readonly isComparable: boolean;
  readonly fired: Firing | null;
}

interface Tally {
  readonly rollouts: number;
  readonly fired: number;
}

export interface ReplaySummary {
  readonly released: Tally;
  readonly rolledBack: Tally;
  /** Aborted or superseded: nobody knows whether they were bad. */
  readonly undecided: Tally;
  /** Those that recorded nothing of what the policy counts. */
  readonly notComparable: number;
  readonly sentence: string;
}

/** How often a policy would have fired, beside how the rollouts ended. */
export function summariseReplays(replays: readonly ReplayedRollout[]): ReplaySummary {
  const comparable = replays.filter(({ isComparable }) => isComparable);
  const tally = (...statuses: readonly RolloutStatus[]): Tally => {
    const those = comparable.filter(({ status }) => statuses.includes(status));
    return { rollouts: those.length, fired: those.filter(({ fired }) => fired !== null).length };
  };
  const [released, rolledBack, undecided] = [tally('released'), tally('rolledBack'), tally('aborted', 'superseded')];
  const notComparable = replays.length - comparable.length;
  const said = [
    `Would have rolled back ${released.fired} of ${released.rollouts} that were released, ` +
      `and caught ${rolledBack.fired} of ${rolledBack.rollouts} that were rolled back.`,
    ...(notComparable === 0 ? [] : [`${notComparable} more recorded nothing of what the policy counts.`]),
  ];
  return { released, rolledBack, undecided, notComparable, sentence: said.join(' ') };
}

/** What a metric counts, by which two are the same: names are only for people. */
function countedBy(metric: CountMetric): string {
  switch (metric.kind) {
    case 'failures':
      return `failures ${metric.count}`;
    case 'events':
      return `events ${metric.event}`;
    case 'slow':
      return `slow ${metric.slowerThanMs} ${metric.duration}`;
  }
}
