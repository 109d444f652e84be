import type { VerdictBundle } from '#replay';
import { z } from 'zod';

/** Of the bundles that this command judges. */
export const BUNDLE_FORMAT = 'sluice.verdict-bundle/1';

type Observation = VerdictBundle['ticks'][number]['body'];
type RunObservation = NonNullable<Observation['runs']>[number];
/** A field for every one that there may be, so that what is recorded of a tick cannot grow unnoticed. */
type Fields<T> = { readonly [Name in keyof Required<T>]: z.ZodType };

const text = z.string();
const instant = z.iso.datetime();
const state = z.enum(['pass', 'fail', 'inconclusive', 'pending', 'error']);
const arms = <T extends z.ZodType>(arm: T): { readonly stable: T; readonly candidate: T } => ({
  stable: arm,
  candidate: arm,
});

const counted = {
  name: text,
  dryRun: z.boolean(),
  margin: z.number(),
  require: z.enum(['noHarm', 'nonInferior']),
};
const judges = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('threshold'), atMost: z.number().optional(), atLeast: z.number().optional() }),
  z.strictObject({
    kind: z.literal('baseline'),
    worse: z.enum(['higher', 'lower', 'either']),
    stableQuery: z.unknown(),
    windowSeconds: z.number(),
  }),
]);
const metric = z.discriminatedUnion('kind', [
  z.strictObject({ ...counted, kind: z.literal('failures'), count: z.enum(['callers', 'units']) }),
  z.strictObject({ ...counted, kind: z.literal('events'), event: text }),
  z.strictObject({ ...counted, kind: z.literal('slow'), duration: text, slowerThanMs: z.number() }),
  z.strictObject({
    kind: z.literal('mean'),
    name: text,
    dryRun: z.boolean(),
    value: text,
    worse: z.enum(['higher', 'lower']),
    margin: z.number(),
  }),
  z.strictObject({
    kind: z.literal('query'),
    name: text,
    dryRun: z.boolean(),
    query: z.unknown(),
    judge: judges,
    attribution: z.unknown().optional(),
    intervalSeconds: z.number(),
    initialDelaySeconds: z.number(),
    failureLimit: z.number(),
    consecutiveErrorLimit: z.number(),
    inconclusiveLimit: z.number(),
    consecutiveSuccessLimit: z.number(),
  }),
]);

const target = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('parallelRun'), run: text }),
  z.object({ kind: z.literal('flag'), flag: text, ramp: z.object(arms(text)).nullable() }),
  z.object({
    kind: z.literal('service'),
    service: text,
    before: z.object({ stable: z.object({ version: text }) }),
    candidate: z.object({ version: text }),
  }),
]);

const series = z.strictObject({
  labels: z.record(text, text),
  points: z.array(z.tuple([z.number(), z.number()])),
  hash: text,
});
const of = { subject: text, metric: text };
const count = {
  ...of,
  stableUnits: z.number(),
  candidateUnits: z.number(),
  stableBad: z.number(),
  candidateBad: z.number(),
  stableFailed: z.number().optional(),
  phi: z.number(),
} satisfies Fields<Observation['counts'][number]>;
const sums = z.strictObject({ n: z.number(), sum: z.number(), sumSquares: z.number() });
const mean = { ...of, ...arms(sums) } satisfies Fields<Observation['means'][number]>;
const share = { subject: text, ...arms(z.number()) } satisfies Fields<Observation['shares'][number]>;
const query = {
  ...of,
  from: instant,
  to: instant,
  query: text,
  state,
  sentence: text,
  stableQuery: text.optional(),
  candidate: series.optional(),
  stable: series.optional(),
} satisfies Fields<Observation['queries'][number]>;
const trials = { n: z.number(), x: z.number() };
const verdicts = {
  match: z.number(),
  mismatch: z.number(),
  ignored: z.number(),
  candidate_error: z.number(),
  control_error: z.number(),
  both_error: z.number(),
  timeout: z.number(),
  shed: z.number(),
  compare_error: z.number(),
  clean_error: z.number(),
} satisfies Fields<RunObservation['sums']['verdicts']>;
const strata = z.array(z.strictObject({ stratum: text, ...trials }));
const runSums = {
  verdicts: z.strictObject(verdicts),
  lateControls: z.number().optional(),
  broken: z.number().optional(),
  inputs: z.strictObject(trials),
  twins: z.strictObject({ n: z.number(), b: z.number(), c: z.number() }),
  latency: z.strictObject({ controlFirst: sums, candidateFirst: sums }),
  overhead: z.strictObject({
    n: z.number(),
    addedMs: z.number(),
    maxAddedMs: z.number(),
    maxLoopDelayMs: z.number(),
  }),
  served: z.strictObject({ control: z.number(), candidate: z.number() }),
  strata,
  unsigned: z.number(),
  refuting: z.strictObject({ inputs: z.strictObject(trials), strata }).optional(),
  perProcess: z.number().optional(),
} satisfies Fields<RunObservation['sums']>;
const demand = {
  tolerance: z.number().gt(0).lt(1),
  alpha: z.number().gt(0).lt(1),
  alphaKill: z.number().gt(0).lt(1),
  unansweredTolerance: z.number().gt(0).lt(1),
  latencyMargin: z.number().nullable(),
  strata: z.array(z.strictObject({ stratum: text, minimum: z.number() })),
} satisfies Fields<RunObservation['demand']>;
const run = {
  run: text,
  epoch: z.int(),
  candidate: text,
  controlVersion: text,
  candidateVersion: text,
  sums: z.strictObject(runSums),
  shapes: z.strictObject({ distinct: z.number(), singletons: z.number(), n: z.number() }),
  demand: z.strictObject(demand),
  budgetMs: z.number(),
} satisfies Fields<RunObservation>;
const ramp = {
  stepIndex: z.int(),
  share: z.int(),
  phase: z.enum(['reaching', 'watching', 'baking']),
  since: instant.nullable(),
  instances: z.int(),
} satisfies Fields<Observation['ramp']>;
const observation = {
  counts: z.array(z.strictObject(count)),
  means: z.array(z.strictObject(mean)),
  shares: z.array(z.strictObject(share)),
  queries: z.array(z.strictObject(query)),
  runs: z.array(z.strictObject(run)).optional(),
  ramp: z.strictObject(ramp),
} satisfies Fields<Observation>;

/**
 * What judging looks at. There every field counts: one that is not known here may have decided. What only tells people
 * about the release may grow.
 */
export const bundleSchema = z.object({
  schema: z.literal(BUNDLE_FORMAT),
  codeVersion: text,
  release: z.object({ id: text, name: text, environment: text }),
  rollout: z.object({
    attempt: z.int(),
    status: text,
    reason: z.object({ code: text, sentence: text }),
    policy: z.object({ alpha: z.number(), metrics: z.array(metric) }),
    targets: z.array(target),
    before: z.record(text, z.strictObject({ minutes: z.number(), sum: z.number(), sumSquares: z.number() })),
    verdict: state.nullish(),
    keptTicks: z.int().optional(),
  }),
  ticks: z.array(z.object({ tick: z.int(), at: instant, body: z.strictObject(observation) })),
  verdicts: z.array(
    z.object({ tick: z.int(), state, metrics: z.array(z.object({ ...of, state, evidence: z.number().nullish() })) }),
  ),
});
