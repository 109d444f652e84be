import { type Assessment, assess, sampledCalls } from '../parallel-runs/index.js';
import type { MetricResult } from './metric-result.js';
import type { RunObservation } from './run-observation.js';

/** From so many calls on the mean of what they cost is more than chance. */
const MINIMUM_TIMED = 100;

/**
 * How a parallel run that a rollout samples stands. A refuted candidate is bad; one that nothing was compared of is not
 * known; between them the ramp may sample more, for only a gate asks for the certificate. While services run several
 * versions of it, metrics are named for theirs.
 */
export function judgeRun(observed: RunObservation, isAlone = true): readonly MetricResult[] {
  const assessment = assess({ ...observed, versions: observed });
  const results = [
    equivalenceResult(observed, assessment),
    errorsResult(observed),
    ...latencyResult(observed, assessment),
    overheadResult(observed),
  ];
  if (isAlone) return results;
  return results.map((result) => ({ ...result, metric: `${result.metric} in ${versionOf(observed)}` }));
}

/** Of a run that is to be sampled and of which nobody has reported a call. */
export function unheardRun(run: string, isSampled: boolean): MetricResult {
  return {
    metric: 'equivalence',
    subject: `parallel-run/${run}`,
    state: 'pending',
    dryRun: false,
    isComparable: isSampled,
    sentence: `No service has reported a call of ${run} yet.`,
  };
}

function equivalenceResult(observed: RunObservation, { finding, sentence, equivalence }: Assessment): MetricResult {
  const { n, logRefutation, refutationLimit } = equivalence;
  return {
    ...commonOf(observed, 'equivalence'),
    state: finding === 'refuted' ? 'fail' : n > 0 ? 'pass' : 'pending',
    sentence,
    evidence: logRefutation,
    limit: refutationLimit,
    candidate: { units: n, bad: equivalence.x },
  };
}

/** Shown only: errors are among the unequal inputs already, and would count twice. */
function errorsResult(observed: RunObservation): MetricResult {
  const { candidate_error, control_error, both_error } = observed.sums.verdicts;
  const calls = sampledCalls(observed.sums);
  const sentence =
    `In ${calls} calls the candidate alone threw ${candidate_error} times, the control alone ${control_error}, ` +
    `both ${both_error} with different errors.`;
  return {
    ...commonOf(observed, 'errors'),
    dryRun: true,
    state: calls === 0 ? 'pending' : candidate_error + both_error === 0 ? 'pass' : 'inconclusive',
    sentence,
    stable: { units: calls, bad: control_error + both_error },
    candidate: { units: calls, bad: candidate_error + both_error },
  };
}

function latencyResult(observed: RunObservation, { latency }: Assessment): readonly MetricResult[] {
  if (latency === null) return [];
  const { n, ratio, limit, state, upper } = latency;
  const found = `The candidate takes ${ratio.toFixed(2)} times as long in ${n} calls; ${limit.toFixed(2)} is allowed.`;
  const sentence = upper === null ? `${n} calls were timed: a hundred in each order are needed.` : found;
  // What is not known yet is the certificate's business.
  return [
    { ...commonOf(observed, 'latency'), isComparable: state !== 'pending', state, sentence, evidence: ratio, limit },
  ];
}

function overheadResult(observed: RunObservation): MetricResult {
  const { n, addedMs, maxAddedMs } = observed.sums.overhead;
  const { budgetMs } = observed;
  const mean = n === 0 ? 0 : addedMs / n;
  const isTelling = n >= MINIMUM_TIMED;
  return {
    ...commonOf(observed, 'overhead'),
    isComparable: isTelling,
    state: !isTelling ? 'pending' : mean > budgetMs ? 'inconclusive' : 'pass',
    sentence: `A sampled call takes ${mean.toFixed(2)} ms longer, ${maxAddedMs.toFixed(1)} ms at most; ${budgetMs} ms is allowed.`,
    evidence: mean,
    limit: budgetMs,
  };
}

function commonOf({ run, candidate }: RunObservation, metric: string) {
  const named = candidate === 'candidate' ? metric : `${metric} of ${candidate}`;
  return { metric: named, subject: `parallel-run/${run}`, dryRun: false, isComparable: true };
}

function versionOf({ candidateVersion, controlVersion }: RunObservation): string {
  return `${candidateVersion || 'no version'} against ${controlVersion || 'no version'}`;
}
