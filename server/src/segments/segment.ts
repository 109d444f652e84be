import type { Clause } from '@sluice/sdk/evaluation';
import { z } from 'zod';
import { pointer, type Problem, refuseWith } from '../kernel/errors.js';
import { RESOURCE_KEY } from '../kernel/key.js';
import { parsePart } from '../kernel/parse.js';
import { clauseSchema, parseClauses, segmentsNamed } from './clause.js';

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
const looseRules = z.array(z.unknown()).max(MAX_RULES);
const looseDraft = segmentDraftSchema.extend({ rules: looseRules.default([]) });
const looseEdit = segmentEditSchema.extend({ rules: looseRules.optional() });

/** Reads the body that creates a segment; throws `invalid` with every problem. */
export function parseSegmentDraft(body: unknown, known: SegmentGraph): SegmentContent & { readonly key: string } {
  const problems: Problem[] = [];
  const draft = parsePart(looseDraft, body, '', problems);
  const rules = parseRules(draft?.rules ?? rulesOf(body), problems);
  const key = draft?.key ?? '';
  problems.push(...referenceProblems(key, rules, known));
  refuseWith(problems, 'segment');
  // Without problems there is a draft.
  const sound = draft as NonNullable<typeof draft>;
  return { ...sound, name: sound.name ?? sound.key, rules };
}

/** Applies an edit to a segment: fields given replace, others stay. Throws `invalid` with every problem. */
export function applySegmentEdit(before: Segment, body: unknown, known: SegmentGraph): SegmentContent {
  const problems: Problem[] = [];
  const edit = parsePart(looseEdit, body, '', problems);
  const given = edit?.rules ?? rulesOf(body);
  const rules = given === undefined ? before.rules : parseRules(given, problems);
  problems.push(...referenceProblems(before.key, rules, known));
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
export type SegmentGraph = ReadonlyMap<string, readonly string[]>;

/** The graph of a project's segments. */
export function graphOf(segments: readonly Segment[]): SegmentGraph {
  return new Map(segments.map(({ key, rules }) => [key, namedIn(rules)]));
}

function namedIn(rules: readonly SegmentRule[]): readonly string[] {
  return rules.flatMap(({ clauses }) => segmentsNamed(clauses, '').map(({ key }) => key));
}

function parseRules(input: unknown, problems: Problem[]): readonly SegmentRule[] {
  if (!Array.isArray(input)) return [];
  return input.map((rule: unknown, index): SegmentRule => {
    const at = pointer('/rules', index);
    const shape = parsePart(z.strictObject({ clauses: z.unknown() }), rule, at, problems);
    return { clauses: shape === undefined ? [] : parseClauses(shape.clauses, pointer(at, 'clauses'), problems) };
  });
}

function rulesOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null ? (body as { rules?: unknown }).rules : undefined;
}

function referenceProblems(key: string, rules: readonly SegmentRule[], known: SegmentGraph): readonly Problem[] {
  return rules.flatMap(({ clauses }, index) =>
    segmentsNamed(clauses, pointer('/rules', index, 'clauses')).flatMap((named): readonly Problem[] => {
      if (named.key === key || leadsTo(named.key, key, known)) {
        const message = `Segment "${named.key}" leads back to "${key}"; a segment cannot depend on itself.`;
        return [{ pointer: named.pointer, code: 'SEGMENT_CYCLE', message }];
      }
      if (known.has(named.key)) return [];
      return [
        {
          pointer: named.pointer,
          code: 'SEGMENT_UNKNOWN',
          message: `There is no segment "${named.key}"; create it first.`,
        },
      ];
    }),
  );
}

function leadsTo(from: string, to: string, graph: SegmentGraph): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (key === to) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...(graph.get(key) ?? []));
  }
  return false;
}
