import { z } from 'zod';
import { pointer, type Problem, refuseWith } from '../kernel/errors.js';
import { FLAG_KEY, RESOURCE_KEY } from '../kernel/key.js';
import type { Json } from '../kernel/json.js';
import { parsePart } from '../kernel/parse.js';
import { parseSettingsFields, settingsEditSchema } from '../flags/index.js';
import { type ReleaseChange, subjectOfChange } from './release.js';

/** What asks for a release. */
export interface ReleaseDraft {
  readonly project: string;
  readonly environment: string;
  readonly name: string;
  readonly description: string;
  readonly changes: readonly DraftChange[];
  readonly policy: string;
  readonly arguments: Readonly<Record<string, Json>>;
  readonly start: boolean;
  readonly scheduledAt: Date | null;
  /** Why builds that were rolled back are tried again; null: they are refused. */
  readonly overrideRejection: string | null;
}

/** As a ReleaseChange, where a digest may be left for the version to say. */
export type DraftChange =
  | Exclude<ReleaseChange, { kind: 'service' }>
  | (Omit<Extract<ReleaseChange, { kind: 'service' }>, 'digest'> & { digest?: string });

const key = z.string().regex(RESOURCE_KEY, 'must be a key: 1 to 64 small letters, digits and "-"');
export const releaseChangeSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('flag'),
      flag: z.string().regex(FLAG_KEY, 'must be the key of a flag'),
      edit: settingsEditSchema.optional().describe('Settings to replace, for everybody from the start'),
      ramp: z
        .strictObject({
          variation: z.string().min(1).max(200).describe('What the share is given'),
          rule: z
            .string()
            .min(1)
            .max(100)
            .optional()
            .describe('Id of the rule that is ramped; absent: the default serve'),
          bucketBy: z.string().min(1).max(200).optional(),
        })
        .optional()
        .describe('Absent: the edit alone'),
      retireAfterDays: z
        .int()
        .min(0)
        .max(365)
        .optional()
        .describe('Sets the flag’s due date once it is released; absent: its due date stays'),
    }),
    z.strictObject({
      kind: z.literal('service'),
      service: key,
      version: z.string().min(1).max(200),
      digest: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/u, 'must be sha256: and 64 hexadecimal digits')
        .optional()
        .describe('Absent: that of the version, as it was reported'),
    }),
    z.strictObject({
      kind: z.literal('parallelRun'),
      run: key.describe('Its calls are sampled as the steps of the policy say'),
    }),
  ])
  .meta({ id: 'ReleaseChange' });

export const releaseDraftSchema = z
  .strictObject({
    project: key,
    environment: key,
    name: z.string().min(1).max(200).optional().describe('Absent: made of the changes'),
    description: z.string().max(5_000).default(''),
    changes: z.array(releaseChangeSchema).min(1).max(50),
    policy: key.default('standard').describe('A policy of the project, or a preset'),
    arguments: z.record(z.string(), z.json()).default({}).describe('For the policy’s parameters'),
    start: z.boolean().default(false).describe('Start it at once'),
    scheduledAt: z.iso.datetime({ offset: true }).optional().describe('Start it then'),
    overrideRejection: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe('Why builds that were rolled back here are tried again'),
  })
  .meta({ id: 'ReleaseDraft' });

type Parsed = z.infer<typeof releaseDraftSchema>;

interface Surroundings {
  readonly now: Date;
  /** A hash of content, hexadecimal. */
  readonly hash: (content: unknown) => string;
}

/** Reads what asks for a release; throws `invalid` with every problem. */
export function parseReleaseDraft(body: unknown, { now, hash }: Surroundings): ReleaseDraft {
  const problems: Problem[] = [];
  const parsed = parsePart(releaseDraftSchema, body, '', problems);
  const changes = (parsed?.changes ?? []).map((change, index) =>
    readChange(change, { at: pointer('/changes', index), hash }, problems),
  );
  problems.push(...repeated(changes));
  if (parsed?.scheduledAt !== undefined) {
    if (parsed.start) {
      const message = 'say either "start" or "scheduledAt"';
      problems.push({ pointer: '/scheduledAt', code: 'START_TWICE', message });
    } else if (new Date(parsed.scheduledAt) <= now) {
      problems.push({ pointer: '/scheduledAt', code: 'PAST', message: 'must lie in the future' });
    }
  }
  refuseWith(problems, 'release');
  // Without problems there is a draft.
  const draft = parsed as Parsed;
  return {
    ...draft,
    // What zod calls JSON is ours too.
    arguments: draft.arguments,
    name: draft.name ?? nameOf(changes),
    changes,
    scheduledAt: draft.scheduledAt === undefined ? null : new Date(draft.scheduledAt),
    overrideRejection: draft.overrideRejection ?? null,
  };
}

function readChange(
  change: Parsed['changes'][number],
  { at, hash }: { readonly at: string; readonly hash: Surroundings['hash'] },
  problems: Problem[],
): DraftChange {
  if (change.kind === 'service') {
    const { digest, ...rest } = change;
    return digest === undefined ? rest : { ...rest, digest };
  }
  if (change.kind === 'parallelRun') return change;
  const { kind, flag, retireAfterDays } = change;
  if (change.ramp === undefined && Object.keys(change.edit ?? {}).length === 0) {
    const message = 'changes nothing: say an "edit", a "ramp" or both';
    problems.push({ pointer: at, code: 'CHANGES_NOTHING', message });
  }
  const nextId = idsOf(change, hash);
  const edit = parseSettingsFields(change.edit ?? {}, { at: pointer(at, 'edit'), nextId }, problems);
  const flagChange = { kind, flag, edit, ...(retireAfterDays === undefined ? {} : { retireAfterDays }) };
  if (change.ramp === undefined) return flagChange;
  const { variation, rule, bucketBy } = change.ramp;
  const ramp = {
    variation,
    ...(rule === undefined ? {} : { rule }),
    ...(bucketBy === undefined ? {} : { bucketBy }),
  };
  return { ...flagChange, ramp };
}

/** Ids for rules that have none: the same for the same change, so that asking again asks for the same. */
function idsOf(change: object, hash: Surroundings['hash']): () => string {
  let count = 0;
  return () => hash({ change, rule: (count += 1) }).slice(0, 32);
}

function repeated(changes: readonly DraftChange[]): readonly Problem[] {
  const seen = new Set<string>();
  return changes.flatMap((change, index) => {
    const subject = subjectOfDraft(change);
    if (!seen.has(subject)) {
      seen.add(subject);
      return [];
    }
    const message = `Another change is of ${subject} too; a release has one of each, with its edit and its ramp.`;
    return [{ pointer: pointer('/changes', index), code: 'NAMED_TWICE', message }];
  });
}

function subjectOfDraft(change: DraftChange): string {
  return subjectOfChange(change.kind === 'service' ? { ...change, digest: '' } : change);
}

function nameOf(changes: readonly DraftChange[]): string {
  const [first, ...rest] = changes.map(nameOfChange);
  return rest.length === 0 ? (first ?? 'release') : `${first} and ${rest.length} more`;
}

function nameOfChange(change: DraftChange): string {
  switch (change.kind) {
    case 'flag':
      return change.flag;
    case 'service':
      return `${change.service} ${change.version}`;
    case 'parallelRun':
      return change.run;
  }
}
