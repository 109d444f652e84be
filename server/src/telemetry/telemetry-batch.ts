import { z } from 'zod';
import { parseInput } from '../kernel/parse.js';
import { foldBy } from './fold-by.js';
import {
  addArmMeasurements,
  addOrdinaryMeasurements,
  type ArmMeasurement,
  type OrdinaryMeasurement,
} from './measurement.js';
import { MAX_COUNT, measurementSchema, readMeasurement } from './measurement-schema.js';
import { RUN_REPORT_LIMITS, type RunReport, runReportSchema } from './run-report-schema.js';

/** What one SDK instance reports of itself. */
export interface InstanceReport {
  readonly id: string;
  readonly name: string;
  readonly sdk: string;
  /** The revision it serves; null before its first snapshot. */
  readonly revision: number | null;
  readonly revisionAppliedAt: Date | null;
  /** Key of the service it is an instance of; null where it was not told. */
  readonly service: string | null;
  readonly serviceVersion: string | null;
  /** It is being closed: nobody is to wait for it. */
  readonly isLeaving?: true;
}

/** How often one flag came to one variation, and when last. */
export interface UsageCount {
  readonly flagKey: string;
  /** Null where callers used their own default. */
  readonly variation: string | null;
  readonly count: number;
  readonly lastAt: Date;
}

/** How often something a service tracks has happened, the sum of its values, and when last. */
export interface TrackedSum {
  readonly event: string;
  readonly count: number;
  /** 0 where it has no values. */
  readonly sum: number;
  readonly lastAt: Date;
}

/** A batch as it is counted: no date lies in the future, and of nothing are there two sums. */
export interface TelemetryReport {
  readonly batchId: string;
  readonly instance: InstanceReport;
  readonly usage: readonly UsageCount[];
  readonly tracked: readonly TrackedSum[];
  /** Of the arms of rollouts. */
  readonly arms: readonly ArmMeasurement[];
  readonly ordinary: readonly OrdinaryMeasurement[];
  /** Of parallel runs, as they came: whoever counts them adds them up. */
  readonly parallelRuns: readonly RunReport[];
}

/** Where counting stops: beyond it numbers in JSON are no longer exact. */
export const MAX_SUMMED_COUNT = Number.MAX_SAFE_INTEGER;

const MAX_EVALUATIONS = 5_000;
const MAX_TRACKED = 500;
const MAX_MEASUREMENTS = 500;
/** More than anybody measures; no number of such reports adds up to what a double cannot hold. */
const MAX_TRACKED_SUM = 1e30;
const MAX_REVISION = 2 ** 31 - 1;
/** A clock that was never set says 1970, and dates may even precede what the store can hold. */
const EARLIEST = new Date('2000-01-01T00:00:00Z');

const text = (max: number): z.ZodString => z.string().min(1).max(max);
const instant = z.iso.datetime({ offset: true });

export const telemetryBatchSchema = z
  .strictObject({
    batchId: text(200).describe('Unique to this batch; a retry repeats it'),
    instance: z
      .strictObject({
        id: text(200),
        name: text(200),
        sdk: text(200),
        service: z
          .strictObject({ key: text(200), version: text(200).optional() })
          .optional()
          .describe('Which service this is an instance of; absent where the client was not told'),
        revision: z.int().min(0).max(MAX_REVISION).nullable(),
        revisionAppliedAt: instant.nullable(),
        leaving: z.literal(true).optional().describe('It is being closed: nobody is to wait for it'),
      })
      .refine((instance) => (instance.revision === null) === (instance.revisionAppliedAt === null), {
        path: ['revisionAppliedAt'],
        message: 'must be said with a revision, and be null without one',
      }),
    from: instant,
    to: instant,
    evaluations: z
      .array(
        z.strictObject({
          flag: text(256),
          variation: text(256).nullable(),
          count: z.int().min(1).max(MAX_COUNT),
          lastAt: instant,
        }),
      )
      .max(MAX_EVALUATIONS),
    tracked: z
      .array(
        z.strictObject({
          event: text(256),
          count: z.int().min(1).max(MAX_COUNT),
          sum: z.number().min(-MAX_TRACKED_SUM).max(MAX_TRACKED_SUM).describe('Of the values given; 0 without any'),
          lastAt: instant,
        }),
      )
      .max(MAX_TRACKED)
      .optional()
      .describe('What the service tracked; absent without any'),
    measurements: z
      .array(measurementSchema)
      .max(MAX_MEASUREMENTS)
      .optional()
      .describe('What units measured, per arm; absent without any'),
    parallelRuns: z
      .array(runReportSchema)
      .max(RUN_REPORT_LIMITS.reports)
      .optional()
      .describe('What parallel runs compared; absent without any'),
  })
  .meta({ id: 'TelemetryBatch' });

/**
 * Reads the body of a report; throws `invalid` with every problem. Clocks of SDKs are not trusted: what they say of
 * the future is taken for now, what they say of before the year 2000 for its first day.
 */
export function parseTelemetryBatch(body: unknown, now: Date): TelemetryReport {
  const batch = parseInput(telemetryBatchSchema, body, 'telemetry batch');
  const { batchId, instance, evaluations, tracked = [], measurements = [], parallelRuns = [] } = batch;
  const measured = measurements.map(readMeasurement);
  const { revisionAppliedAt, service, leaving, ...said } = instance;
  return {
    batchId,
    instance: {
      ...said,
      revisionAppliedAt: revisionAppliedAt === null ? null : plausible(revisionAppliedAt, now),
      service: service?.key ?? null,
      serviceVersion: service?.version ?? null,
      ...(leaving && { isLeaving: leaving }),
    },
    usage: foldBy(
      evaluations.map(({ flag, variation, count, lastAt }) => {
        return { flagKey: flag, variation, count, lastAt: plausible(lastAt, now) };
      }),
      ({ flagKey, variation }) => [flagKey, variation],
      addUsage,
    ),
    tracked: foldBy(
      tracked.map((each) => ({ ...each, lastAt: plausible(each.lastAt, now) })),
      ({ event }) => [event],
      addTracked,
    ),
    arms: foldBy(
      measured.filter((each) => 'rolloutId' in each),
      ({ rolloutId, subject, arm, metric }) => [rolloutId, subject, arm, metric],
      addArmMeasurements,
    ),
    ordinary: foldBy(
      measured.filter((each) => !('rolloutId' in each)),
      ({ subject, metric }) => [subject, metric],
      addOrdinaryMeasurements,
    ),
    parallelRuns: parallelRuns.map((report) => withPlausibleSamples(report, now)),
  };
}

/** Two counts of the same flag and variation as one. */
export function addUsage<T extends UsageCount>(one: T, other: T): T {
  return { ...one, count: addCounts(one, other), lastAt: later(one, other) };
}

/** Two sums of the same event as one. */
export function addTracked<T extends TrackedSum>(one: T, other: T): T {
  return { ...one, count: addCounts(one, other), sum: one.sum + other.sum, lastAt: later(one, other) };
}

function addCounts(one: { readonly count: number }, other: { readonly count: number }): number {
  return Math.min(one.count + other.count, MAX_SUMMED_COUNT);
}

function later(one: { readonly lastAt: Date }, other: { readonly lastAt: Date }): Date {
  return one.lastAt > other.lastAt ? one.lastAt : other.lastAt;
}

function withPlausibleSamples(report: RunReport, now: Date): RunReport {
  const signatures = report.signatures.map((signature) => {
    const samples = signature.samples.map((each) => ({ ...each, at: plausible(each.at, now).toISOString() }));
    return { ...signature, samples };
  });
  return { ...report, signatures };
}

function plausible(instant: string, now: Date): Date {
  const said = new Date(instant);
  if (said > now) return now;
  return said < EARLIEST ? EARLIEST : said;
}
