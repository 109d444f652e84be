import { type Clause, compileSnapshot } from '@sluice/sdk/evaluation';
import { z } from 'zod';
import { pointer, type Problem, refuseWith } from '../kernel/errors.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import { addProblems, parseEach, parsePart } from '../kernel/parse.js';
import { clauseSchema, fullAllowance, parseClauses, segmentsNamed } from './clause.js';
import { leadingTo, type ReferenceGraph } from './reference-graph.js';

/** A named set of contexts that flags of a project share: lists of targeting keys, and rules. */
export interface Segment {
  readonly id: string;
  readonly projectId: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  /** Targeting keys that belong, whatever else is said. */
  readonly included: readonly string[];
  /** Targeting keys that do not belong, unless included. */
  readonly excluded: readonly string[];
  /** A context belongs when all clauses of any rule match. */
  readonly rules: readonly SegmentRule[];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface SegmentRule {
  readonly clauses: readonly Clause[];
}

/** What of a segment its owner may write. */
export type SegmentContent = Pick<Segment, 'name' | 'description' | 'included' | 'excluded' | 'rules'>;

const MAX_LISTED = 100_000;
const MAX_RULES = 200;

const keyList = z
  .array(z.string().min(1).max(500))
  .max(MAX_LISTED)
  .refine((keys) => new Set(keys).size === keys.length, 'names a key twice');

const fields = {
  name: z.string().trim().min(1).max(200),
  description: z.string().max(5_000),
  included: keyList,
  excluded: keyList,
};

const ruleSchema = z.strictObject({ clauses: z.array(clauseSchema) });

export const segmentDraftSchema = z
  .strictObject({
    key: z.string().regex(RESOURCE_KEY, 'must be 1 to 64 lower-case letters, digits or dashes'),
    name: fields.name.optional(),
    description: fields.description.default(''),
    included: fields.included.default([]),
    excluded: fields.excluded.default([]),
    rules: z.array(ruleSchema).max(MAX_RULES).default([]),
  })
  .meta({ id: 'SegmentDraft' });

export const segmentEditSchema = z
  .strictObject({ ...fields, rules: z.array(ruleSchema).max(MAX_RULES) })
  .partial()
  .meta({ id: 'SegmentEdit' });

// Rules are read one by one, so that a fault in one does not hide those of another.
const looseDraft = segmentDraftSchema.extend({ rules: z.unknown().optional() });
const looseEdit = segmentEditSchema.extend({ rules: z.unknown().optional() });

/** Reads the body that creates a segment; throws `invalid` with every problem. */
export function parseSegmentDraft(body: unknown, known: ReferenceGraph): SegmentContent & { readonly key: string } {
  const problems: Problem[] = [];
  const draft = parsePart(looseDraft, body, '', problems);
  const given = rulesOf(body);
  const rules = given === undefined ? [] : parseRules(given, problems);
  const key = draft?.key ?? '';
  addProblems(problems, referenceProblems(key, rules, known));
  refuseWith(problems, 'segment');
  // Without problems there is a draft.
  const sound = draft as NonNullable<typeof draft>;
  return { ...sound, name: sound.name ?? sound.key, rules };
}

/** Applies an edit to a segment: fields given replace, others stay. Throws `invalid` with every problem. */
export function applySegmentEdit(before: Segment, body: unknown, known: ReferenceGraph): SegmentContent {
  const problems: Problem[] = [];
  const edit = parsePart(looseEdit, body, '', problems);
  const given = rulesOf(body);
  const rules = given === undefined ? before.rules : parseRules(given, problems);
  if (given !== undefined) addProblems(problems, referenceProblems(before.key, rules, known));
  refuseWith(problems, 'segment');
  return {
    name: edit?.name ?? before.name,
    description: edit?.description ?? before.description,
    included: edit?.included ?? before.included,
    excluded: edit?.excluded ?? before.excluded,
    rules,
  };
}

/** Which segments there are, and which others each one's rules name. */
export function graphOf(segments: readonly Segment[]): ReferenceGraph {
  return new Map(segments.map(({ key, rules }) => [key, namedIn(rules)]));
}

function namedIn(rules: readonly SegmentRule[]): readonly string[] {
  return rules.flatMap(({ clauses }) => segmentsNamed(clauses, '').map(({ key }) => key));
}

function parseRules(input: unknown, problems: Problem[]): readonly SegmentRule[] {
  const allowance = fullAllowance();
  return parseEach({ input, at: '/rules', max: MAX_RULES }, problems, (rule, at): SegmentRule | undefined => {
    const shape = parsePart(looseRule, rule, at, problems);
    return shape && { clauses: parseClauses(shape.clauses, pointer(at, 'clauses'), problems, allowance) };
  });
}

const looseRule = z.strictObject({ clauses: z.unknown().optional() });

function rulesOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null ? (body as { rules?: unknown }).rules : undefined;
}

function referenceProblems(key: string, rules: readonly SegmentRule[], known: ReferenceGraph): readonly Problem[] {
  const upstream = leadingTo(key, known);
  const problems = rules.flatMap(({ clauses }, index) =>
    segmentsNamed(clauses, pointer('/rules', index, 'clauses')).flatMap((named): readonly Problem[] => {
      if (upstream.has(named.key)) {
        const message = `Segment "${named.key}" leads back to "${key}"; a segment cannot depend on itself.`;
        return [{ pointer: named.pointer, code: 'SEGMENT_CYCLE', message }];
      }
      if (known.has(named.key)) return [];
      const message = `There is no segment "${named.key}"; create it first.`;
      return [{ pointer: named.pointer, code: 'SEGMENT_UNKNOWN', message }];
    }),
  );
  return problems.length > 0 ? problems : tangleProblems(new Map(known).set(key, namedIn(rules)));
}

/** Evaluators give up on references that take too many visits to follow, so they are asked. */
function tangleProblems(graph: ReferenceGraph): readonly Problem[] {
  const segments = [...graph].map(([key, values]) => {
    const clause = { attribute: '', operator: 'inSegment', values };
    return { key, included: [], excluded: [], rules: [{ clauses: [clause] }] };
  });
  const probe = { schemaVersion: 1, project: '', environment: '', revision: 0, flags: [], segments } as const;
  const [tangled] = compileSnapshot(probe).segments.tangled;
  if (tangled === undefined) return [];
  const message = `To follow the segments that "${tangled}" names, and those they name, takes more than 1 000 looks; name fewer.`;
  return [{ pointer: '/rules', code: 'SEGMENT_TANGLE', message }];
}
