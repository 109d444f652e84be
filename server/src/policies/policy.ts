import type { MetricQuery } from '../analysis/index.js';
import type { Json } from '../kernel/json.js';
import type { PolicyParameter } from './fill-parameters.js';

/** How a release is ramped and judged. Versioned: a release names the version it runs under. */
export interface PolicyDocument {
  /** In order; shares grow, the last is the whole. */
  readonly steps: readonly PolicyStep[];
  readonly metrics: readonly PolicyMetric[];
  /**
   * The chance of rolling back a candidate that is no worse by comparing two arms, over the whole rollout and all its
   * metrics together. The comparison with the past at 100 % has a tenth of it, on top.
   */
  readonly alpha: number;
  /** How long everything is watched at 100 % before the release counts as made. */
  readonly bakeSeconds: number;
  /** What to do when a step's time is up and its metrics are not known to be good. */
  readonly onDeadline: { readonly afterSeconds: number; readonly action: DeadlineAction };
  /** When people are called because measurements cannot be taken. The rollout holds before and after. */
  readonly onOutage: { readonly afterSeconds: number };
  /** What a newer release of the same service or flag does to this one, or waits for. */
  readonly onNewer: 'supersede' | 'queue';
  readonly freezeWindows: readonly FreezeWindow[];
  /** Whether a person must approve before a release starts, and how many. */
  readonly approvalsToStart: number;
  /** Flags past their due date that a project may have when a release is made; absent: however many. */
  readonly maxOverdueFlags?: number;
}

export type DeadlineAction = 'hold' | 'rollBack' | 'promote';

export interface PolicyStep {
  /** Of the candidate, in thousandths of a percent. */
  readonly share: number;
  /** How long the share is watched once it has reached every SDK. */
  readonly holdSeconds: number;
  /** How many units of the candidate the step must have seen; at a share of 0, inputs that parallel runs compared. */
  readonly minimumUnits: number;
  /** Of the calls of the release's parallel runs, how many are sampled; absent: as at the step before, 0 at first. */
  readonly sampling?: number;
  readonly gates: readonly PolicyGate[];
}

/** What else must be so before a step is left. */
export type PolicyGate =
  | { readonly kind: 'approval'; readonly approvals: number }
  /** Asked with POST until it answers 2xx; anything else means wait. */
  | { readonly kind: 'webhook'; readonly url: string; readonly timeoutMs: number }
  /** Metrics that must be known to be good here; without it all of them must. */
  | { readonly kind: 'analysis'; readonly metrics: readonly string[] }
  /** A certificate that stands, of one parallel run; without a key of each that the release ramps. */
  | { readonly kind: 'certificate'; readonly run?: string };

interface MetricCommon {
  readonly name: string;
  /** Judged and shown, but never acted on. */
  readonly dryRun: boolean;
}

/** Bad events counted in both arms and compared by the ramp-aware e-process (VERDICTS.md 2). */
interface CountCommon extends MetricCommon {
  /** How much worse the candidate may be: 0.1 accepts a rate of up to 1.1 times the stable one. */
  readonly margin: number;
  /** What `pass` asks for: no evidence of harm, or evidence that there is none beyond the margin. */
  readonly require: 'noHarm' | 'nonInferior';
}

/** Units that failed; counted by distinct callers, so that one who fails all day weighs as one. */
export type FailuresMetric = CountCommon & { readonly kind: 'failures'; readonly count: 'callers' | 'units' };
/** Events that services count: `unit.count('checkout-error')`. */
export type EventsMetric = CountCommon & { readonly kind: 'events'; readonly event: string };
/** Observations of a duration that are slower than the objective. */
export type SlowMetric = CountCommon & {
  readonly kind: 'slow';
  readonly duration: string;
  readonly slowerThanMs: number;
};

/** A mean compared by an asymptotic confidence sequence (VERDICTS.md 3). */
export type MeanMetric = MetricCommon & {
  readonly kind: 'mean';
  readonly value: string;
  readonly worse: 'higher' | 'lower';
  /** How much worse the candidate's mean may be, relative to the stable one. */
  readonly margin: number;
};

/** A series of a metric provider, against a bound or against the stable version's (VERDICTS.md 4). */
export type QueryMetric = MetricCommon & {
  readonly kind: 'query';
  readonly query: MetricQuery;
  readonly judge: QueryJudge;
  /** How it is checked that the series is the candidate's; absent: it is believed. */
  readonly attribution?: QueryAttribution;
  readonly intervalSeconds: number;
  readonly initialDelaySeconds: number;
  /** Bad measurements in all that are forgiven. */
  readonly failureLimit: number;
  /** Measurements in a row that could not be taken and are forgiven. */
  readonly consecutiveErrorLimit: number;
  readonly inconclusiveLimit: number;
  /** Good measurements in a row that settle it. */
  readonly consecutiveSuccessLimit: number;
};

/** What tells that a series is the candidate's and nobody else's. */
export interface QueryAttribution {
  /** Counts the requests of `{{version}}` over the window: both arms' are compared with the share. */
  readonly count: MetricQuery;
  /** Label of the metric's own series that must bear the version; absent: not looked at. */
  readonly label?: string;
}

export type QueryJudge =
  | { readonly kind: 'threshold'; readonly atMost?: number; readonly atLeast?: number }
  | {
      readonly kind: 'baseline';
      readonly worse: 'higher' | 'lower' | 'either';
      readonly stableQuery: MetricQuery;
      readonly windowSeconds: number;
    };

export type CountMetric = FailuresMetric | EventsMetric | SlowMetric;
export type PolicyMetric = CountMetric | MeanMetric | QueryMetric;

export function isCountMetric(metric: PolicyMetric): metric is CountMetric {
  return metric.kind === 'failures' || metric.kind === 'events' || metric.kind === 'slow';
}

/** A time in which no share is raised: weekly, or from one instant to another. Rolling back is always possible. */
export type FreezeWindow =
  | {
      readonly name: string;
      /** IANA name, such as Europe/Berlin. */
      readonly timeZone: string;
      readonly days: readonly Weekday[];
      /** Wall-clock time, HH:MM; a window whose end is not after its start ends on the next day. */
      readonly from: string;
      readonly to: string;
    }
  | { readonly name: string; readonly starts: string; readonly ends: string };

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A policy as it is stored, at its newest version. */
export interface Policy {
  readonly id: string;
  readonly projectId: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly PolicyParameter[];
  /** As its author wrote it. */
  readonly document: Json;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** One version of a policy, as it was written. */
export interface PolicyVersion {
  readonly version: number;
  readonly parameters: Policy['parameters'];
  readonly document: Policy['document'];
  readonly createdAt: Date;
}
