import { EMPTY_SKETCH, HIGHEST_BUCKET, LOWEST_BUCKET, mergeSketches } from '@sluice/sdk/ddsketch';
import { z } from 'zod';
import type { ArmMeasurement, OrdinaryMeasurement } from './measurement.js';

/** More than a process can count in a day offline. */
export const MAX_COUNT = 1_000_000_000_000;

/** More than anybody measures; no number of such reports adds up to what a double cannot hold. */
const MAX_SUM = 1e30;
const MAX_SUM_SQUARES = 1e45;
const MAX_CALLERS = 200;
const MAX_BUCKETS = HIGHEST_BUCKET - LOWEST_BUCKET + 1;

const count = z.int().min(0).max(MAX_COUNT);
const buckets = z
  .array(z.tuple([z.int().min(LOWEST_BUCKET).max(HIGHEST_BUCKET), z.int().min(1).max(MAX_COUNT)]))
  .max(MAX_BUCKETS);

/** What the units of one arm measured since the last report, or what ordinary traffic did: sums, never single calls. */
export const measurementSchema = z
  .strictObject({
    rollout: z.guid().nullable().describe('Of the ramp that the arm belongs to; null for ordinary traffic'),
    subject: z
      .string()
      .max(300)
      .regex(/^(?:all|(?:flag|service)\/.+)$/su, 'must be flag/ or service/ and a key, or all of ordinary traffic'),
    arm: z.enum(['stable', 'candidate']).describe('Ordinary traffic is stable'),
    metric: z.string().min(1).max(256).describe('`unit` stands for the units themselves'),
    n: count.describe('How many observations'),
    bad: count.describe('How many of them were bad'),
    callers: z
      .array(z.int().min(0).max(0xffff_ffff))
      .max(MAX_CALLERS)
      .optional()
      .describe(
        'Hashes of callers that failed and were not sent before; they may belong to bad observations sent earlier',
      ),
    anonymousBad: count.describe('Bad observations without a caller'),
    sum: z.number().min(-MAX_SUM).max(MAX_SUM),
    sumSquares: z.number().min(0).max(MAX_SUM_SQUARES),
    sketch: z
      .strictObject({ zero: count, buckets, negative: buckets.optional() })
      .optional()
      .describe('A DDSketch of 1 % relative accuracy'),
  })
  .superRefine(({ rollout, subject, arm, n, bad, anonymousBad }, context) => {
    const refuse = (field: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (bad > n) refuse('bad', 'must be at most n');
    if (anonymousBad > bad) refuse('anonymousBad', 'must be at most bad');
    if (rollout === null && arm !== 'stable') refuse('arm', 'must be stable without a rollout');
    if (rollout !== null && subject === 'all') refuse('subject', 'must be a flag or service with a rollout');
    if (rollout === null && subject.startsWith('flag/'))
      refuse('subject', 'must be all or a service without a rollout');
  })
  .meta({ id: 'Measurement' });

/** A measurement as it is summed. Two spellings of one rollout's id are one. */
export function readMeasurement(said: z.infer<typeof measurementSchema>): ArmMeasurement | OrdinaryMeasurement {
  const { rollout, subject, arm, metric, n, bad, callers = [], anonymousBad, sum, sumSquares, sketch } = said;
  const sums = { n, bad, sum, sumSquares };
  if (rollout === null) return { subject, metric, ...sums };
  return {
    rolloutId: rollout.toLowerCase(),
    subject,
    arm,
    metric,
    ...sums,
    callers: [...new Set(callers)],
    anonymousBad,
    // Merged with nothing it is canonical: no index occurs twice, and they ascend.
    sketch: sketch === undefined ? null : mergeSketches(EMPTY_SKETCH, { ...sketch, negative: sketch.negative ?? [] }),
  };
}
