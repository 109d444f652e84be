/**
 * What is known of a metric (VERDICTS.md 1). pass: measured and good enough. fail: measured and bad. inconclusive: the
 * evidence says nothing. pending: not enough data yet. error: could not ask. Never merged.
 */
export type Verdict = 'pass' | 'pending' | 'inconclusive' | 'error' | 'fail';

/** From good to bad: what could not be asked is worse than what is not known, for it may hide anything. */
const ORDER: readonly Verdict[] = ['pass', 'pending', 'inconclusive', 'error', 'fail'];

/** One metric of one subject, as it stands after a tick. */
export interface MetricResult {
  readonly metric: string;
  /** `flag/new-cart`, `service/checkout`; of queries `all`. */
  readonly subject: string;
  readonly state: Verdict;
  readonly dryRun: boolean;
  /** False where there is only one arm, at 0 % and 100 %: nothing can be told there, and nothing is waited for. */
  readonly isComparable: boolean;
  /** For people: what was measured, against what limit. */
  readonly sentence: string;
  /** How far the evidence of harm has come, and where it acts; in natural logarithms, or in the metric's own unit. */
  readonly evidence?: number;
  readonly limit?: number;
  readonly stable?: ArmFigures;
  readonly candidate?: ArmFigures;
  /** The dispersion that tempered it. */
  readonly phi?: number;
}

/** What was measured of an arm since the attempt began. */
export interface ArmFigures {
  readonly units: number;
  readonly bad?: number;
  readonly mean?: number;
  readonly p50?: number;
  readonly p99?: number;
}

/** The worst of some states; of none `pass`, for a policy without metrics asks for nothing. */
export function worstState(states: readonly Verdict[]): Verdict {
  return states.reduce<Verdict>(
    (worst, state) => (ORDER.indexOf(state) > ORDER.indexOf(worst) ? state : worst),
    'pass',
  );
}

export function isKnownGood(state: Verdict): boolean {
  return state === 'pass';
}
