import type { Prerequisite, Serve, Target } from '@sluice/sdk/evaluation';
import { z } from 'zod';
import { pointer, type Problem } from '../kernel/errors.js';
import { parsePart } from '../kernel/parse.js';
import { FULL_SHARE } from '../kernel/share.js';
import { parseClauses } from '../segments/index.js';
import type { FlagRule, FlagSettings } from './flag.js';
import { looseRuleSchema, MAX_RULES, prerequisiteSchema, serveSchema, targetSchema } from './settings-schema.js';

/** What of a flag's settings its owner may write. */
export type SettingsContent = Omit<FlagSettings, 'version' | 'updatedAt'>;

/**
 * Reads a flag's whole settings as far as they are sound; what is wrong in shape goes to the problems. Rules without
 * an id get one from `nextId`.
 */
export function parseSettings(body: unknown, nextId: () => string, problems: Problem[]): SettingsContent {
  const fields = parsePart(settingsFrame, body, '', problems) ?? {};
  const part = <T>(schema: z.ZodType<T>, value: unknown, at: string): T | undefined =>
    parsePart(schema, value, at, problems);
  return {
    on: part(z.boolean(), fields.on, '/on') ?? false,
    offVariation: part(z.string().nullable(), fields.offVariation, '/offVariation') ?? null,
    defaultServe: (part(serveSchema.nullable(), fields.defaultServe, '/defaultServe') ?? null) as Serve | null,
    targets: eachOf<Target>(targetSchema, fields.targets, '/targets', problems),
    rules: parseRules(fields.rules, nextId, problems),
    prerequisites: eachOf<Prerequisite>(prerequisiteSchema, fields.prerequisites, '/prerequisites', problems),
  };
}

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

function eachOf<T>(schema: z.ZodType<T>, input: unknown, at: string, problems: Problem[]): readonly T[] {
  const list = parsePart(z.array(z.unknown()).max(MAX_RULES), input, at, problems) ?? [];
  return list.flatMap((item, index) => parsePart(schema, item, pointer(at, index), problems) ?? []);
}

function parseRules(input: unknown, nextId: () => string, problems: Problem[]): readonly FlagRule[] {
  const list = parsePart(z.array(z.unknown()).max(MAX_RULES), input, '/rules', problems) ?? [];
  return list.flatMap((item, index): readonly FlagRule[] => {
    const at = pointer('/rules', index);
    const rule = parsePart(looseRuleSchema, item, at, problems);
    const given = rule?.clauses ?? (item as { clauses?: unknown } | null)?.clauses;
    const clauses = parseClauses(given, pointer(at, 'clauses'), problems);
    if (rule === undefined) return [];
    return [{ id: rule.id ?? nextId(), description: rule.description, clauses, serve: rule.serve as Serve }];
  });
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
    else problems.push(...splitProblems(serve.split.shares, pointer(at, 'split', 'shares'), requireVariation));
  };
  if (settings.offVariation !== null) requireVariation(settings.offVariation, '/offVariation');
  if (settings.defaultServe !== null) checkServe(settings.defaultServe, '/defaultServe');
  settings.rules.forEach(({ serve }, index) => checkServe(serve, pointer('/rules', index, 'serve')));
  settings.targets.forEach(({ variation }, index) =>
    requireVariation(variation, pointer('/targets', index, 'variation')),
  );
  problems.push(
    ...repeated(
      settings.rules.map(({ id }, index) => [id, pointer('/rules', index, 'id')]),
      'Another rule has the id',
    ),
  );
  const targeted = settings.targets.flatMap(({ values }, index) =>
    values.map((value, place): readonly [string, string] => [value, pointer('/targets', index, 'values', place)]),
  );
  problems.push(...repeated(targeted, 'Another target names the key'));
  return problems;
}

function splitProblems(
  shares: readonly { readonly variation: string; readonly share: number }[],
  at: string,
  requireVariation: (key: string, at: string) => void,
): readonly Problem[] {
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
  return items.flatMap(([key, at]): readonly Problem[] => {
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ pointer: at, code: 'NAMED_TWICE', message: `${complaint} "${key}" too; it may stand once.` }];
  });
}
