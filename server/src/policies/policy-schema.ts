import { z } from 'zod';
import { metricQuerySchema } from '../analysis/index.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import { FULL_SHARE } from '../kernel/share.js';
import { webhookUrlSchema } from '../kernel/webhook-url.js';
import { isTimeZone } from './freeze-windows.js';
import { WEEKDAYS } from './policy.js';

const DAY_SECONDS = 86_400;
const seconds = z
  .int()
  .min(0)
  .max(30 * DAY_SECONDS);
const name = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/iu, 'must be 1 to 64 letters, digits, "-" or "_"');
const measured = z.string().min(1).max(256);

/** The contract of webhook gates, for those who write one. */
const ABOUT_GATES =
  'Asked with POST once the step’s hold is over and its metrics are good, and again at every look (10 s unless set ' +
  'otherwise) until it answers 2xx: that is leave to go on, once and for all of this attempt. Any other answer, a ' +
  'redirect, a refused connection or none within timeoutMs means wait; what is in an answer is not read. The body is ' +
  'JSON: rolloutId, releaseId, attempt, stepIndex, share (thousandths of a percent) and results (every metric as it ' +
  'stands). Headers are those of Standard Webhooks 1.0.0: webhook-id, the same however often a step asks, ' +
  'webhook-timestamp, and webhook-signature where the server has SLUICE_GATE_SECRET. It never goes to link-local ' +
  'addresses, nor to private ones where SLUICE_WEBHOOK_PRIVATE is false.';

const gateSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('approval'), approvals: z.int().min(1).max(10).default(1) }),
    z.strictObject({
      kind: z.literal('webhook'),
      url: webhookUrlSchema.describe(ABOUT_GATES),
      timeoutMs: z.int().min(100).max(60_000).default(10_000).describe('How long one answer may take'),
    }),
    z.strictObject({ kind: z.literal('analysis'), metrics: z.array(name).min(1).max(50) }),
    z.strictObject({
      kind: z.literal('certificate'),
      run: z
        .string()
        .regex(RESOURCE_KEY, 'must be the key of a parallel run')
        .optional()
        .describe('Absent: every parallel run that the release ramps'),
    }),
  ])
  .meta({ id: 'PolicyGate' });

const stepSchema = z
  .strictObject({
    share: z.int().min(0).max(FULL_SHARE).describe('Of the candidate; thousandths of a percent'),
    holdSeconds: seconds.default(0).describe('Counted from when the share has reached every SDK'),
    minimumUnits: z.int().min(0).max(1_000_000_000).default(0).describe('Units of the candidate the step must see'),
    sampling: z
      .int()
      .min(0)
      .max(FULL_SHARE)
      .optional()
      .describe('Of the calls of parallel runs, thousandths of a percent; absent: as at the step before'),
    gates: z.array(gateSchema).max(20).default([]),
  })
  .meta({ id: 'PolicyStep' });

const common = { name, dryRun: z.boolean().default(false) };
const counted = {
  ...common,
  margin: z.number().min(0).max(10).default(0),
  require: z.enum(['noHarm', 'nonInferior']).default('noHarm'),
};

const judgeSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('threshold'), atMost: z.number().optional(), atLeast: z.number().optional() })
    .refine(({ atMost, atLeast }) => atMost !== undefined || atLeast !== undefined, 'needs atMost, atLeast or both'),
  z.strictObject({
    kind: z.literal('baseline'),
    worse: z.enum(['higher', 'lower', 'either']).default('higher'),
    stableQuery: metricQuerySchema,
    windowSeconds: z.int().min(60).max(DAY_SECONDS).default(1_800),
  }),
]);

const metricSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...counted, kind: z.literal('failures'), count: z.enum(['callers', 'units']).default('callers') }),
    z.strictObject({ ...counted, kind: z.literal('events'), event: measured }),
    z.strictObject({
      ...counted,
      kind: z.literal('slow'),
      duration: measured,
      slowerThanMs: z
        .number()
        .positive()
        .max(DAY_SECONDS * 1_000),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('mean'),
      value: measured,
      worse: z.enum(['higher', 'lower']),
      margin: z.number().min(0).max(10).default(0),
    }),
    z.strictObject({
      ...common,
      kind: z.literal('query'),
      query: metricQuerySchema,
      judge: judgeSchema,
      attribution: z
        .strictObject({
          count: metricQuerySchema.describe('Requests of {{version}} in the window: one number'),
          label: z.string().min(1).max(200).optional().describe('Label of the metric’s series that bears the version'),
        })
        .optional()
        .describe('How it is checked that the series is the candidate’s'),
      intervalSeconds: z.int().min(1).max(DAY_SECONDS).default(60),
      initialDelaySeconds: seconds.default(0),
      failureLimit: z.int().min(0).max(1_000).default(0),
      consecutiveErrorLimit: z.int().min(0).max(1_000).default(4),
      inconclusiveLimit: z.int().min(0).max(1_000).default(0),
      consecutiveSuccessLimit: z.int().min(1).max(1_000).default(1),
    }),
  ])
  .meta({ id: 'PolicyMetric' });

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, 'must be a time of day, HH:MM');
const freezeSchema = z
  .union([
    z.strictObject({
      name: z.string().min(1).max(100),
      timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone, such as Europe/Berlin'),
      days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
      from: clock,
      to: clock,
    }),
    z
      .strictObject({
        name: z.string().min(1).max(100),
        starts: z.iso.datetime({ offset: true }),
        ends: z.iso.datetime({ offset: true }),
      })
      .refine(({ starts, ends }) => new Date(starts) < new Date(ends), 'must end after it starts'),
  ])
  .meta({ id: 'FreezeWindow' });

/** What a policy's author writes; what is left out has the default shown. */
export const policyDocumentSchema = z
  .strictObject({
    steps: z.array(stepSchema).min(1).max(50),
    metrics: z.array(metricSchema).max(50).default([]),
    alpha: z.number().min(1e-6).max(0.2).default(0.01),
    bakeSeconds: seconds.default(0),
    onDeadline: z
      .strictObject({
        afterSeconds: seconds.default(DAY_SECONDS),
        action: z.enum(['hold', 'rollBack', 'promote']).default('hold'),
      })
      .default({ afterSeconds: DAY_SECONDS, action: 'hold' }),
    onOutage: z.strictObject({ afterSeconds: seconds.default(300) }).default({ afterSeconds: 300 }),
    onNewer: z.enum(['supersede', 'queue']).default('supersede'),
    freezeWindows: z.array(freezeSchema).max(50).default([]),
    approvalsToStart: z.int().min(0).max(10).default(0),
    maxOverdueFlags: z
      .int()
      .min(0)
      .optional()
      .describe('With more flags past their due date, the project makes no further release; absent: however many'),
  })
  .meta({ id: 'PolicyDocument' });

const parameters = z
  .array(z.strictObject({ name, default: z.json() }))
  .max(50)
  .describe('What a release may fill in: { "parameter": "name" } stands for any value of the document');
const fields = {
  name: z.string().min(1).max(200),
  description: z.string().max(5_000),
  parameters,
  document: z.json().describe('A PolicyDocument, once its parameters are filled in'),
};

export const policyDraftSchema = z
  .strictObject({
    ...fields,
    key: z.string().regex(RESOURCE_KEY, 'must be 1 to 64 small letters, digits and "-"'),
    description: fields.description.default(''),
    parameters: parameters.default([]),
  })
  .meta({ id: 'PolicyDraft' });

export const policyEditSchema = z.strictObject(fields).partial().meta({ id: 'PolicyEdit' });
