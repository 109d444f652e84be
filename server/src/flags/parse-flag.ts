import type { FlagType, JsonValue, Variation } from '@sluice/sdk/evaluation';
import type { z } from 'zod';
import { pointer, type Problem, refuseWith } from '../kernel/errors.js';
import { addProblems, parsePart } from '../kernel/parse.js';
import type { Flag } from './flag.js';
import { flagDraftSchema, flagEditSchema } from './flag-schema.js';

/** What of a flag its owner may write. */
export type FlagContent = Pick<
  Flag,
  'name' | 'description' | 'tags' | 'owner' | 'purpose' | 'dueAt' | 'variations' | 'metadata'
>;

const ON_OFF: readonly Variation[] = [
  { key: 'on', value: true },
  { key: 'off', value: false },
];

/** Reads the body that creates a flag; throws `invalid` with every problem. */
export function parseFlagDraft(body: unknown): FlagContent & Pick<Flag, 'key' | 'type'> {
  const problems: Problem[] = [];
  const draft = parsePart(flagDraftSchema, body, '', problems);
  const variations = draft?.variations ?? (draft?.type === 'boolean' ? ON_OFF : undefined);
  if (draft !== undefined && variations === undefined) {
    const message = `A ${draft.type} flag needs its variations: [{ "key": …, "value": … }, …].`;
    problems.push({ pointer: '/variations', code: 'VARIATIONS_MISSING', message });
  }
  const type = draft?.type ?? typeOf(body);
  if (type !== undefined) addProblems(problems, variationProblems(type, variations ?? variationsOf(body)));
  refuseWith(problems, 'flag');
  // Without problems there are a draft and variations.
  const sound = draft as z.output<typeof flagDraftSchema>;
  return {
    ...sound,
    name: sound.name ?? sound.key,
    dueAt: toDate(sound.dueAt),
    variations: variations as readonly Variation[],
  };
}

/** Applies an edit to a flag: fields given replace, others stay. What is wrong goes to the problems. */
export function applyFlagEdit(before: Flag, body: unknown, problems: Problem[]): FlagContent {
  const edit = parsePart(flagEditSchema, body, '', problems) ?? {};
  const variations = edit.variations ?? before.variations;
  addProblems(problems, variationProblems(before.type, edit.variations ?? variationsOf(body)));
  return {
    name: edit.name ?? before.name,
    description: edit.description ?? before.description,
    tags: edit.tags ?? before.tags,
    owner: edit.owner === undefined ? before.owner : edit.owner,
    purpose: edit.purpose ?? before.purpose,
    dueAt: edit.dueAt === undefined ? before.dueAt : toDate(edit.dueAt),
    variations,
    metadata: edit.metadata ?? before.metadata,
  };
}

function variationProblems(type: FlagType, variations: unknown): readonly Problem[] {
  if (!Array.isArray(variations)) return [];
  const seen = new Set<unknown>();
  return variations.flatMap((variation: unknown, index): readonly Problem[] => {
    if (typeof variation !== 'object' || variation === null) return [];
    const { key, value } = variation as { key?: unknown; value?: JsonValue };
    const problems: Problem[] = [];
    if (typeof key === 'string' && seen.has(key)) {
      const message = `There is another variation "${key}"; keys must differ.`;
      problems.push({ pointer: pointer('/variations', index, 'key'), code: 'VARIATION_TWICE', message });
    }
    seen.add(key);
    if (value !== undefined && !fits(type, value)) {
      const message = `A ${type} flag's value must be ${EXPECTED[type]}.`;
      problems.push({ pointer: pointer('/variations', index, 'value'), code: 'VALUE_TYPE', message });
    }
    return problems;
  });
}

const EXPECTED: Readonly<Record<FlagType, string>> = {
  boolean: 'true or false',
  string: 'a text',
  number: 'a number',
  json: 'an object or an array',
};

function fits(type: FlagType, value: JsonValue): boolean {
  return type === 'json' ? typeof value === 'object' && value !== null : typeof value === type;
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

function typeOf(body: unknown): FlagType | undefined {
  const type = typeof body === 'object' && body !== null ? (body as { type?: unknown }).type : undefined;
  return typeof type === 'string' && Object.hasOwn(EXPECTED, type) ? (type as FlagType) : undefined;
}

function variationsOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null ? (body as { variations?: unknown }).variations : undefined;
}
