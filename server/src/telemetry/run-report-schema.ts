import {
  DIFFERENCE_KINDS,
  isCompared,
  isUnequal,
  LEVEL_LIMIT,
  MARK_LIMIT,
  type RunVerdict,
  SIGNATURE_PLACE_LIMIT,
  VERDICTS,
} from '@sluice/sdk/comparison';
import { z } from 'zod';
import { MAX_COUNT } from './measurement-schema.js';

/** What one report may hold at most: the limits of the SDK's wire, with room where the SDK has none of its own. */
export const RUN_REPORT_LIMITS = {
  reports: 50,
  strata: 50,
  shapes: 200,
  signatures: 50,
  samples: 3,
  rawValue: 500,
} as const;

const MAX_EPOCH = 2 ** 31 - 1;
const MAX_KEY = 200;
/** 30 steps of 64 characters each, all of which may be escaped (comparison/path.ts of the SDK). */
const MAX_PATH = 12_000;
/** Many elements of a list may differ at what is one place. */
const MAX_VALUES = 100;
/** Logarithms of ratios of times: e^1000 is beyond any two times. */
const MAX_LOG_RATIO = 1_000;
const MAX_MS = 1e15;

const count = z.int().min(0).max(MAX_COUNT);
const atLeastOne = z.int().min(1).max(MAX_COUNT);
const key = z.string().min(1).max(MAX_KEY);
const name = z.string().max(MAX_KEY);
const milliseconds = z.number().min(0).max(MAX_MS);
const path = z.string().max(MAX_PATH);

const logRatioSums = z
  .strictObject({
    n: count,
    sum: z.number().min(-MAX_COUNT).max(MAX_COUNT),
    sumSquares: z
      .number()
      .min(0)
      .max(MAX_COUNT * MAX_LOG_RATIO),
  })
  .refine(isPossible, { path: ['sumSquares'], message: 'must be at least sum² / n, and both 0 without any' });

const redacted = z.union(
  [
    z.strictObject({ digest: z.string().max(64) }),
    z.strictObject({ raw: z.string().max(RUN_REPORT_LIMITS.rawValue) }),
    z.strictObject({ absent: z.literal(true) }),
  ],
  { error: 'must be { "digest": … }, { "raw": … } or { "absent": true }' },
);

const sampleSchema = z
  .strictObject({
    at: z.iso.datetime({ offset: true }),
    stratum: name,
    input: z.string().max(64).describe('Digest of the input; empty without one'),
    traceId: z.string().max(64).describe('Of the active span; empty without one'),
    values: z.array(z.strictObject({ path, control: redacted, candidate: redacted })).max(MAX_VALUES),
  })
  .meta({ id: 'MismatchSample' });

const placeSchema = z
  .strictObject({ path, kind: z.enum(DIFFERENCE_KINDS), transition: name })
  .meta({ id: 'SignaturePlace' });

const deltaSchema = z
  .strictObject({ absolute: z.number().min(0), relative: z.number().min(0), ulps: z.number().min(0) })
  .meta({ id: 'NumericDelta' });

const signatureSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/u, 'must be 16 hexadecimal digits'),
  places: z.array(placeSchema).max(SIGNATURE_PLACE_LIMIT),
  isCut: z.boolean(),
  n: count,
  twins: count,
  strata: z.array(z.strictObject({ stratum: name, n: count })).max(RUN_REPORT_LIMITS.strata),
  maxDelta: deltaSchema.optional().describe('Largest distance, where all differences are of numbers'),
  samples: z.array(sampleSchema).max(RUN_REPORT_LIMITS.samples),
});

const stratumCounts = z.array(z.strictObject({ stratum: name, n: count, x: count })).max(RUN_REPORT_LIMITS.strata);

const inputSample = z.strictObject({
  depth: z
    .int()
    .min(0)
    // A sample whose every input is of the highest level goes beyond.
    .max(LEVEL_LIMIT + 1)
    .describe('All inputs of at least this level are here; each level more are of half as many'),
  marks: z
    .array(
      z.tuple([
        z.string().regex(/^[0-9a-f]{12}$/u, 'must be 12 hexadecimal digits'),
        z.int().min(0).max(LEVEL_LIMIT),
        z
          .int()
          .min(-1)
          .max(RUN_REPORT_LIMITS.strata - 1),
      ]),
    )
    .max(MARK_LIMIT)
    .describe('Digest of an input under the key of the run, its level, and where its stratum is; -1: nowhere'),
});

const distinctSchema = z.strictObject({
  n: count,
  x: count,
  strata: stratumCounts,
  compared: inputSample,
  unequal: inputSample,
});

/** What one SDK instance compared of one candidate since its last report: sums, never single calls. */
export const runReportSchema = z
  .strictObject({
    run: key,
    epoch: z
      .int()
      .min(0)
      .max(MAX_EPOCH)
      .describe('As the snapshot says, of the settings it was compared under; it counts under no other'),
    candidate: key,
    controlVersion: name,
    candidateVersion: name,
    served: z.enum(['control', 'candidate']).describe('Whose answer the callers got'),
    verdicts: z.partialRecord(z.enum(VERDICTS), count).describe('Sampled calls by verdict'),
    broken: count.optional().describe('Of those shed, the calls for which the breaker of the shadow was open'),
    inputs: z
      .strictObject({ n: count, x: count })
      .describe('Distinct inputs compared, and unequal; an input compared before may come out unequal now'),
    twins: z
      .strictObject({ n: count, b: count, c: count })
      .refine(({ n, b, c }) => b + c <= n, { path: ['n'], message: 'must be at least b + c' }),
    latency: z.strictObject({ controlFirst: logRatioSums, candidateFirst: logRatioSums }),
    overhead: z.strictObject({
      n: count,
      addedMs: milliseconds,
      maxAddedMs: milliseconds,
      maxLoopDelayMs: milliseconds,
    }),
    distinct: distinctSchema
      .optional()
      .describe('Which inputs those were, of the ones that can be named; absent: each counts as this process has it'),
    strata: stratumCounts,
    shapes: z
      .array(z.tuple([z.int().min(0), atLeastOne]))
      .max(RUN_REPORT_LIMITS.shapes)
      .describe('Hashes of structures of inputs, and how often each was compared'),
    signatures: z.array(signatureSchema).max(RUN_REPORT_LIMITS.signatures),
    unsigned: count.describe('Unequal calls whose signature found no room'),
  })
  .superRefine((report, context) => {
    // Counts that are none compare with nothing.
    if (context.issues.length > 0) return;
    for (const { path, most, of } of excessesOf(report)) {
      context.addIssue({ code: 'custom', path, message: `must be at most ${most}: the report counts ${of}` });
    }
  })
  .meta({ id: 'ParallelRunReport' });

/** A report of a parallel run as it arrived. */
export type RunReport = z.output<typeof runReportSchema>;

interface Counts {
  readonly verdicts: { readonly [Verdict in RunVerdict]?: number | undefined };
  readonly broken?: number | undefined;
  readonly inputs: { readonly n: number; readonly x: number };
  readonly distinct?: z.output<typeof distinctSchema> | undefined;
  readonly strata: readonly { readonly n: number; readonly x: number }[];
}

/** A count that is larger than it can be. */
interface Excess {
  readonly path: (string | number)[];
  readonly most: number;
  /** What there are no more of. */
  readonly of: string;
}

/**
 * What a report counts too much of to be true: a call brings at most one input, or one that turns out unequal. There may
 * be more unequal inputs than inputs, for an earlier report may have counted those.
 */
function excessesOf({ verdicts, broken = 0, inputs, distinct, strata }: Counts): readonly Excess[] {
  const callsOf = (isCounted: (verdict: RunVerdict) => boolean) =>
    VERDICTS.filter(isCounted).reduce((sum, verdict) => sum + (verdicts[verdict] ?? 0), 0);
  const compared = callsOf(isCompared);
  const unequal = callsOf(isUnequal);
  const shed = verdicts.shed ?? 0;
  const boundsAt = (at: readonly (string | number)[], { n, x }: Counts['inputs']) => [
    { path: [...at, 'n'], count: n, most: compared, of: 'no more calls that were compared' },
    { path: [...at, 'x'], count: x, most: unequal, of: 'no more calls that came out unequal' },
  ];
  return [
    { path: ['broken'], count: broken, most: shed, of: 'no more calls that were shed' },
    ...boundsAt(['inputs'], inputs),
    ...strata.flatMap((each, index) => boundsAt(['strata', index], each)),
    ...(distinct === undefined ? [] : countsOfDistinct(distinct, inputs)),
  ].filter(({ count, most }) => count > most);
}

function countsOfDistinct(
  { n, x, strata, compared, unequal }: z.output<typeof distinctSchema>,
  inputs: Counts['inputs'],
): readonly (Excess & { readonly count: number })[] {
  const within = (at: readonly (string | number)[], trials: Counts['inputs'], most: Counts['inputs'], of: string) => [
    { path: ['distinct', ...at, 'n'], count: trials.n, most: most.n, of },
    { path: ['distinct', ...at, 'x'], count: trials.x, most: most.x, of },
  ];
  const named = [
    ['compared', compared, n],
    ['unequal', unequal, x],
  ] as const;
  return [
    ...within([], { n, x }, inputs, 'no more inputs'),
    ...strata.flatMap((each, index) => within(['strata', index], each, { n, x }, 'no more inputs that are named')),
    ...named.map(([name, { marks }, most]) => {
      return { path: ['distinct', name, 'marks'], count: marks.length, most, of: 'no more such inputs' };
    }),
  ];
}

/** By the inequality of Cauchy and Schwarz, within what doubles round. */
function isPossible({ n, sum, sumSquares }: { n: number; sum: number; sumSquares: number }): boolean {
  if (n === 0) return sum === 0 && sumSquares === 0;
  return sum * sum <= n * sumSquares * (1 + 1e-6) + 1e-9;
}
