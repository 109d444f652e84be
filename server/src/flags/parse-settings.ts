import type { Prerequisite, Serve, Split, Target } from '@sluice/sdk/evaluation';
import { z } from 'zod';
import { pointer, type Problem } from '../kernel/errors.js';
import { addProblems, parseEach, parsePart } from '../kernel/parse.js';
import { FULL_SHARE } from '../kernel/share.js';
import { fullAllowance, parseClauses } from '../segments/index.js';
import type { FlagRule, FlagSettings } from './flag.js';
import {
  looseRuleSchema,
  MAX_PREREQUISITES,
  MAX_RULES,
  MAX_TARGETS,
  prerequisiteSchema,
  serveSchema,
  serveSplitSchema,
  serveVariationSchema,
  targetSchema,
} from './settings-schema.js';

/** What of a flag's settings its owner may write. */
export type SettingsContent = Omit<FlagSettings, 'version' | 'updatedAt'>;

/** The content of settings, as it can be put back another day. */
export function contentOf(settings: SettingsContent): SettingsContent {
  const { on, offVariation, defaultServe, targets, rules, prerequisites } = settings;
  return { on, offVariation, defaultServe, targets, rules, prerequisites };
}

type Read<T> = (value: unknown, at: string) => T | undefined;

/**
 * Reads a flag's settings as far as they are sound; what is wrong in shape goes to the problems. With `before` it is
 * an edit: fields that are not given stay as they were, unlooked at. Rules without an id get one from `nextId`.
 */
export function parseSettings(
  body: unknown,
  nextId: () => string,
  problems: Problem[],
  before?: SettingsContent,
): SettingsContent {
  const kept = before ?? NOTHING;
  const fields = parsePart(settingsFrame, body, '', problems);
  if (fields === undefined) return kept;
  const field = <T>(name: keyof SettingsContent, fallback: T, read: Read<T>): T => {
    if (before !== undefined && !Object.hasOwn(fields, name)) return fallback;
    const parsed = read(fields[name], pointer('', name));
    return parsed === undefined ? fallback : parsed;
  };
  const part =
    <T>(schema: z.ZodType<T>): Read<T> =>
    (value, at) =>
      parsePart(schema, value, at, problems);
  const each =
    <T>(max: number, read: Read<T>): Read<readonly T[]> =>
    (input, at) =>
      parseEach({ input, at, max }, problems, read);
  return {
    on: field('on', kept.on, part(z.boolean())),
    offVariation: field('offVariation', kept.offVariation, part(z.string().nullable())),
    defaultServe: field('defaultServe', kept.defaultServe, (value, at) =>
      value === null ? null : parseServe(value, at, problems),
    ),
    targets: field('targets', kept.targets, each<Target>(MAX_TARGETS, part(targetSchema))),
    rules: field('rules', kept.rules, each(MAX_RULES, ruleReader(nextId, problems))),
    prerequisites: field(
      'prerequisites',
      kept.prerequisites,
      each<Prerequisite>(MAX_PREREQUISITES, part(prerequisiteSchema)),
    ),
  };
}

/**
 * Reads some fields of a flag's settings; what is wrong in shape goes to the problems, under `at`. What names other
 * things is judged where it is stored.
 */
export function parseSettingsFields(
  body: object,
  { at, nextId }: { readonly at: string; readonly nextId: () => string },
  problems: Problem[],
): Partial<SettingsContent> {
  const found: Problem[] = [];
  const content = parseSettings(body, nextId, found, NOTHING);
  addProblems(
    problems,
    found.map((problem) => ({ ...problem, pointer: at + problem.pointer })),
  );
  return Object.fromEntries(Object.entries(content).filter(([name]) => Object.hasOwn(body, name)));
}

const NOTHING: SettingsContent = {
  on: false,
  offVariation: null,
  defaultServe: null,
  targets: [],
  rules: [],
  prerequisites: [],
};

const settingsFrame = z
  .strictObject({
    on: z.unknown(),
    offVariation: z.unknown(),
    defaultServe: z.unknown(),
    targets: z.unknown(),
    rules: z.unknown(),
    prerequisites: z.unknown(),
  })
  .partial();

function ruleReader(nextId: () => string, problems: Problem[]): Read<FlagRule> {
  const allowance = fullAllowance();
  return (item, at) => {
    const rule = parsePart(looseRuleSchema, item, at, problems);
    if (rule === undefined) return undefined;
    const serve = parseServe(rule.serve, pointer(at, 'serve'), problems);
    const clauses = parseClauses(rule.clauses, pointer(at, 'clauses'), problems, allowance);
    return serve && { id: rule.id ?? nextId(), description: rule.description, clauses, serve };
  };
}

/** Of the two forms a serve may have, the one begun tells best what is wrong with it. */
function parseServe(input: unknown, at: string, problems: Problem[]): Serve | undefined {
  const begun = typeof input === 'object' && input !== null ? input : {};
  const [isVariation, isSplit] = [Object.hasOwn(begun, 'variation'), Object.hasOwn(begun, 'split')];
  const form = isVariation === isSplit ? serveSchema : isSplit ? serveSplitSchema : serveVariationSchema;
  // An optional field that is absent and one that is undefined are the same to JSON.
  return parsePart<unknown>(form, input, at, problems) as Serve | undefined;
}

/** What is wrong with settings beyond their shape, as the flag's own variations tell. */
export function settingsProblems(settings: SettingsContent, variationKeys: ReadonlySet<string>): readonly Problem[] {
  const problems: Problem[] = [];
  const requireVariation = (key: string, at: string): void => {
    if (variationKeys.has(key)) return;
    const message = `The flag has no variation "${key}"; it has ${[...variationKeys].join(', ')}.`;
    problems.push({ pointer: at, code: 'VARIATION_UNKNOWN', message });
  };
  const checkServe = (serve: Serve, at: string): void => {
    if ('variation' in serve) requireVariation(serve.variation, pointer(at, 'variation'));
    else problems.push(...splitProblems(serve.split, pointer(at, 'split'), requireVariation)); // at most 100 shares
  };
  if (settings.offVariation !== null) requireVariation(settings.offVariation, '/offVariation');
  if (settings.defaultServe !== null) checkServe(settings.defaultServe, '/defaultServe');
  settings.rules.forEach(({ serve }, index) => checkServe(serve, pointer('/rules', index, 'serve')));
  settings.targets.forEach(({ variation }, index) =>
    requireVariation(variation, pointer('/targets', index, 'variation')),
  );
  const ruleIds = settings.rules.map(({ id }, index) => [id, pointer('/rules', index, 'id')] as const);
  const targeted = settings.targets.flatMap(({ values }, index) =>
    values.map((value, place) => [value, pointer('/targets', index, 'values', place)] as const),
  );
  return [
    ...problems,
    ...repeated(ruleIds, 'Another rule has the id'),
    ...repeated(targeted, 'Another target names the key'),
  ];
}

function splitProblems(
  { shares, fallback }: Split,
  split: string,
  requireVariation: (key: string, at: string) => void,
): readonly Problem[] {
  if (fallback !== undefined) requireVariation(fallback, pointer(split, 'fallback'));
  const at = pointer(split, 'shares');
  shares.forEach(({ variation }, index) => requireVariation(variation, pointer(at, index, 'variation')));
  const twice = repeated(
    shares.map(({ variation }, index) => [variation, pointer(at, index, 'variation')]),
    'The split names the variation',
  );
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  if (total === FULL_SHARE) return twice;
  const message = `The shares add up to ${total}; they must be ${FULL_SHARE} (100 %) together.`;
  return [...twice, { pointer: at, code: 'SHARES_INCOMPLETE', message }];
}

function repeated(items: readonly (readonly [key: string, at: string])[], complaint: string): readonly Problem[] {
  const seen = new Set<string>();
  // flatMap passes over the holes that malformed items leave.
  return items.flatMap(([key, at]): readonly Problem[] => {
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ pointer: at, code: 'NAMED_TWICE', message: `${complaint} "${key}" too; it may stand once.` }];
  });
}
