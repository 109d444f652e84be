import type { MetricQuery } from '../analysis/index.js';
import { type CheckOutcome, isInTheWay, type Standing } from './guardrail-state.js';

/** Bounds on a value, both included; at least one is given. */
export interface Bounds {
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

/** What of ordinary traffic is looked at: observations per minute, bad ones of them (0 to 1), or the mean value. */
export const MEASURED_KINDS = ['countPerMinute', 'badRate', 'mean'] as const;
export type MeasuredKind = (typeof MEASURED_KINDS)[number];

/** What is so while the system works correctly. */
export type Statement = QueryStatement | MeasurementStatement;

/** Of the newest value that a metric provider has in the window. */
export interface QueryStatement extends Bounds {
  readonly kind: 'query';
  readonly query: MetricQuery;
  readonly windowSeconds: number;
}

/** Of what SDKs measure in ordinary traffic, over the last whole minutes. */
export interface MeasurementStatement extends Bounds {
  readonly kind: 'measurement';
  /** `all` or `service/checkout`. */
  readonly subject: string;
  /** `unit` stands for the units themselves. */
  readonly metric: string;
  readonly what: MeasuredKind;
  /** Whole minutes. */
  readonly windowSeconds: number;
}

/** Which rollouts: all of the environment, or those that move any of these subjects (`flag/new-cart`). */
export type Coverage = 'all' | readonly string[];

/** What happens when it breaks. */
export interface BrokenActions {
  /** Its events ask for people's attention. */
  readonly alert: boolean;
  /** Rollouts that hold until it has recovered; null: none. */
  readonly hold: { readonly covers: Coverage } | null;
  /** The flag that is switched off in the environment, once per breaking; null: none. */
  readonly kill: { readonly flag: string } | null;
}

/** What of a guardrail its owner may write. */
export interface GuardrailDefinition {
  readonly name: string;
  readonly statement: Statement;
  readonly intervalSeconds: number;
  /** Bad checks in a row until it is broken. */
  readonly failureLimit: number;
  /** Good checks in a row until it has recovered. */
  readonly recoveryLimit: number;
  readonly onBroken: BrokenActions;
}

/** What a check found. Plain JSON. */
export interface Check {
  readonly outcome: CheckOutcome;
  /** Null where there was none. */
  readonly value: number | null;
  /** For people. */
  readonly sentence: string;
  /** RFC 3339. */
  readonly at: string;
}

/** What a check found, for a curve over time. Plain JSON. */
export type CheckPoint = Omit<Check, 'sentence'>;

/** An hour of checks that come every minute. */
const MAX_POINTS = 60;

/** The latest checks with one more, the oldest first; at most 60. */
export function withPoint(recent: readonly CheckPoint[], { outcome, value, at }: Check): readonly CheckPoint[] {
  return [...recent, { outcome, value, at }].slice(-MAX_POINTS);
}

export interface Guardrail extends GuardrailDefinition, Standing {
  readonly id: string;
  readonly projectId: string;
  readonly environmentId: string;
  /** Unique in its environment. */
  readonly key: string;
  /** For people: what was found when it broke, recovered or first held; '' while unknown. */
  readonly reason: string;
  readonly lastCheck: Check | null;
  /** The latest checks of its statement, the oldest first; at most 60. */
  readonly recentChecks: readonly CheckPoint[];
  /** From when on it was checked without a gap: what was not counted meanwhile must not count as nothing. */
  readonly watchedSince: Date | null;
  /** When it came to its state. */
  readonly changedAt: Date;
  /** Also tells which check is the next: whoever saves a check names the moment that it was due at. */
  readonly nextCheckAt: Date;
  readonly createdAt: Date;
  /** Of what people write: edits and acknowledgements. Checks leave it as it is. */
  readonly version: number;
}

/** A broken guardrail that is in the way of rollouts. */
export interface BrokenGuardrail {
  readonly key: string;
  readonly name: string;
  readonly sentence: string;
  readonly covers: Coverage;
}

/** What keeps rollouts waiting; undefined where nothing does. */
export function obstacleOf(guardrail: Guardrail): BrokenGuardrail | undefined {
  const { key, name, onBroken, reason } = guardrail;
  if (onBroken.hold === null || !isInTheWay(guardrail)) return undefined;
  return { key, name, sentence: reason, covers: onBroken.hold.covers };
}

/** Whether a guardrail is about any of the subjects that a rollout moves. */
export function coversAny(covers: Coverage, subjects: readonly string[]): boolean {
  return covers === 'all' || subjects.some((subject) => covers.includes(subject));
}
