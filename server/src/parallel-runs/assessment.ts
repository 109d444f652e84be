/** Whether a candidate is equivalent, and from what that is known. Plain JSON. */
export interface Assessment {
  /**
   * certified: equivalent within the demand. refuted: known not to be. undecided: neither yet. A refutation stays: more
   * evidence of the same code under the same demand does not undo it.
   */
  readonly finding: 'certified' | 'refuted' | 'undecided';
  /** For people: what was found, or what is missing. Full sentences. */
  readonly sentence: string;
  /** What keeps it from being certified, each as a sentence; empty when certified. */
  readonly lacks: readonly string[];
  readonly equivalence: EquivalenceEvidence;
  readonly unanswered: UnansweredEvidence;
  readonly latency: LatencyEvidence | null;
  readonly noise: NoiseEvidence;
  readonly coverage: CoverageEvidence;
  readonly strata: readonly StratumEvidence[];
}

/** x unequal results in n distinct inputs, against the tolerance. Evidence is in natural logarithms. */
export interface EquivalenceEvidence {
  readonly n: number;
  readonly x: number;
  readonly tolerance: number;
  /** Certified when logCertificate reaches certificateLimit = ln(1/alpha). */
  readonly logCertificate: number;
  readonly certificateLimit: number;
  /** Refuted when logRefutation reaches refutationLimit = ln(1/alphaKill). */
  readonly logRefutation: number;
  readonly refutationLimit: number;
  /** Of the true rate, anytime-valid at alpha. */
  readonly interval: readonly [low: number, high: number];
  /** How many further inputs, all equal, it would take to certify; null where no number below 10^9 does. */
  readonly moreNeeded: number | null;
}

/** Calls that the candidate was given and did not answer in time. */
export interface UnansweredEvidence {
  readonly calls: number;
  readonly unanswered: number;
  readonly tolerance: number;
  readonly state: 'pass' | 'fail' | 'pending';
  /** Sampled calls that were shed, not comparable, or the control's to answer late: nothing is known of them. */
  readonly unseen: number;
}

/** Paired log ratios of time over both orders (VERDICTS.md 5, Latency). */
export interface LatencyEvidence {
  readonly n: number;
  /** Candidate's time over the control's, geometric mean, both orders weighing the same. */
  readonly ratio: number;
  /** The bound that the ratio is below, anytime-valid at alpha; null before there is one. */
  readonly upper: number | null;
  readonly limit: number;
  readonly state: 'pass' | 'fail' | 'pending';
}

/** What the control's own repetition says of the mismatches. */
export interface NoiseEvidence {
  readonly n: number;
  readonly b: number;
  readonly c: number;
  /** (b − c) / n; null without twins. */
  readonly excess: number | null;
  /** P(Bin(b + c, ½) ≥ b), one-sided; null without twins. */
  readonly p: number | null;
}

/** How much of the input space was seen. */
export interface CoverageEvidence {
  readonly shapes: number;
  /** Good–Turing: the probability that the next input has a structure nobody has compared yet; null without inputs. */
  readonly unseen: number | null;
}

export interface StratumEvidence {
  readonly stratum: string;
  readonly n: number;
  readonly x: number;
  /** What the demand asks for; 0 where it does not name the stratum. */
  readonly minimum: number;
  readonly interval: readonly [low: number, high: number];
  /** Whether the stratum alone is known to be unequal too often. */
  readonly isRefuted: boolean;
}
