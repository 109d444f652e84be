import { DIFFERENCE_KINDS, VERDICTS } from '@sluice/sdk/comparison';
import { z } from 'zod';
import { FULL_SHARE } from '../kernel/share.js';
import { demandSchema, runnerSchema } from './parallel-run-schema.js';

const count = z.int().min(0);
const instant = z.iso.datetime();
const evidenceState = z.enum(['pass', 'fail', 'pending']);
const interval = z.tuple([z.number(), z.number()]).describe('Of the true rate, valid whenever it is looked at');

const pair = {
  candidate: z.string(),
  controlVersion: z.string().describe('Empty where services do not tell'),
  candidateVersion: z.string(),
};

const share = z.int().min(0).max(FULL_SHARE).describe('Of the calls that are sampled: thousandths of a percent');
const epoch = z.int().describe('Evidence begins anew with every epoch');

const overviewSchema = z
  .object({
    share,
    epoch,
    candidates: z
      .array(
        z.object({
          ...pair,
          finding: z.enum(['certified', 'refuted', 'undecided']).describe('What was found and stands'),
          n: count.describe('Distinct inputs compared'),
          x: count.describe('Those that came out unequal'),
        }),
      )
      .describe('Of every candidate, each pair of versions that services run; the newest last'),
  })
  .meta({
    id: 'ParallelRunOverview',
    examples: [
      {
        share: 5_000,
        epoch: 2,
        candidates: [
          {
            candidate: 'candidate',
            controlVersion: 'v7',
            candidateVersion: 'v8',
            finding: 'certified',
            n: 4_512,
            x: 0,
          },
        ],
      },
    ],
  });

/** How a run stands in one environment. */
export const placedOverviewSchema = overviewSchema
  .extend({ run: z.string().describe('Key of the run'), name: z.string() })
  .meta({ id: 'PlacedParallelRunOverview' });

/** A run as it is answered. */
export const runSchema = z
  .object({
    id: z.uuid(),
    projectId: z.uuid(),
    key: z.string(),
    name: z.string(),
    description: z.string(),
    owner: z.string().nullable(),
    dueAt: instant.nullable(),
    version: z.int(),
    createdAt: instant,
    updatedAt: instant,
    environments: z.record(z.string(), overviewSchema).describe('How it stands, by the key of the environment'),
  })
  .meta({ id: 'ParallelRun' });

const rulesSchema = z.array(
  z
    .looseObject({
      id: z.string(),
      kind: z.string(),
      path: z.string(),
      owner: z.string(),
      reason: z.string(),
      expiresAt: instant.nullable(),
      createdAt: instant,
    })
    .meta({ id: 'ParallelRunRule', description: 'What a rule does, as it was added, and whose it is' }),
);

const settingsFields = {
  run: z.string().describe('Key of the run'),
  environment: z.string().describe('Key of the environment'),
  share,
  demand: demandSchema,
  runner: runnerSchema,
  rules: rulesSchema,
  epoch,
  demandHash: z
    .string()
    .describe(
      'SHA-256 of the canonical JSON (RFC 8785) of demand, rules, and of the runner bucketBy, deadlineMs and windowSeconds; empty until set',
    ),
  version: z.int().describe('0 until the first edit'),
};

/** Settings of a run in an environment as they are answered: the key of the digests stays inside. */
export const placedSettingsSchema = z.object(settingsFields).meta({ id: 'ParallelRunSettings' });

const trials = z.object({ n: count, x: count });
const strataTrials = z.array(z.object({ stratum: z.string(), n: count, x: count }));
const ratios = z.object({ n: count, sum: z.number(), sumSquares: z.number() });

const sumsSchema = z
  .object({
    verdicts: z.record(z.enum(VERDICTS), count),
    lateControls: count.optional().describe('The candidate served, and the control did not answer in time; absent: 0'),
    broken: count.optional().describe('Of those shed, while the breaker of the candidate was open; absent: 0'),
    inputs: trials.describe('Distinct inputs, each once in a window of time whatever processes compared it: evidence'),
    twins: z.object({ n: count, b: count, c: count }),
    latency: z.object({ controlFirst: ratios, candidateFirst: ratios }),
    overhead: z.object({ n: count, addedMs: z.number(), maxAddedMs: z.number(), maxLoopDelayMs: z.number() }),
    served: z.object({ control: count, candidate: count }),
    strata: strataTrials,
    unsigned: count.describe('Unequal calls whose signature found no room'),
    refuting: z
      .object({ inputs: trials, strata: strataTrials })
      .optional()
      .describe(
        'What a refutation rests on, where there are too many inputs to tell all apart: the most that there may be, and the fewest unequal ones. inputs and strata, which a certificate rests on, are the fewest and the most',
      ),
    perProcess: count
      .optional()
      .describe('Of inputs.n, those that each process counted by itself: nobody can tell whether others compared them'),
  })
  .meta({ id: 'ParallelRunSums' });

const assessmentSchema = z
  .looseObject({
    finding: z.enum(['certified', 'refuted', 'undecided']),
    sentence: z.string().describe('What was found, or what is missing'),
    lacks: z.array(z.string()).describe('What keeps it from being certified'),
    equivalence: z.looseObject({
      n: count,
      x: count,
      tolerance: z.number(),
      logCertificate: z.number(),
      certificateLimit: z.number().describe('Certified when logCertificate reaches it: ln(1/alpha)'),
      logRefutation: z.number(),
      refutationLimit: z.number(),
      interval,
      moreNeeded: z.int().nullable().describe('Further inputs, all equal, that it would take to certify'),
    }),
    unanswered: z.looseObject({ calls: count, unanswered: count, tolerance: z.number(), state: evidenceState }),
    latency: z
      .looseObject({
        n: count,
        ratio: z.number().describe('Candidate’s time over the control’s'),
        upper: z.number().nullable(),
        limit: z.number(),
        state: evidenceState,
      })
      .nullable(),
    noise: z
      .looseObject({ n: count, b: count, c: count, excess: z.number().nullable(), p: z.number().nullable() })
      .describe('What the control’s own repetition says of the mismatches'),
    coverage: z.looseObject({
      shapes: count,
      unseen: z.number().nullable().describe('Probability that the next input has a structure nobody compared yet'),
    }),
    strata: z.array(z.looseObject({ stratum: z.string(), n: count, x: count, minimum: count, interval })),
  })
  .meta({ id: 'ParallelRunAssessment' });

export const certificateSchema = z
  .object({
    id: z.uuid(),
    run: z.string(),
    environment: z.string(),
    epoch,
    ...pair,
    demandHash: z.string(),
    finding: z.enum(['certified', 'refuted']),
    statement: z
      .object({ demand: demandSchema, rules: rulesSchema, sums: sumsSchema, assessment: assessmentSchema })
      .describe('All that it was found from: with it the finding can be reckoned again'),
    at: instant,
    voidedAt: instant.nullable(),
    voidReason: z.string().nullable(),
  })
  .meta({ id: 'ParallelRunCertificate' });

const placeSchema = z.object({ path: z.string(), kind: z.enum(DIFFERENCE_KINDS), transition: z.string() });
const strataHits = z.array(z.object({ stratum: z.string(), n: count }));

const signatureFields = {
  candidate: z.string(),
  id: z.string(),
  places: z.array(placeSchema),
  isCut: z.boolean().describe('There are more places than are told'),
  n: count.describe('Candidate against control'),
  twins: count.describe('The control against its twin: noise'),
  excess: z
    .number()
    .describe('n − twins · compared calls / calls with a twin, not below 0: what noise does not explain'),
};

const redacted = z.union([
  z.object({ digest: z.string() }),
  z.object({ raw: z.string() }),
  z.object({ absent: z.literal(true) }),
]);

const signatureSchema = z
  .object({
    ...signatureFields,
    strata: strataHits,
    maxDelta: z.object({ absolute: z.number(), relative: z.number(), ulps: z.number() }).nullable(),
    samples: z
      .array(
        z.looseObject({
          at: instant,
          stratum: z.string(),
          input: z.string(),
          traceId: z.string(),
          values: z.array(z.object({ path: z.string(), control: redacted, candidate: redacted })),
        }),
      )
      .describe('Drawn evenly from all of them; values are digests, unless their path is allowed'),
    firstVersion: z.string().describe('The candidate’s version in which it was seen first'),
    lastVersion: z.string(),
    firstAt: instant,
    lastAt: instant,
  })
  .meta({ id: 'ParallelRunSignature' });

/** Settings of a run in an environment, and how it stands there. */
export const placedRunSchema = z
  .object({
    ...settingsFields,
    candidates: z.array(
      z.object({
        total: z.object({ ...pair, sums: sumsSchema, firstAt: instant, lastAt: instant }),
        assessment: assessmentSchema,
        certificate: certificateSchema.nullable().describe('That stands for these versions under this demand'),
        signatures: z.array(signatureSchema).describe('The 20 with the most excess over noise'),
      }),
    ),
  })
  .meta({ id: 'PlacedParallelRun' });

export const priceSchema = z
  .object({
    hidden: count.describe('Mismatches of which nothing would be left'),
    partly: count.describe('Mismatches of which something may be left'),
    mismatches: count.describe('All that have a signature'),
    signatures: z.array(z.object({ ...signatureFields, coverage: z.enum(['all', 'some']) })),
  })
  .meta({ id: 'ParallelRunRulePrice' });

export const minutesSchema = z.object({
  items: z
    .array(z.object({ minute: instant, n: count, x: count }))
    .describe(
      'A minute without inputs is absent. As each process counted: an input that two of them met is two here, and one in the sums',
    ),
});
