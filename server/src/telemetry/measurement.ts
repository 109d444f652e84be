import { mergeSketches, type SketchJson } from '@sluice/sdk/ddsketch';

/** The arm of a comparison. */
export type Arm = 'stable' | 'candidate';

/** Sums over observations of one metric. */
export interface Sums {
  /** How many observations. */
  readonly n: number;
  /** How many of them were bad. */
  readonly bad: number;
  readonly sum: number;
  readonly sumSquares: number;
}

/** Whose measurements: one metric of one arm of one rollout's subject. */
export interface MeasuredArm {
  readonly rolloutId: string;
  /** `flag/new-cart` or `service/checkout`. */
  readonly subject: string;
  readonly arm: Arm;
  /** `unit` stands for the units themselves; see the SDK's batch for the reserved ones. */
  readonly metric: string;
}

/** What a report says of one arm. */
export interface ArmMeasurement extends MeasuredArm, Sums {
  /** Hashes of callers that failed, none twice; of very many the lowest of both arms. */
  readonly callers: readonly number[];
  /** Bad observations without a caller: each counts as one. */
  readonly anonymousBad: number;
  /** Null where the metric has none. */
  readonly sketch: SketchJson | null;
}

/** What a report says of ordinary traffic. */
export interface OrdinaryMeasurement extends Sums {
  /** `all` or `service/checkout`. */
  readonly subject: string;
  readonly metric: string;
}

/** All that was measured of one metric of one arm of a rollout since it began. Sums only grow. */
export interface MeasurementTotal extends Sums {
  readonly subject: string;
  readonly arm: Arm;
  readonly metric: string;
  /**
   * Distinct callers that failed in this arm before they failed in the other; a bad observation without a caller counts
   * as one. Of very many a sample that is taken of both arms alike.
   */
  readonly callers: number;
  /** Null for units, counts, and metrics without observations. */
  readonly sketch: SketchJson | null;
  /** When the newest of it arrived, by the server's clock. */
  readonly lastAt: Date;
}

/** Whose sums are asked for: reports of its own environment alone are about it. */
export interface MeasuredRollout {
  readonly id: string;
  readonly environmentId: string;
}

/** Ordinary traffic of a minute, or of an hour once it is two days old. */
export interface MeasurementInterval extends Sums {
  readonly from: Date;
  readonly seconds: 60 | 3600;
}

/** Two reports of the same arm and metric as one. */
export function addArmMeasurements<T extends ArmMeasurement>(one: T, other: T): T {
  return {
    ...one,
    ...addSums(one, other),
    callers: [...new Set([...one.callers, ...other.callers])],
    anonymousBad: one.anonymousBad + other.anonymousBad,
    sketch: one.sketch && other.sketch ? mergeSketches(one.sketch, other.sketch) : (one.sketch ?? other.sketch),
  };
}

/** Two reports of the same ordinary traffic as one. */
export function addOrdinaryMeasurements<T extends OrdinaryMeasurement>(one: T, other: T): T {
  return { ...one, ...addSums(one, other) };
}

function addSums(one: Sums, other: Sums): Sums {
  return {
    n: one.n + other.n,
    bad: one.bad + other.bad,
    sum: one.sum + other.sum,
    sumSquares: one.sumSquares + other.sumSquares,
  };
}

/** When the minute began that a moment lies in. */
export function minuteOf(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 60_000) * 60_000);
}

/** When the hour began that a moment lies in. */
export function hourOf(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 3_600_000) * 3_600_000);
}
