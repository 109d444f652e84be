import {
  evidenceLimit,
  excessP,
  excessRate,
  logEvidenceAbove,
  logEvidenceBelow,
  proportionInterval,
  timeRatio,
  type Trials,
  trialsUntilBelow,
  unseenMass,
} from '../analysis/index.js';
import type {
  Assessment,
  EquivalenceEvidence,
  LatencyEvidence,
  NoiseEvidence,
  StratumEvidence,
  UnansweredEvidence,
} from './assessment.js';
import type { Demand } from './parallel-run.js';
import { type RunSums, sampledCalls, type VersionPair } from './sums.js';

/** What was compared of one pair of versions, and what is asked of it. */
export interface Compared {
  readonly sums: RunSums;
  /** Structures of inputs: how many there were, how many of them once, of how many inputs. */
  readonly shapes: { readonly distinct: number; readonly singletons: number; readonly n: number };
  readonly demand: Demand;
  /** Which code it was; absent: not asked for. */
  readonly versions?: Pick<VersionPair, 'controlVersion' | 'candidateVersion'>;
}

/** Of sampled calls, those left out to spare the callers: more of which nothing is known could hide what differs. */
const MOST_SPARED = 0.2;

/**
 * Whether a candidate is equivalent (VERDICTS.md 5). May be asked after every report: all its evidence is anytime-valid.
 * The chance of refuting a candidate that keeps the demand is at most alphaKill: a quarter each for all inputs together,
 * the worst stratum, what was not answered, and time.
 */
export function assess({ sums, shapes, demand, versions }: Compared): Assessment {
  const alphaKill = demand.alphaKill / 4;
  const refuting = sums.refuting ?? sums;
  const equivalence = assessEquivalence({ certifying: sums.inputs, refuting: refuting.inputs }, demand, alphaKill);
  const isRefuted = equivalence.logRefutation >= equivalence.refutationLimit;
  const strata = assessStrata(sums, demand, alphaKill);
  const unanswered = assessUnanswered(sums, demand, alphaKill);
  const latency = assessLatency(sums, demand, alphaKill);
  const faults = [
    ...(isRefuted ? [tooUnequal('inputs', refuting.inputs, demand), ...hintOfNoise(sums, demand)] : []),
    ...strata
      .filter(({ isRefuted }) => isRefuted)
      .map(({ stratum }) => tooUnequal(`${stratum} inputs`, trialsOf(refuting.strata, stratum), demand)),
    ...(unanswered.state === 'fail' ? [`The candidate did not answer ${ofCalls(unanswered)} in time.`] : []),
    ...(latency?.state === 'fail' ? [`The candidate takes ${times(latency.ratio)} the control's time.`] : []),
  ];
  const lacks = [
    ...lackOfEvidence(equivalence),
    ...strata.flatMap(lackOfStratum),
    ...lackOfAnswers(unanswered),
    ...lackOfComparisons(sums, demand),
    ...lackOfVersions(versions),
    ...(latency?.state === 'pending' ? [lackOfTimes(latency)] : []),
  ];
  const finding = faults.length > 0 ? 'refuted' : lacks.length === 0 ? 'certified' : 'undecided';
  // What is refuted lacks nothing that more evidence could bring.
  const obstacles = finding === 'refuted' ? faults : lacks;
  const certified = `Unequal in less than ${percent(demand.tolerance)} of inputs: ${counted(equivalence)}${ignoredCalls(sums)}${untoldApart(sums)}.`;
  return {
    finding,
    sentence: finding === 'certified' ? certified : finding === 'refuted' ? faults.join(' ') : (lacks[0] ?? ''),
    lacks: obstacles,
    equivalence,
    unanswered,
    latency,
    noise: noiseOf(sums),
    coverage: { shapes: shapes.distinct, unseen: unseenMass(shapes) },
    strata,
  };
}

/** The same inputs, but where their number is in doubt: see asEvidence. */
interface Doubted {
  readonly certifying: Trials;
  readonly refuting: Trials;
}

function assessEquivalence(
  { certifying, refuting }: Doubted,
  { tolerance, alpha }: Demand,
  alphaKill: number,
): EquivalenceEvidence {
  const limit = evidenceLimit(alpha);
  return {
    n: certifying.n,
    x: certifying.x,
    tolerance,
    logCertificate: logEvidenceBelow(certifying, tolerance),
    certificateLimit: limit,
    logRefutation: logEvidenceAbove(refuting, tolerance),
    refutationLimit: evidenceLimit(alphaKill),
    interval: intervalOf({ certifying, refuting }, tolerance, alpha),
    moreNeeded: trialsUntilBelow(certifying, tolerance, limit),
  };
}

/**
 * Strata share their part of alphaKill: whichever is worst, the chance is not more. Nobody knows how many will appear, so
 * the k-th in order of appearance, from 0 and those of the demand first, has 1 / ((k + 1)(k + 2)) of it: the parts of all
 * that may ever come are one, and none changes with those that come later.
 */
function assessStrata(sums: RunSums, demand: Demand, alphaKill: number): readonly StratumEvidence[] {
  const demanded = new Map(demand.strata.map(({ stratum, minimum }) => [stratum, minimum]));
  const names = [...new Set([...demanded.keys(), ...sums.strata.map(({ stratum }) => stratum)])];
  const found = names.map((stratum, k) => {
    const part = alphaKill / ((k + 1) * (k + 2));
    const certifying = trialsOf(sums.strata, stratum);
    const refuting = trialsOf((sums.refuting ?? sums).strata, stratum);
    return {
      stratum,
      ...certifying,
      minimum: demanded.get(stratum) ?? 0,
      interval: intervalOf({ certifying, refuting }, demand.tolerance, demand.alpha),
      isRefuted: logEvidenceAbove(refuting, demand.tolerance) >= evidenceLimit(part),
    };
  });
  return found.sort((a, b) => (a.stratum < b.stratum ? -1 : 1));
}

function trialsOf(strata: RunSums['strata'], stratum: string): Trials {
  const { n, x } = strata.find((each) => each.stratum === stratum) ?? { n: 0, x: 0 };
  return { n, x };
}

function assessUnanswered(
  { verdicts, lateControls = 0 }: RunSums,
  demand: Demand,
  alphaKill: number,
): UnansweredEvidence {
  const { unansweredTolerance: tolerance, alpha } = demand;
  const { timeout, shed, compare_error, clean_error, ...compared } = verdicts;
  const unseen = shed + compare_error + clean_error + lateControls;
  const calls = Object.values(compared).reduce((sum, count) => sum + count, timeout + compare_error + clean_error);
  const trials = { n: calls, x: timeout };
  const isTooMany = logEvidenceAbove(trials, tolerance) >= evidenceLimit(alphaKill);
  const isFewEnough = logEvidenceBelow(trials, tolerance) >= evidenceLimit(alpha);
  return {
    calls,
    unanswered: timeout,
    tolerance,
    state: isTooMany ? 'fail' : isFewEnough ? 'pass' : 'pending',
    unseen,
  };
}

function assessLatency({ latency }: RunSums, demand: Demand, alphaKill: number): LatencyEvidence | null {
  const { latencyMargin, alpha } = demand;
  if (latencyMargin === null) return null;
  const n = latency.controlFirst.n + latency.candidateFirst.n;
  const limit = 1 + latencyMargin;
  const good = timeRatio(latency, alpha);
  const bad = timeRatio(latency, alphaKill);
  if (good === undefined || bad === undefined) return { n, ratio: 1, upper: null, limit, state: 'pending' };
  const state = bad.low > Math.log(limit) ? 'fail' : good.high < Math.log(limit) ? 'pass' : 'pending';
  return { n, ratio: Math.exp(good.estimate), upper: Math.exp(good.high), limit, state };
}

/** Mismatches that the control shows against itself are no fault of the candidate, and nobody but a rule can say so. */
function hintOfNoise({ twins: { n, c } }: RunSums, { tolerance }: Demand): readonly string[] {
  if (c === 0 || c / n <= tolerance) return [];
  return [`The control differed from itself in ${c} of ${n} repetitions: a rule for what is noise may be missing.`];
}

function noiseOf({ twins }: RunSums): NoiseEvidence {
  return { ...twins, excess: excessRate(twins), p: twins.n === 0 ? null : excessP(twins) };
}

/** Tightest where a candidate without a fault is certified. */
function intervalOf(
  { certifying, refuting }: Doubted,
  tolerance: number,
  alpha: number,
): readonly [low: number, high: number] {
  const of = ({ n, x }: Trials) => proportionInterval(x, n, { alpha, tunedTrials: Math.ceil(4.5 / tolerance) });
  return [of(refuting)[0], of(certifying)[1]];
}

function lackOfEvidence({
  logCertificate,
  certificateLimit,
  moreNeeded,
  n,
  x,
}: EquivalenceEvidence): readonly string[] {
  if (logCertificate >= certificateLimit) return [];
  const more = moreNeeded === null ? 'No number of inputs would do.' : `${moreNeeded} more, all equal, would do.`;
  return [`${counted({ n, x })}: not enough to certify. ${more}`];
}

function lackOfStratum({ stratum, n, minimum }: StratumEvidence): readonly string[] {
  return n >= minimum ? [] : [`Only ${n} of the ${minimum} inputs of ${stratum} that are asked for were compared.`];
}

function lackOfAnswers(evidence: UnansweredEvidence): readonly string[] {
  if (evidence.state !== 'pending') return [];
  const tolerance = percent(evidence.tolerance);
  return [`${ofCalls(evidence)} were not answered in time: not enough to say that less than ${tolerance} are not.`];
}

/** What could not be compared may be what differs. Only calls left out to spare the callers are left out at random. */
function lackOfComparisons(sums: RunSums, { unansweredTolerance: most }: Demand): readonly string[] {
  const { lateControls = 0, broken = 0, verdicts } = sums;
  const { shed, compare_error, clean_error } = verdicts;
  const sampled = sampledCalls(sums);
  if (sampled === 0) return [];
  const lacks: string[] = [];
  if (broken / sampled > most) {
    const what = `${broken} of ${sampled} sampled calls were shed while the candidate kept failing`;
    lacks.push(`${what}: more than ${percent(most)}. Mend the candidate.`);
  }
  const failed = compare_error + clean_error;
  if (failed / sampled > most) {
    const where = `${compare_error} in comparing, ${clean_error} in cleaning`;
    const what = `${failed} of ${sampled} sampled calls could not be compared (${where})`;
    lacks.push(`${what}: more than ${percent(most)}. Mend what throws there.`);
  }
  const spared = shed - broken + lateControls;
  if (spared / sampled > MOST_SPARED) {
    const why = `${shed - broken} shed, ${lateControls} late by the control`;
    lacks.push(`Of ${sampled} sampled calls ${spared} say nothing (${why}): lower the share or raise the budget.`);
  }
  return lacks;
}

/**
 * Evidence of code without a name would be handed on to whatever runs next. By default both arms are code of one service,
 * whose version is the candidate's: the control needs a name of its own only where it has a version of its own.
 */
function lackOfVersions(versions: Compared['versions']): readonly string[] {
  if (versions?.candidateVersion !== '') return [];
  const remedy = 'give the SDK service.version, or the call version';
  return [`Services do not name the version of the candidate: ${remedy}.`];
}

function lackOfTimes({ ratio, upper, limit, n }: LatencyEvidence): string {
  if (upper === null) return `${n} calls were timed: a hundred in each order are needed.`;
  return `The candidate takes ${times(ratio)} the control's time, at most ${times(upper)}: ${times(limit)} is allowed.`;
}

function tooUnequal(what: string, trials: Trials, { tolerance }: Demand): string {
  return `${trials.x} of ${trials.n} ${what} came out unequal: more than ${percent(tolerance)}.`;
}

function counted({ n, x }: Trials): string {
  return `${x} of ${n} inputs came out unequal`;
}

function ignoredCalls({ verdicts: { ignored } }: RunSums): string {
  if (ignored === 0) return '';
  return ignored === 1 ? '; 1 call was ignored by rules' : `; ${ignored} calls were ignored by rules`;
}

/** Those of older SDKs, or without a name: several processes may have compared the same. */
function untoldApart({ perProcess = 0 }: RunSums): string {
  return perProcess === 0 ? '' : `; ${perProcess} of the inputs may be repeats in several processes`;
}

function ofCalls({ unanswered, calls }: UnansweredEvidence): string {
  return `${unanswered} of ${calls} calls`;
}

function percent(rate: number): string {
  return `${Number((rate * 100).toPrecision(3))} %`;
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}
