import { parseRulePath } from '@sluice/sdk/comparison';
import { z } from 'zod';
import { RESOURCE_KEY } from '../kernel/key.js';
import { FULL_SHARE } from '../kernel/share.js';
import { isAttributeName, POINTER_MALFORMED } from '../segments/index.js';
import { DEFAULT_DEMAND, DEFAULT_RUNNER } from './run-settings.js';

const MAX_STRATA = 50;
const MAX_RAW_PATHS = 50;
const WEEK_SECONDS = 7 * 86_400;
const KEY_SHAPE = 'must be 1 to 64 lower-case letters, digits or dashes, a letter or digit at both ends';

/** Within what the store and RFC 3339 can hold, in every time zone. */
function isPlausibleDate(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  // What is no date at all is another problem.
  return Number.isNaN(year) || (year >= 1970 && year <= 9999);
}

const instant = z.iso.datetime({ offset: true }).refine(isPlausibleDate, 'must be in a year from 1970 to 9999');
const chance = z.number().gt(0).lt(0.5);
const pathPattern = z
  .string()
  .min(1)
  .max(500)
  .superRefine((path, context) => {
    const parsed = parseRulePath(path);
    if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem });
  });
/** What names no key lets whole values leave, and with them what nobody thought of. */
const rawPath = pathPattern.superRefine((path, context) => {
  const parsed = parseRulePath(path);
  if ('problem' in parsed || parsed.steps.some((step) => typeof step === 'string')) return;
  context.addIssue({ code: 'custom', message: 'must name a key whose values may leave, as in $.**.currency' });
});
const sentence = z.string().trim().min(1).max(1_000);
const owner = z.string().trim().min(1).max(200);

const runFields = {
  name: z.string().trim().min(1).max(200),
  description: z.string().max(5_000),
  owner: owner.nullable(),
  dueAt: instant.nullable().describe('By when it is to have been decided, and the losing code removed'),
};

export const runDraftSchema = z
  .strictObject({
    key: z.string().regex(RESOURCE_KEY, KEY_SHAPE),
    name: runFields.name.optional().describe('The key when absent'),
    description: runFields.description.default(''),
    owner: runFields.owner.default(null),
    dueAt: runFields.dueAt.default(null),
  })
  .meta({
    id: 'ParallelRunDraft',
    examples: [{ key: 'price-v2', name: 'New pricing', owner: 'checkout', dueAt: '2027-03-01T00:00:00Z' }],
  });

export const runEditSchema = z
  .strictObject(runFields)
  .partial()
  .meta({ id: 'ParallelRunEdit', examples: [{ owner: 'payments', dueAt: null }] });

const demandFields = {
  tolerance: chance.describe('The largest rate of unequal results that is still equivalent'),
  alpha: chance.describe('The chance of certifying a candidate that is at the tolerance, whatever the peeking'),
  alphaKill: chance.describe('The chance of refuting a candidate that keeps the demand'),
  unansweredTolerance: z
    .number()
    .gt(0)
    .lt(1)
    .describe('The largest rate of sampled calls that it may leave unanswered'),
  latencyMargin: z
    .number()
    .gt(0)
    .max(100)
    .nullable()
    .describe('0.1 accepts 1.1 times the control’s time; null: its time is not judged'),
  strata: z
    .array(z.strictObject({ stratum: z.string().min(1).max(200), minimum: z.int().min(1).max(1_000_000_000) }))
    .max(MAX_STRATA)
    .refine((all) => new Set(all.map(({ stratum }) => stratum)).size === all.length, 'names a stratum twice')
    .describe('Kinds of input that must have been compared so often each'),
};

export const demandSchema = z.strictObject(demandFields).meta({ id: 'ParallelRunDemand', examples: [DEFAULT_DEMAND] });

const runnerFields = {
  bucketBy: z
    .string()
    .min(1)
    .max(200)
    .refine(isAttributeName, POINTER_MALFORMED)
    .nullable()
    .describe('Attribute that is hashed; null: targetingKey'),
  twinShare: z
    .int()
    .min(0)
    .max(FULL_SHARE)
    .describe('Of the sampled calls, those in which the control runs twice: thousandths of a percent'),
  deadlineMs: z.int().min(1).max(600_000).describe('After which the candidate is given up'),
  maxConcurrent: z.int().min(1).max(10_000).describe('Candidates at work at once in one process; more are shed'),
  budget: z
    .strictObject({
      addedMs: z.number().min(0).max(60_000).describe('Mean time added to a sampled call'),
      loopDelayMs: z.number().min(0).max(60_000).describe('Lateness of the event loop'),
    })
    .describe('What the run may cost its callers'),
  windowSeconds: z.int().min(1).max(WEEK_SECONDS).describe('For how long an input that was compared counts as seen'),
  serve: z
    .strictObject({ flag: z.string().min(1).max(128), variation: z.string().min(1).max(64) })
    .nullable()
    .describe('Callers to whom the flag serves the variation get the candidate’s answer; null: nobody does'),
  rawPaths: z
    .array(rawPath)
    .max(MAX_RAW_PATHS)
    .describe('Patterns of paths whose values may leave the services as they are'),
};

export const runnerSchema = z.strictObject(runnerFields).meta({ id: 'ParallelRunRunner', examples: [DEFAULT_RUNNER] });

export const settingsEditSchema = z
  .strictObject({
    demand: z.strictObject(demandFields).partial().optional(),
    runner: z.strictObject(runnerFields).partial().optional(),
  })
  .meta({
    id: 'ParallelRunSettingsEdit',
    examples: [{ demand: { tolerance: 0.01, latencyMargin: null }, runner: { rawPaths: ['$.currency'] } }],
  });

export const shareEditSchema = z
  .strictObject({ share: z.int().min(0).max(FULL_SHARE).describe('Of the calls: thousandths of a percent') })
  .meta({ id: 'ParallelRunShare', examples: [{ share: 5_000 }] });

export const resetSchema = z
  .strictObject({ reason: sentence.describe('Why what was compared so far is to count no more') })
  .meta({ id: 'ParallelRunReset', examples: [{ reason: 'The test data of June had been replayed twice.' }] });

const bound = z.number().min(0);
const effects = [
  z.strictObject({ kind: z.literal('ignore'), path: pathPattern }),
  z.strictObject({
    kind: z.literal('tolerance'),
    path: pathPattern,
    absolute: bound.optional(),
    relative: bound.max(1).optional(),
    ulps: bound.optional(),
  }),
  z.strictObject({ kind: z.literal('date'), path: pathPattern, withinMs: bound }),
  z.strictObject({ kind: z.literal('caseInsensitive'), path: pathPattern }),
  z.strictObject({ kind: z.literal('unordered'), path: pathPattern }),
  z.strictObject({ kind: z.literal('keyedBy'), path: pathPattern, field: z.string().min(1).max(200) }),
] as const;

/** What a rule does, and where; whose it is comes beside it. */
export const ruleEffectSchema = z.discriminatedUnion('kind', effects).meta({
  id: 'ComparisonRuleDraft',
  examples: [{ kind: 'tolerance', path: '$.items[*].price', absolute: 0.005 }],
});

const ownership = {
  owner,
  reason: sentence.describe('Why the difference does not matter'),
  expiresAt: instant.nullable().default(null).describe('When it ends by itself; null: it stays until it is removed'),
};

/** Whose rule it is: read apart from what it does, so that a fault in one does not hide those of the other. */
export const ownershipSchema = z.strictObject(ownership);

export const ruleDraftSchema = z
  .discriminatedUnion(
    'kind',
    // The same fields for every kind.
    effects.map((effect) => effect.extend(ownership)) as never as typeof effects,
  )
  .meta({
    id: 'ParallelRunRuleDraft',
    examples: [
      {
        kind: 'tolerance',
        path: '$.items[*].price',
        absolute: 0.005,
        owner: 'checkout',
        reason: 'The old code rounds half down.',
        expiresAt: '2027-01-31T00:00:00Z',
      },
    ],
  });
