import { type MetricState, worstOf } from '../analysis/index.js';
import { FULL_SHARE } from '../kernel/share.js';
import { sampledCalls } from '../parallel-runs/index.js';
import { isCountMetric, type PolicyMetric, samplingAt } from '../policies/index.js';
import type { CountState, Evidence, RunState, ShareState } from './evidence.js';
import { judgeCount, startCount } from './judge-count.js';
import { judgeMean } from './judge-mean.js';
import { judgeQuery } from './judge-query.js';
import { judgeRun, unheardRun } from './judge-run.js';
import { judgeShare, SAMPLE_RATIO } from './judge-share.js';
import type { Measures } from './measured.js';
import type { MetricResult } from './metric-result.js';
import type {
  CountObservation,
  MeanObservation,
  Observation,
  ObservedRamp,
  QueryObservation,
  ShareObservation,
} from './observation.js';
import type { QueryState } from './query-state.js';
import { queryKey, querySubjects } from './query-subject.js';
import { comparedSubjects, runsOf } from './ramp-target.js';
import type { Ramp, Rollout } from './rollout.js';
import { runKey, type RunObservation } from './run-observation.js';

/** Reports of the time before a share are still arriving when instances acknowledge it. */
const SETTLE_MS = 30_000;

/** What a tick has to judge by. */
export interface Looked {
  readonly rollout: Pick<Rollout, 'policy' | 'targets' | 'ramp' | 'evidence'>;
  readonly measured: Measures;
  /** What providers were asked at this tick. */
  readonly queries: readonly QueryObservation[];
  readonly now: Date;
}

export interface Judged {
  readonly evidence: Evidence;
  readonly observation: Observation;
  readonly results: readonly MetricResult[];
  /** The worst of what is acted on; `pass` for a policy that asks for nothing. */
  readonly state: MetricState;
}

/** Judges a rollout by what was measured since the last tick. */
export function judge(looked: Looked): Judged {
  const [counts, means, queries, shares, runs] = [
    judgeCounts(looked),
    judgeAllMeans(looked),
    judgeQueries(looked),
    judgeShares(looked),
    judgeRuns(looked),
  ];
  const results = [...counts.results, ...means.results, ...queries.results, ...shares.results, ...runs.results];
  const acting = results.filter((result) => !result.dryRun && !isUnsuspected(result)).map((result) => result.state);
  const state = acting.length === 0 ? 'pass' : worstOf(acting);
  const observation = {
    counts: counts.observations,
    means: means.observations,
    queries: looked.queries,
    shares: shares.observations,
    ...(runs.observations.length === 0 ? {} : { runs: runs.observations }),
    ramp: observedRamp(looked.rollout.ramp),
  };
  return {
    evidence: {
      before: looked.rollout.evidence.before,
      counts: counts.states,
      shares: shares.states,
      queries: queries.states,
      ...(looked.measured.runs.length === 0 ? {} : { runs: runs.states }),
      state,
      results,
    },
    observation,
    results,
    state,
  };
}

/** Callers that nobody has met cannot be split wrongly: that is a doubt about what is measured, and no measurement. */
function isUnsuspected({ metric, state }: MetricResult): boolean {
  return metric === SAMPLE_RATIO && state === 'pending';
}

/** A metric of a subject, and its part of alpha: harm found in any of them rolls back, so they share it. */
export interface MetricPlan<M extends PolicyMetric> {
  readonly key: string;
  readonly subject: string;
  readonly metric: M;
  readonly alpha: number;
}

/** What is judged of a rollout, of one kind of metric. */
export function planMetrics<M extends PolicyMetric>(
  { policy, targets }: Pick<Rollout, 'policy' | 'targets'>,
  isKind: (metric: PolicyMetric) => metric is M,
): readonly MetricPlan<M>[] {
  const subjects = comparedSubjects(targets);
  const sharing = policy.metrics.filter(({ kind, dryRun }) => kind !== 'query' && !dryRun).length * subjects.length;
  const alpha = policy.alpha / Math.max(1, sharing);
  return policy.metrics
    .filter(isKind)
    .flatMap((metric) => subjects.map((subject) => ({ key: `${subject} ${metric.name}`, subject, metric, alpha })));
}

interface JudgedKind<State, Observed> {
  readonly states: Readonly<Record<string, State>>;
  readonly observations: readonly Observed[];
  readonly results: readonly MetricResult[];
}

function judgeCounts({ rollout, measured, now }: Looked): JudgedKind<CountState, CountObservation> {
  const judged = planMetrics(rollout, isCountMetric).map(({ key, subject, metric, alpha }) => {
    const duration = metric.kind === 'slow' ? metric.duration : '';
    const quantiles = {
      stable: measured.quantiles(subject, 'stable', duration),
      candidate: measured.quantiles(subject, 'candidate', duration),
    };
    const totals = measured.counts(subject, metric);
    const before = rollout.evidence.counts[key] ?? startCount(metric, rollout.evidence.before[key]);
    const arms = { isComparable: hasTwoArms(rollout), isWhole: isWhole(rollout) };
    return { key, ...judgeCount({ metric, subject, before, totals, alpha, ...arms, quantiles, now }) };
  });
  return {
    states: Object.fromEntries(judged.map(({ key, state }) => [key, state])),
    observations: judged.flatMap(({ observation }) => observation ?? []),
    results: judged.map(({ result }) => result),
  };
}

function judgeAllMeans({ rollout, measured }: Looked): Omit<JudgedKind<never, MeanObservation>, 'states'> {
  const judged = planMetrics(rollout, (metric) => metric.kind === 'mean').map(({ subject, metric, alpha }) =>
    judgeMean({
      metric,
      subject,
      stable: measured.sums(subject, 'stable', metric),
      candidate: measured.sums(subject, 'candidate', metric),
      alpha,
      isComparable: hasTwoArms(rollout),
      isWhole: isWhole(rollout),
    }),
  );
  return {
    observations: judged.flatMap(({ observation }) => observation ?? []),
    results: judged.map(({ result }) => result),
  };
}

function judgeQueries({ rollout, queries }: Looked): Omit<JudgedKind<QueryState, never>, 'observations'> {
  const { ramp, evidence, policy } = rollout;
  const judged = policy.metrics
    .filter((metric) => metric.kind === 'query')
    .flatMap((metric) =>
      // The environment's name is nothing to a judgement.
      querySubjects(rollout, '').map(({ name: subject }) => {
        const key = queryKey(subject, metric);
        return {
          key,
          ...judgeQuery({
            metric,
            subject,
            before: evidence.queries[key],
            measured: queries.find((each) => each.metric === metric.name && each.subject === subject),
            since: ramp.since,
            isComparable: metric.judge.kind === 'baseline' ? hasTwoArms(rollout) : ramp.share > 0,
          }),
        };
      }),
    );
  return {
    states: Object.fromEntries(judged.map(({ key, state }) => [key, state])),
    results: judged.map(({ result }) => result),
  };
}

function judgeShares({ rollout, measured, now }: Looked): JudgedKind<ShareState, ShareObservation> {
  const { ramp, evidence, targets } = rollout;
  const isSettled = ramp.since !== null && now.getTime() - new Date(ramp.since).getTime() >= SETTLE_MS;
  const share = isSettled && hasTwoArms(rollout) ? ramp.share : undefined;
  const judged = comparedSubjects(targets).map((subject) => {
    const exposed = {
      stable: measured.exposed(subject, 'stable'),
      candidate: measured.exposed(subject, 'candidate'),
    };
    const before = evidence.shares[subject];
    return { subject, ...judgeShare({ subject, before, exposed, share, instances: ramp.instances }) };
  });
  return {
    states: Object.fromEntries(judged.map(({ subject, state }) => [subject, state])),
    observations: judged.flatMap(({ observation }) => observation ?? []),
    results: judged.map(({ result }) => result),
  };
}

function judgeRuns({ rollout, measured }: Looked): JudgedKind<RunState, RunObservation> {
  const { policy, ramp, targets, evidence } = rollout;
  const isSampled = samplingAt(policy.steps, ramp.stepIndex) > 0;
  const keys = runsOf(targets);
  const observed = measured.runs.filter(({ run }) => keys.includes(run));
  const states = Object.fromEntries(observed.map((run) => [runKey(run), runState(run)]));
  const unheard = keys.filter((key) => !observed.some(({ run }) => run === key));
  return {
    states,
    observations: isSame(evidence.runs ?? {}, states) ? [] : observed,
    results: [
      ...observed.flatMap((run) => judgeRun(run, isAlone(run, observed))),
      ...unheard.map((key) => unheardRun(key, isSampled)),
    ],
  };
}

function runState(run: RunObservation): RunState {
  return { epoch: run.epoch, calls: sampledCalls(run.sums) };
}

/** Whether no other pair of versions of the candidate is being called. */
function isAlone({ run, candidate }: RunObservation, all: readonly RunObservation[]): boolean {
  return all.filter((each) => each.run === run && each.candidate === candidate).length === 1;
}

/** The store keeps keys in an order of its own. */
function isSame(before: Readonly<Record<string, RunState>>, after: Readonly<Record<string, RunState>>): boolean {
  const keys = Object.keys(after);
  return (
    Object.keys(before).length === keys.length &&
    keys.every((key) => before[key]?.epoch === after[key]?.epoch && before[key]?.calls === after[key]?.calls)
  );
}

function observedRamp({ stepIndex, share, phase, since, instances }: Ramp): ObservedRamp {
  return { stepIndex, share, phase, since, instances };
}

/** At 0 % there is nothing to compare, and at 100 % the stable arm's past only. */
function hasTwoArms({ ramp: { share } }: Pick<Rollout, 'ramp'>): boolean {
  return share > 0 && share < FULL_SHARE;
}

function isWhole({ ramp: { share } }: Pick<Rollout, 'ramp'>): boolean {
  return share === FULL_SHARE;
}
