import { z } from 'zod';
import { releaseChangeSchema } from './parse-release.js';
import { RELEASE_STATUSES } from './release-machine.js';

const reasonSchema = z
  .object({
    code: z.string().describe('Of a closed set; see the documentation of releases'),
    sentence: z.string(),
    until: z.iso.datetime().optional().describe('When it is looked at again or ends by itself'),
  })
  .meta({ id: 'ReleaseReason' });

const approvalSchema = z.object({
  actorId: z.string(),
  actorName: z.string(),
  comment: z.string(),
  at: z.iso.datetime(),
});

const armSchema = z
  .object({
    units: z.number(),
    bad: z.number().optional(),
    mean: z.number().optional(),
    p50: z.number().optional(),
    p99: z.number().optional(),
  })
  .meta({ id: 'ArmFigures' });

const metricResultSchema = z
  .object({
    metric: z.string(),
    subject: z.string(),
    state: z.enum(['pass', 'fail', 'inconclusive', 'pending', 'error']),
    dryRun: z.boolean(),
    isComparable: z
      .boolean()
      .describe('Whether there is anything to compare: at 0 % nothing, at 100 % what is on record of the stable arm'),
    sentence: z.string(),
    evidence: z.number().optional().describe('Of harm, natural logarithm'),
    limit: z.number().optional().describe('Where the evidence rolls back'),
    stable: armSchema.optional(),
    candidate: armSchema.optional(),
    phi: z.number().optional().describe('The dispersion that tempered it'),
  })
  .meta({ id: 'MetricResult' });

const routedTrafficSchema = z
  .object({
    service: z.string(),
    asked: z.int().nullable().describe('Share of the candidate that the router has confirmed; null while it has not'),
    actual: z.int().nullable().describe('Share of the requests that the candidate got; null without requests'),
    requests: z.int().describe('Since the router was told'),
    fits: z.enum(['matches', 'differs', 'tooFew']).nullable().describe('Whether the two fit, by more than chance'),
  })
  .meta({ id: 'RoutedTraffic' });

const rolloutSchema = z
  .object({
    id: z.uuid(),
    attempt: z.int(),
    status: z.enum(['running', 'released', 'rolledBack', 'aborted', 'superseded']),
    stepIndex: z.int(),
    steps: z.int(),
    share: z.int().describe('Asked for; thousandths of a percent'),
    phase: z.enum(['reaching', 'watching', 'baking']),
    revision: z.int().describe('The environment’s revision that carries the share'),
    askedAt: z.iso.datetime().describe('When the share was asked for'),
    since: z.iso.datetime().nullable().describe('When the phase’s clock began'),
    reason: reasonSchema,
    paused: z.object({ by: z.string(), reason: z.string(), at: z.iso.datetime() }).nullable(),
    approvals: z.array(approvalSchema),
    outageSince: z.iso.datetime().nullable(),
    traffic: z.array(routedTrafficSchema).describe('What routers that are no SDK counted, as of the last look'),
    metrics: z.array(metricResultSchema),
    verdict: z.enum(['pass', 'fail', 'inconclusive', 'pending', 'error']).nullable(),
    nextLookAt: z.iso.datetime().describe('When it is looked at next; where that has long passed nobody looks'),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Rollout' });

/** A release as it is answered. */
export const releaseSchema = z
  .object({
    id: z.uuid(),
    projectId: z.uuid(),
    environmentId: z.uuid(),
    project: z.string(),
    environment: z.string(),
    name: z.string(),
    description: z.string(),
    status: z.enum(RELEASE_STATUSES),
    reason: reasonSchema,
    changes: z.array(releaseChangeSchema),
    policyKey: z.string(),
    policyVersion: z.int().describe('0 for a preset'),
    policy: z.json(),
    contentHash: z.string().describe('What approvals are bound to'),
    createdBy: z.string(),
    attempt: z.int(),
    scheduledAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    supersededBy: z.uuid().nullable(),
    confoundedBy: z.array(z.uuid()).describe('Releases that ramped here at the same time'),
    approvals: z.array(approvalSchema),
    rollout: rolloutSchema.nullable(),
    version: z.int(),
  })
  .meta({ id: 'Release' });

/** Measurements and verdicts are as rollouts/replay.ts says; whoever reads them replays them. */
export const verdictBundleSchema = z
  .object({
    schema: z.literal('sluice.verdict-bundle/1'),
    codeVersion: z.string(),
    release: z.object({
      id: z.uuid(),
      name: z.string(),
      project: z.string(),
      environment: z.string(),
      policyKey: z.string(),
      policyVersion: z.int(),
      contentHash: z.string(),
    }),
    rollout: z.object({
      id: z.uuid(),
      attempt: z.int(),
      status: z.string(),
      reason: reasonSchema,
      policy: z.json(),
      targets: z.array(z.json()),
      before: z.record(z.string(), z.json()),
      verdict: z
        .enum(['pass', 'fail', 'inconclusive', 'pending', 'error'])
        .nullable()
        .describe('As the attempt itself has the last one; null before the first tick'),
      keptTicks: z.int().optional().describe('How many ticks it kept; absent of attempts that did not count them'),
    }),
    ticks: z.array(z.object({ tick: z.int(), at: z.iso.datetime(), body: z.json() })),
    verdicts: z.array(
      z.object({ tick: z.int(), at: z.iso.datetime(), state: z.string(), metrics: z.array(metricResultSchema) }),
    ),
  })
  .meta({ id: 'VerdictBundle' });
