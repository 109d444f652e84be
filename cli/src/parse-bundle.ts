import type { VerdictBundle } from '#replay';
import { z } from 'zod';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-code.js';

const SCHEMA = 'sluice.verdict-bundle/1';
const FAMILY = /^sluice\.verdict-bundle\/(\S+)$/u;
const MOST_SAID = 5;

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
/** Typed, so that what is recorded of a tick cannot grow unnoticed. */
const observation: z.ZodType<VerdictBundle['ticks'][number]['body']> = z.strictObject({
  counts: z.array(
    z.strictObject({
      ...of,
      stableUnits: z.number(),
      candidateUnits: z.number(),
      stableBad: z.number(),
      candidateBad: z.number(),
      phi: z.number(),
    }),
  ),
  means: z.array(
    z.strictObject({ ...of, ...arms(z.strictObject({ n: z.number(), sum: z.number(), sumSquares: z.number() })) }),
  ),
  shares: z.array(z.strictObject({ subject: text, ...arms(z.number()) })),
  queries: z.array(
    z.strictObject({
      ...of,
      from: instant,
      to: instant,
      query: text,
      state,
      sentence: text,
      stableQuery: text.exactOptional(),
      candidate: series.exactOptional(),
      stable: series.exactOptional(),
    }),
  ),
  ramp: z.strictObject({
    stepIndex: z.int(),
    share: z.int(),
    phase: z.enum(['reaching', 'watching', 'baking']),
    since: instant.nullable(),
    instances: z.int(),
  }),
});

/**
 * What judging looks at. There every field counts: one that is not known here may have decided. What only tells people
 * about the release may grow.
 */
const bundle = z.object({
  schema: z.literal(SCHEMA),
  codeVersion: text,
  release: z.object({ id: text, name: text, environment: text }),
  rollout: z.object({
    attempt: z.int(),
    status: text,
    reason: z.object({ sentence: text }),
    policy: z.object({ alpha: z.number(), metrics: z.array(metric) }),
    targets: z.array(target),
    before: z.record(text, z.strictObject({ minutes: z.number(), sum: z.number(), sumSquares: z.number() })),
  }),
  ticks: z.array(z.object({ tick: z.int(), at: instant, body: observation })),
  verdicts: z.array(
    z.object({ tick: z.int(), state, metrics: z.array(z.object({ ...of, state, evidence: z.number().nullish() })) }),
  ),
});

/** Reads a bundle of verdicts; throws a usage error that says why a document is none, or none that can be judged. */
export function parseBundle(document: unknown, path: string): VerdictBundle {
  const schema = fieldOf(document, 'schema');
  const version = typeof schema === 'string' ? FAMILY.exec(schema)?.[1] : undefined;
  if (version === undefined) {
    const message = `${path} is no bundle of verdicts: it does not say "schema": "${SCHEMA}".`;
    throw new CommandError(EXIT.usage, message, { hint: 'Fetch one: sluice verdict <release> -o bundle.json' });
  }
  const writer = fieldOf(document, 'codeVersion');
  const hint = `Judge it with the sluice command of ${typeof writer === 'string' ? `version ${writer}` : 'the version'} that wrote it.`;
  if (schema !== SCHEMA) {
    const message = `${path} is a bundle of format ${version}, and this command judges format 1 only.`;
    throw new CommandError(EXIT.usage, message, { hint });
  }
  const parsed = bundle.safeParse(document, { reportInput: true });
  // It is handed on as it was read: what is judged was looked at, and all else is for people.
  if (parsed.success) return document as VerdictBundle;
  const { issues } = parsed.error;
  const isNewer = issues.every(({ code }) => code === 'unrecognized_keys');
  const message = isNewer
    ? `${path} holds what this command does not know and so cannot judge:`
    : `${path} is not as Sluice wrote it:`;
  throw new CommandError(EXIT.usage, [message, ...listed(issues)].join('\n'), {
    hint: isNewer ? hint : 'Fetch it again: sluice verdict <release> -o bundle.json',
  });
}

function listed(issues: readonly z.core.$ZodIssue[]): readonly string[] {
  const lines = issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const at = issue.path.map((key) => `/${String(key)}`).join('');
    if (keys.length > 0) return keys.map((key) => `  ${at}/${key} is not known.`);
    return issue.input === undefined ? `  ${at} is missing.` : `  ${at}: ${issue.message}.`;
  });
  const more = lines.length - MOST_SAID;
  return more > 0 ? [...lines.slice(0, MOST_SAID), `  and ${more} more.`] : lines;
}

function fieldOf(document: unknown, name: string): unknown {
  return typeof document === 'object' && document !== null && name in document
    ? (document as Record<string, unknown>)[name] // It has the name.
    : undefined;
}
