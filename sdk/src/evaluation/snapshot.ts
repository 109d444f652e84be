import type { ComparisonRule } from './comparison-rule.js';

/**
 * The snapshot: all that one environment's evaluators need, at one monotone revision.
 * These are the shapes of the SDK wire (`GET /sdk/v1/snapshot`, `put` and `patch` of `GET /sdk/v1/stream`).
 * Later servers may add fields and operators: a reader ignores fields it does not know, and an evaluation
 * that depends on an operator it does not know answers the caller's default with an error code.
 */

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export type FlagType = 'boolean' | 'string' | 'number' | 'json';

/** Shares are integers from 0 to 100 000, thousandths of a percent: the only unit of exposure. */
export const FULL_SHARE = 100_000;

export interface Snapshot {
  readonly schemaVersion: 1;
  /** Project key. */
  readonly project: string;
  /** Environment key. */
  readonly environment: string;
  /** Grows by at least one with every change of the environment; 0 for one that was never changed. */
  readonly revision: number;
  readonly flags: readonly SnapshotFlag[];
  readonly segments: readonly SnapshotSegment[];
  /** Absent: none; servers before releases say nothing of them. */
  readonly services?: readonly SnapshotService[];
  /** What is being measured now; absent: nothing. */
  readonly ramps?: readonly SnapshotRamp[];
  /** Which calls run a candidate beside the control, and how the two are compared; absent: none. */
  readonly parallelRuns?: readonly SnapshotParallelRun[];
}

/** Which versions of a service callers are to be sent to. */
export interface SnapshotService {
  readonly key: string;
  readonly stable: string;
  /** Absent while nothing is ramped: everybody gets the stable version. */
  readonly candidate?: ServiceCandidate;
}

/** The candidate gets the buckets [0, share): raising the share drops nobody. */
export interface ServiceCandidate {
  readonly version: string;
  readonly share: number;
  /** Attribute whose value is hashed; default `targetingKey`. Without a value: the stable version. */
  readonly bucketBy?: string;
  /** Default: `service/` and the service key. */
  readonly seed?: string;
}

/**
 * A flag or service whose candidate is being judged: SDKs credit units to its arms, under the rollout's id, so that no
 * attempt reads another's measurements. For a flag only evaluations that the ramp itself decided are credited, those of
 * the default serve or of the rule named: what a target or another rule serves is no part of the comparison.
 */
export interface SnapshotRamp {
  readonly rollout: string;
  /** `flag/new-cart` or `service/checkout`. */
  readonly subject: string;
  /** Variations of the flag, or versions of the service. */
  readonly stable: string;
  readonly candidate: string;
  /** Of the candidate, in thousandths of a percent. */
  readonly share: number;
  /** Id of the flag's rule that is ramped; absent: its default serve. */
  readonly rule?: string;
}

/** A parallel run as SDKs need it. One that is not here, or has a share of 0, calls the control alone. */
export interface SnapshotParallelRun {
  readonly key: string;
  /** Another one whenever what is compared, or how, has changed: reports name it, and count under no other. */
  readonly epoch: number;
  /** Of the calls, sticky by bucket [0, share): raising it drops nobody. */
  readonly share: number;
  /** Attribute whose value is hashed; default `targetingKey`. Calls without a value are drawn by chance. */
  readonly bucketBy?: string;
  /** Default: `parallel-run/` and the key, so that it is independent of every flag's split. */
  readonly seed?: string;
  /** Of the sampled calls, those in which the control runs twice, where the service says that it may. */
  readonly twinShare: number;
  /** The candidate is given up after this long. */
  readonly deadlineMs: number;
  /** Candidates at work at once in one process; more are shed. */
  readonly maxConcurrent: number;
  /** What a run may cost: mean milliseconds added to a sampled call, and lateness of the event loop. */
  readonly budget: { readonly addedMs: number; readonly loopDelayMs: number };
  /** For how long an input that was compared counts as seen. */
  readonly windowSeconds: number;
  /** Callers to whom the flag serves this variation get the candidate's answer; absent: all get the control's. */
  readonly serve?: { readonly flag: string; readonly variation: string };
  readonly rules: readonly ComparisonRule[];
  /** Patterns of paths whose values may leave the process. */
  readonly rawPaths: readonly string[];
  /** Key of the digests that stand for all other values. */
  readonly digestKey: string;
}

export interface SnapshotFlag {
  readonly key: string;
  readonly type: FlagType;
  /** Version of the flag's settings in this environment. */
  readonly version: number;
  readonly on: boolean;
  readonly variations: readonly Variation[];
  /** Served while the flag is off or a prerequisite is not met; absent: the caller's default. */
  readonly offVariation?: string;
  /** Looked at in order, before the rules. */
  readonly targets: readonly Target[];
  /** Looked at in order; the first that matches serves. */
  readonly rules: readonly Rule[];
  /** Served when nothing else matched; absent: the caller's default. */
  readonly defaultServe?: Serve;
  /** All must be met, else the off variation is served. */
  readonly prerequisites: readonly Prerequisite[];
  /** Handed to callers as OpenFeature flag metadata, unchanged. */
  readonly metadata?: FlagMetadata;
}

export type FlagMetadata = Readonly<Record<string, string | number | boolean>>;

export interface Variation {
  readonly key: string;
  readonly value: JsonValue;
}

/** Individual targets: a context whose targetingKey is among the values gets the variation. */
export interface Target {
  readonly variation: string;
  readonly values: readonly string[];
}

/** A rule matches when all its clauses match; one without clauses matches everything. */
export interface Rule {
  readonly id: string;
  readonly clauses: readonly Clause[];
  readonly serve: Serve;
}

/**
 * `attribute` is a top-level key of the context, or, when it begins with `/`, a JSON pointer (RFC 6901) into it.
 * A clause over an attribute that is absent or null never matches, negated or not (`exists` excepted).
 * When the attribute is an array, the clause matches if any element does.
 */
export interface Clause {
  readonly attribute: string;
  /** One of OPERATORS; typed as string because a later server may send one this SDK does not know. */
  readonly operator: string;
  readonly values: readonly JsonValue[];
  readonly negate?: boolean;
}

export type Serve = { readonly variation: string } | { readonly split: Split };

/**
 * bucket = (murmur3_x86_32(utf8(seed + value), 0) × totalWeight) >> 32, then the first variation whose
 * cumulated share exceeds it: exactly the current `fractional` of flagd.
 */
export interface Split {
  /** Attribute whose value is hashed; default `targetingKey`. */
  readonly bucketBy?: string;
  /** Default: the flag key. */
  readonly seed?: string;
  /** Variation for contexts without a value that could be hashed; absent: the evaluation is an error. */
  readonly fallback?: string;
  readonly shares: readonly { readonly variation: string; readonly share: number }[];
}

/** The flag must be on and serve one of the variations. */
export interface Prerequisite {
  readonly flag: string;
  readonly variations: readonly string[];
}

/** Membership of a targetingKey: included, else not when excluded, else when any rule (all clauses) matches. */
export interface SnapshotSegment {
  readonly key: string;
  readonly included: readonly string[];
  readonly excluded: readonly string[];
  readonly rules: readonly { readonly clauses: readonly Clause[] }[];
}

/** What changed between two revisions of one environment. Applies only to a snapshot at revision `from`. */
export interface SnapshotPatch {
  readonly from: number;
  readonly revision: number;
  readonly flags: readonly SnapshotFlag[];
  readonly removedFlags: readonly string[];
  readonly segments: readonly SnapshotSegment[];
  readonly removedSegments: readonly string[];
  /** All of them, when any changed; absent: as before. */
  readonly services?: readonly SnapshotService[];
  /** All of them, when any changed; absent: as before. */
  readonly ramps?: readonly SnapshotRamp[];
  /** All of them, when any changed; absent: as before. */
  readonly parallelRuns?: readonly SnapshotParallelRun[];
}

/**
 * Operators of clauses. `in`: strict equality with any value. String: `startsWith endsWith contains matches`
 * (`matches` is an ECMAScript regular expression, flag `u`). Numbers: `lessThan lessThanOrEqual greaterThan
 * greaterThanOrEqual`. Dates (RFC 3339 text, epoch milliseconds or Date): `before after`. `semver`: any of the
 * values as an npm range. `cidr`: an IPv4 or IPv6 address within any of the values. `exists`: the attribute is
 * there and not null (no values). `inSegment`: member of any of the segments named by the values (no attribute).
 */
export const OPERATORS = [
  'in',
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'lessThan',
  'lessThanOrEqual',
  'greaterThan',
  'greaterThanOrEqual',
  'before',
  'after',
  'semver',
  'cidr',
  'exists',
  'inSegment',
] as const;

export type Operator = (typeof OPERATORS)[number];
