import { z } from 'zod';
import { metricQuerySchema } from '../analysis/index.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import { MEASURED_KINDS } from './guardrail.js';
import { CHECK_OUTCOMES, GUARDRAIL_STATES } from './guardrail-state.js';

const DAY_SECONDS = 86_400;
const MINUTE_SECONDS = 60;
const KEY_SHAPE = 'must be 1 to 64 lower-case letters, digits or dashes';

const bounds = {
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
};

const querySchema = z.strictObject({
  kind: z.literal('query'),
  query: metricQuerySchema.describe('Takes {{environment}} and {{window}} as arguments'),
  windowSeconds: z.int().min(1).max(DAY_SECONDS).default(MINUTE_SECONDS).describe('The newest value in it counts'),
  ...bounds,
});

const measurementSchema = z.strictObject({
  kind: z.literal('measurement'),
  subject: z
    .string()
    .max(300)
    .regex(/^(?:all|service\/.+)$/su, 'must be "all" or service/ and a key')
    .default('all'),
  metric: z.string().min(1).max(256).describe('`unit` stands for the units themselves'),
  what: z
    .enum(MEASURED_KINDS)
    .describe('Observations per minute, the part of them that is bad (0 to 1), or their mean'),
  windowSeconds: z
    .int()
    .min(MINUTE_SECONDS)
    .max(DAY_SECONDS)
    .multipleOf(MINUTE_SECONDS, 'must be whole minutes')
    .default(5 * MINUTE_SECONDS),
  ...bounds,
});

const statementSchema = z
  .discriminatedUnion('kind', [querySchema, measurementSchema])
  .superRefine((statement, context) => {
    const { atLeast, atMost, windowSeconds } = statement;
    const refuse = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (atLeast === undefined && atMost === undefined) refuse([], 'needs atLeast, atMost or both');
    if (atLeast !== undefined && atMost !== undefined && atLeast > atMost) refuse(['atMost'], 'is less than atLeast');
    if (statement.kind !== 'query') return;
    const { query } = statement;
    if (query.kind === 'synthetic' && query.intervalMs > windowSeconds * 1_000) {
      refuse(['windowSeconds'], 'must be at least as long as the query’s intervalMs, or most windows hold no check');
    }
    const foreign = /\{\{\s*(service|version)\s*\}\}/u.exec(JSON.stringify(query))?.[1];
    if (foreign !== undefined) refuse(['query'], `takes no {{${foreign}}}: a guardrail is about a whole environment`);
  })
  .meta({ id: 'GuardrailStatement' });

const subjectSchema = z
  .string()
  .max(300)
  .regex(/^(?:flag|service)\/.+$/su, 'must be flag/ or service/ and a key');

const actionsSchema = z
  .strictObject({
    alert: z.boolean().default(true).describe('Its events ask for people’s attention (data.isAlert)'),
    hold: z
      .strictObject({
        covers: z
          .union([z.literal('all'), z.array(subjectSchema).min(1).max(100)])
          .default('all')
          .describe('All rollouts of the environment, or those that move any of these'),
      })
      .nullable()
      .default(null)
      .describe('Rollouts that hold until it has recovered'),
    kill: z
      .strictObject({ flag: z.string().min(1).max(128) })
      .nullable()
      .default(null)
      .describe('The flag that is switched off, once each time it breaks'),
  })
  .meta({ id: 'GuardrailActions' });

const fields = {
  name: z.string().trim().min(1).max(200),
  statement: statementSchema,
  intervalSeconds: z.int().min(1).max(DAY_SECONDS).describe('How often it is checked'),
  failureLimit: z.int().min(1).max(1_000).describe('Bad checks in a row until it is broken'),
  recoveryLimit: z.int().min(1).max(1_000).describe('Good checks in a row until it has recovered'),
  onBroken: actionsSchema,
};

export const guardrailDraftSchema = z
  .strictObject({
    ...fields,
    key: z.string().regex(RESOURCE_KEY, KEY_SHAPE),
    environment: z.string().regex(RESOURCE_KEY, KEY_SHAPE).describe('Key of the environment it watches'),
    name: fields.name.optional().describe('The key when absent'),
    intervalSeconds: fields.intervalSeconds.default(MINUTE_SECONDS),
    failureLimit: fields.failureLimit.default(3),
    recoveryLimit: fields.recoveryLimit.default(3),
    onBroken: actionsSchema.default({ alert: true, hold: null, kill: null }),
  })
  .meta({ id: 'GuardrailDraft' });

export const guardrailEditSchema = z.strictObject(fields).partial().meta({ id: 'GuardrailEdit' });

export const acknowledgementDraftSchema = z
  .strictObject({
    comment: z.string().trim().min(1).max(5_000),
    release: z.boolean().default(false).describe('Lets the rollouts it holds go on although it is broken'),
  })
  .meta({ id: 'GuardrailAcknowledgementDraft' });

const acknowledgementSchema = z
  .object({
    actorId: z.string(),
    actorName: z.string(),
    comment: z.string(),
    release: z.boolean(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'GuardrailAcknowledgement' });

/** A guardrail as it is answered. */
export const guardrailSchema = z
  .object({
    id: z.uuid(),
    projectId: z.uuid(),
    environmentId: z.uuid(),
    environment: z.string().describe('Key of the environment'),
    key: z.string(),
    ...fields,
    state: z.enum(GUARDRAIL_STATES),
    reason: z.string().describe('What was found when it came to its state'),
    isHolding: z.boolean().describe('Whether rollouts that it covers must wait'),
    counts: z
      .object({ good: z.int(), bad: z.int(), noData: z.int(), couldNotAsk: z.int() })
      .describe('Checks in a row; those that said nothing part neither good nor bad ones'),
    lastCheck: z
      .object({
        outcome: z.enum(CHECK_OUTCOMES),
        value: z.number().nullable(),
        sentence: z.string(),
        at: z.iso.datetime(),
      })
      .nullable(),
    recentChecks: z
      .array(z.object({ outcome: z.enum(CHECK_OUTCOMES), value: z.number().nullable(), at: z.iso.datetime() }))
      .describe('The latest checks of its statement, the oldest first; at most 60'),
    acknowledgement: acknowledgementSchema.nullable(),
    changedAt: z.iso.datetime().describe('When it came to its state'),
    nextCheckAt: z.iso.datetime(),
    createdAt: z.iso.datetime(),
    version: z.int().describe('Of what people write; checks leave it as it is'),
  })
  .meta({ id: 'Guardrail' });
