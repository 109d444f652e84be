import { type Problem, refuseWith } from '../kernel/errors.js';
import { addProblems, parseInput, parsePart } from '../kernel/parse.js';
import type { OwnedRule, ParallelRun } from './parallel-run.js';
import {
  ownershipSchema,
  resetSchema,
  ruleEffectSchema,
  runDraftSchema,
  runEditSchema,
  settingsEditSchema,
  shareEditSchema,
} from './parallel-run-schema.js';
import type { RunSettingsContent } from './run-settings.js';

/** What of a run its owner may write. */
export type RunContent = Pick<ParallelRun, 'name' | 'description' | 'owner' | 'dueAt'>;

/** Tells what is wrong with a rule beyond its shape; undefined: nothing. */
export type ComplainOfRule = (rule: OwnedRule) => string | undefined;

/** Tells the variations of a flag; undefined: there is no such flag. */
export type VariationsOf = (flag: string) => readonly string[] | undefined;

/** Reads the body that creates a run; throws `invalid` with every problem. */
export function parseRunDraft(body: unknown): RunContent & Pick<ParallelRun, 'key'> {
  const { name, dueAt, ...draft } = parseInput(runDraftSchema, body, 'parallel run');
  return { ...draft, name: name ?? draft.key, dueAt: toDate(dueAt) };
}

/** Applies an edit to a run: fields given replace, others stay. Throws `invalid` with every problem. */
export function applyRunEdit(before: RunContent, body: unknown): RunContent {
  const edit = parseInput(runEditSchema, body, 'parallel run');
  return {
    name: edit.name ?? before.name,
    description: edit.description ?? before.description,
    owner: edit.owner === undefined ? before.owner : edit.owner,
    dueAt: edit.dueAt === undefined ? before.dueAt : toDate(edit.dueAt),
  };
}

/** Applies an edit to settings: fields given replace, others stay. Throws `invalid` with every problem. */
export function applySettingsEdit(
  before: RunSettingsContent,
  body: unknown,
  variationsOf: VariationsOf,
): RunSettingsContent {
  const problems: Problem[] = [];
  const edit = parsePart(settingsEditSchema, body, '', problems);
  addProblems(problems, serveProblems(edit?.runner?.serve ?? null, variationsOf));
  refuseWith(problems, 'settings');
  return {
    ...before,
    demand: { ...before.demand, ...given(edit?.demand) },
    runner: { ...before.runner, ...given(edit?.runner) },
  };
}

/** Reads a new share; throws `invalid`. */
export function parseShareEdit(body: unknown): number {
  return parseInput(shareEditSchema, body, 'share').share;
}

/** Reads why evidence is to begin anew; throws `invalid`. */
export function parseReset(body: unknown): string {
  return parseInput(resetSchema, body, 'reset').reason;
}

/** Reads a new rule; throws `invalid` with every problem. */
export function parseRuleDraft(
  body: unknown,
  { id, now }: { readonly id: string; readonly now: Date },
  complain: ComplainOfRule,
): OwnedRule {
  const problems: Problem[] = [];
  const [ownerPart, effectPart] = partition(body);
  const ownership = parsePart(ownershipSchema, ownerPart, '', problems);
  const effect = parsePart(ruleEffectSchema, effectPart, '', problems);
  if (ownership?.expiresAt && new Date(ownership.expiresAt) <= now) {
    problems.push({ pointer: '/expiresAt', code: 'EXPIRY_PASSED', message: 'must be in the future' });
  }
  const expiresAt = toDate(ownership?.expiresAt ?? null)?.toISOString() ?? null;
  const rule = { ...effect, ...ownership, expiresAt, id, createdAt: now.toISOString() } as unknown as OwnedRule;
  if (effect !== undefined) addProblems(problems, ruleProblems(rule, complain));
  refuseWith(problems, 'rule');
  // Without problems there are both parts, and absent fields are the same as undefined ones to JSON.
  return rule;
}

/** Reads what a rule would do, before anybody owns it; throws `invalid` with every problem. */
export function parseRuleEffect(body: unknown, complain: ComplainOfRule): OwnedRule {
  const problems: Problem[] = [];
  const effect = parsePart(ruleEffectSchema, body, '', problems);
  const rule = {
    ...effect,
    id: 'price',
    owner: '',
    reason: '',
    expiresAt: null,
    createdAt: '',
  } as unknown as OwnedRule;
  if (effect !== undefined) addProblems(problems, ruleProblems(rule, complain));
  refuseWith(problems, 'rule');
  // Without problems there is an effect.
  return rule;
}

function ruleProblems(rule: OwnedRule, complain: ComplainOfRule): readonly Problem[] {
  const message = complain(rule);
  return message === undefined ? [] : [{ pointer: '', code: 'RULE_UNSOUND', message }];
}

function serveProblems(
  serve: { readonly flag: string; readonly variation: string } | null,
  variationsOf: VariationsOf,
): readonly Problem[] {
  if (serve === null) return [];
  const variations = variationsOf(serve.flag);
  if (variations === undefined) {
    const message = `The project has no flag "${serve.flag}".`;
    return [{ pointer: '/runner/serve/flag', code: 'FLAG_UNKNOWN', message }];
  }
  if (variations.includes(serve.variation)) return [];
  const message = `The flag has no variation "${serve.variation}"; it has ${variations.join(', ')}.`;
  return [{ pointer: '/runner/serve/variation', code: 'VARIATION_UNKNOWN', message }];
}

/** Whose rule it is, and all else. What is no object is looked at as what it does. */
function partition(body: unknown): readonly [ownership: object, effect: unknown] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [{}, body];
  const isOwnership = (key: string): boolean => Object.hasOwn(ownershipSchema.shape, key);
  const entries = Object.entries(body);
  return [
    Object.fromEntries(entries.filter(([key]) => isOwnership(key))),
    Object.fromEntries(entries.filter(([key]) => !isOwnership(key))),
  ];
}

/** Fields that are there; absent and undefined are the same to JSON. */
function given<T extends object>(edit: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // What is left has no undefined.
  return Object.fromEntries(Object.entries(edit ?? {}).filter(([, value]) => value !== undefined)) as never;
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
