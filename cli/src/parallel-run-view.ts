/** A parallel run as the REST API answers it; only what the command reads of it. */
export interface RunView {
  readonly key: string;
  readonly name: string;
  readonly owner: string | null;
  /** RFC 3339. */
  readonly dueAt: string | null;
  /** How it stands, by key of the environment. */
  readonly environments: Readonly<Record<string, OverviewView>>;
}

export interface OverviewView {
  /** Of the calls that are sampled, in thousandths of a percent. */
  readonly share: number;
  readonly epoch: number;
  readonly candidates: readonly (VersionPairView & {
    readonly finding: Finding;
    /** Distinct inputs compared, and unequal. */
    readonly n: number;
    readonly x: number;
  })[];
}

export type Finding = 'certified' | 'refuted' | 'undecided';

/** Versions are empty where services do not tell them. */
export interface VersionPairView {
  readonly candidate: string;
  readonly controlVersion: string;
  readonly candidateVersion: string;
}

/** How a run is sampled and judged in an environment. */
export interface RunSettingsView {
  readonly run: string;
  readonly environment: string;
  readonly share: number;
  readonly demand: DemandView;
  readonly runner: RunnerView;
  readonly rules: readonly RuleView[];
  readonly epoch: number;
  readonly version: number;
}

/** Rates and chances are parts of one. */
export interface DemandView {
  readonly tolerance: number;
  readonly alpha: number;
  readonly alphaKill: number;
  readonly unansweredTolerance: number;
  readonly latencyMargin: number | null;
  readonly strata: readonly { readonly stratum: string; readonly minimum: number }[];
}

export interface RunnerView {
  readonly bucketBy: string | null;
  readonly twinShare: number;
  readonly deadlineMs: number;
  readonly maxConcurrent: number;
  readonly budget: BudgetView;
  readonly windowSeconds: number;
  readonly serve: { readonly flag: string; readonly variation: string } | null;
  readonly rawPaths: readonly string[];
}

export interface BudgetView {
  readonly addedMs: number;
  readonly loopDelayMs: number;
}

/** What a rule does, and where; its bounds are those of its kind. */
export interface RuleEffectView {
  readonly kind: string;
  readonly path: string;
  readonly absolute?: number;
  readonly relative?: number;
  readonly ulps?: number;
  readonly withinMs?: number;
  readonly field?: string;
}

export interface RuleView extends RuleEffectView {
  readonly id: string;
  readonly owner: string;
  readonly reason: string;
  readonly expiresAt: string | null;
}

/** Settings of a run in an environment, and how its candidates stand there. */
export interface PlacedRunView extends RunSettingsView {
  readonly candidates: readonly CandidateView[];
}

export interface CandidateView {
  readonly total: VersionPairView & { readonly sums: SumsView };
  readonly assessment: AssessmentView;
  readonly certificate: CertificateView | null;
  /** Those with the most excess over noise, at most 20. */
  readonly signatures: readonly SignatureView[];
}

export interface CertificateView extends VersionPairView {
  readonly id: string;
  readonly at: string;
  readonly statement: { readonly assessment: AssessmentView };
}

export interface SumsView {
  readonly verdicts: Readonly<Record<string, number>>;
  readonly overhead: {
    readonly n: number;
    /** The sum over all n. */
    readonly addedMs: number;
    readonly maxAddedMs: number;
    readonly maxLoopDelayMs: number;
  };
  /** Unequal calls whose signature found no room. */
  readonly unsigned: number;
}

type EvidenceState = 'pass' | 'fail' | 'pending';
type Interval = readonly [low: number, high: number];

export interface AssessmentView {
  readonly finding: Finding;
  readonly sentence: string;
  /** What keeps it from being certified. */
  readonly lacks: readonly string[];
  readonly equivalence: {
    readonly n: number;
    readonly x: number;
    readonly tolerance: number;
    readonly logCertificate: number;
    readonly certificateLimit: number;
    readonly logRefutation: number;
    readonly refutationLimit: number;
    readonly interval: Interval;
  };
  readonly unanswered: {
    readonly calls: number;
    readonly unanswered: number;
    readonly tolerance: number;
    readonly state: EvidenceState;
  };
  readonly latency: {
    readonly n: number;
    readonly ratio: number;
    readonly upper: number | null;
    readonly limit: number;
    readonly state: EvidenceState;
  } | null;
  readonly noise: {
    readonly n: number;
    /** The candidate alone differed, and the control's repetition alone. */
    readonly b: number;
    readonly c: number;
    readonly excess: number | null;
    readonly p: number | null;
  };
  readonly coverage: { readonly shapes: number; readonly unseen: number | null };
  readonly strata: readonly StratumView[];
}

export interface StratumView {
  readonly stratum: string;
  readonly n: number;
  readonly x: number;
  /** 0 where none is asked for. */
  readonly minimum: number;
  readonly interval: Interval;
}

export interface PlaceView {
  readonly path: string;
  readonly kind: string;
  readonly transition: string;
}

export interface SignatureView extends SignatureHeadView {
  readonly strata: readonly { readonly stratum: string; readonly n: number }[];
  readonly maxDelta: { readonly absolute: number; readonly relative: number; readonly ulps: number } | null;
  readonly samples: readonly SampleView[];
  readonly firstVersion: string;
  readonly lastAt: string;
}

/** Mismatches that are the same fault. */
export interface SignatureHeadView {
  readonly candidate: string;
  readonly id: string;
  readonly places: readonly PlaceView[];
  /** There are more places than are told. */
  readonly isCut: boolean;
  readonly n: number;
  /** The control against its own repetition: noise. */
  readonly twins: number;
  /** What noise does not explain. */
  readonly excess: number;
}

export interface SampleView {
  readonly at: string;
  readonly stratum: string;
  readonly traceId: string;
  readonly values: readonly {
    readonly path: string;
    readonly control: RedactedView;
    readonly candidate: RedactedView;
  }[];
}

export type RedactedView = { readonly digest: string } | { readonly raw: string } | { readonly absent: true };

/** What a rule would hide of the mismatches found so far. */
export interface RulePriceView {
  readonly hidden: number;
  readonly partly: number;
  readonly mismatches: number;
  readonly signatures: readonly (SignatureHeadView & { readonly coverage: 'all' | 'some' })[];
}
