import { z } from 'zod';
import { parseInput } from '../kernel/parse.js';

/** What one SDK instance reports of itself. */
export interface InstanceReport {
  readonly id: string;
  readonly name: string;
  readonly sdk: string;
  /** The revision it serves; null before its first snapshot. */
  readonly revision: number | null;
  readonly revisionAppliedAt: Date | null;
}

/** How often one flag came to one variation, and when last. */
export interface UsageCount {
  readonly flagKey: string;
  /** Null where callers used their own default. */
  readonly variation: string | null;
  readonly count: number;
  readonly lastAt: Date;
}

/** A batch as it is counted: no date lies in the future, and no pair of flag and variation occurs twice. */
export interface TelemetryReport {
  readonly batchId: string;
  readonly instance: InstanceReport;
  readonly usage: readonly UsageCount[];
}

const MAX_EVALUATIONS = 5_000;
/** More than a process can count in a day offline; a few million such reports still fit a 64-bit sum. */
const MAX_COUNT = 1_000_000_000_000;
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
        revision: z.int().min(0).max(MAX_REVISION).nullable(),
        revisionAppliedAt: instant.nullable(),
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
  })
  .meta({ id: 'TelemetryBatch' });

/**
 * Reads the body of a report; throws `invalid` with every problem. Clocks of SDKs are not trusted: what they say of
 * the future is taken for now, what they say of before the year 2000 for its first day.
 */
export function parseTelemetryBatch(body: unknown, now: Date): TelemetryReport {
  const { batchId, instance, evaluations } = parseInput(telemetryBatchSchema, body, 'telemetry batch');
  const { revisionAppliedAt } = instance;
  return {
    batchId,
    instance: { ...instance, revisionAppliedAt: revisionAppliedAt === null ? null : plausible(revisionAppliedAt, now) },
    usage: sumPairs(
      evaluations.map(({ flag, variation, count, lastAt }) => {
        return { flagKey: flag, variation, count, lastAt: plausible(lastAt, now) };
      }),
    ),
  };
}

function plausible(instant: string, now: Date): Date {
  const said = new Date(instant);
  if (said > now) return now;
  return said < EARLIEST ? EARLIEST : said;
}

function sumPairs(counts: readonly UsageCount[]): readonly UsageCount[] {
  const sums = new Map<string, UsageCount>();
  for (const each of counts) {
    const pair = JSON.stringify([each.flagKey, each.variation]);
    const sum = sums.get(pair);
    sums.set(pair, sum === undefined ? each : add(sum, each));
  }
  return [...sums.values()];
}

function add(sum: UsageCount, other: UsageCount): UsageCount {
  return { ...sum, count: sum.count + other.count, lastAt: sum.lastAt > other.lastAt ? sum.lastAt : other.lastAt };
}
