import { limitOf, MAX_TOTAL_WEIGHT } from './bucket.js';
import type { CompiledClause } from './clause.js';
import { compileRules, type SourceRule } from './compile-clause.js';
import { type FlagSource, readFlag } from './flag-source.js';
import { hashPrefix, type HashPrefix } from './murmur3.js';
import { isAttributes, parseAttribute, type AttributePath, type Attributes } from './read-attribute.js';
import type { ErrorCode, Evaluation, Reason } from './reason.js';
import type { FlagMetadata, FlagType, JsonValue } from './snapshot.js';

/** A flag made ready: what it serves is looked up, never built. It knows other flags and segments by key only. */
export interface CompiledFlag {
  /** False while nobody has asked for it: only the origin counts then, and all the rest is put in when somebody does. */
  readonly isCompiled: boolean;
  /** As it came: the same object or text needs no second compilation. Set to the newest of them, lest old texts be kept. */
  origin: FlagSource;
  /** The object it was compiled from. */
  readonly source: Attributes;
  /** As the source says, whatever that is. */
  readonly type: FlagType | undefined;
  readonly isOn: boolean;
  readonly metadata: FlagMetadata;
  /** What every context is served, where targets, rules and prerequisites have no say. */
  readonly always: CompiledServe | undefined;
  readonly prerequisites: readonly CompiledPrerequisite[];
  /** Served when a prerequisite is not met. */
  readonly unmet: Evaluation;
  readonly targets: ReadonlyMap<unknown, Evaluation> | undefined;
  readonly rules: CompiledClause<CompiledServe> | undefined;
  readonly otherwise: CompiledServe;
  /** What each rule of the source serves; empty where a target is malformed. */
  readonly ruleServes: readonly CompiledServe[];
  /** Errors answered so far, so that each is made once. */
  failures: Map<string, Evaluation> | undefined;
}

export interface CompiledPrerequisite {
  readonly flag: string;
  readonly variations: ReadonlySet<unknown>;
}

/** One answer, or one of several by bucket. */
export type CompiledServe = Evaluation | CompiledSplit;

export interface CompiledSplit {
  readonly reason: undefined;
  readonly problem: undefined;
  /** Undefined: the targetingKey. */
  readonly bucketBy: AttributePath | undefined;
  readonly seed: HashPrefix;
  /** Answer `i` is given to hashes just below limit `i` and not below the one before; the last to all the rest. */
  readonly limits: readonly number[];
  readonly answers: readonly Evaluation[];
  /** For contexts with nothing to hash; undefined: an error. */
  readonly fallback: Evaluation | undefined;
}

const NO_METADATA: FlagMetadata = Object.freeze({});
const MALFORMED = 'A target or rule of the flag is malformed; correct it, or update the SDK.';

/** The answer for a key that the snapshot does not have. */
export const FLAG_NOT_FOUND = answer(
  undefined,
  undefined,
  'ERROR',
  NO_METADATA,
  'FLAG_NOT_FOUND',
  'There is no flag of this key.',
);

/** Answers the flag's own error evaluation of this code and message: value and variant are undefined. */
export function failure(flag: CompiledFlag, errorCode: ErrorCode, errorMessage: string): Evaluation {
  flag.failures ??= new Map<string, Evaluation>();
  const known = flag.failures.get(errorMessage);
  if (known !== undefined) return known;
  const made = answer(undefined, undefined, 'ERROR', flag.metadata, errorCode, errorMessage);
  flag.failures.set(errorMessage, made);
  return made;
}

/**
 * Reads and compiles one flag; never throws. A malformed flag answers PARSE_ERROR; a malformed target, rule or
 * serve spoils only the evaluations that reach it (GENERAL).
 */
export function compileFlag(origin: FlagSource, key: string): CompiledFlag {
  const source = readFlag(origin) as unknown as Attributes; // safe: what it has is looked at before it is used
  try {
    const type = source['type'] as FlagType | undefined; // safe: it is compared with types, no more
    return compileReadable({ origin, source, type }, key) ?? malformed({ origin, source, type });
  } catch {
    return malformed({ origin, source, type: undefined }); // a getter that throws: nothing JSON could hold
  }
}

/**
 * A flag that is to be compiled when somebody asks for it: an object of the same shape, so that evaluation, which meets
 * both, need not tell them apart before it has looked at `always`, and it can be filled in place.
 */
export function pendingFlag(origin: FlagSource): CompiledFlag {
  return {
    isCompiled: false,
    origin,
    source: NO_METADATA,
    type: undefined,
    isOn: false,
    metadata: NO_METADATA,
    always: undefined,
    prerequisites: NOTHING,
    unmet: FLAG_NOT_FOUND,
    targets: undefined,
    rules: undefined,
    otherwise: FLAG_NOT_FOUND,
    ruleServes: NOTHING,
    failures: undefined,
  };
}

type FlagHead = Pick<CompiledFlag, 'origin' | 'source' | 'type'>;

function malformed(head: FlagHead): CompiledFlag {
  const message = 'The flag is malformed; correct it, or update the SDK.';
  const constant = answer(undefined, undefined, 'ERROR', NO_METADATA, 'PARSE_ERROR', message);
  return constantFlag(head, true, NO_METADATA, constant);
}

function constantFlag(
  { origin, source, type }: FlagHead,
  isOn: boolean,
  metadata: FlagMetadata,
  constant: Evaluation,
): CompiledFlag {
  return {
    isCompiled: true,
    origin,
    source,
    type,
    isOn,
    metadata,
    always: constant,
    prerequisites: NOTHING,
    unmet: constant,
    targets: undefined,
    rules: undefined,
    otherwise: constant,
    ruleServes: NOTHING,
    failures: undefined,
  };
}

const NOTHING: readonly never[] = [];

function compileReadable(head: FlagHead, key: string): CompiledFlag | undefined {
  const { origin, source, type } = head;
  const { on, variations, offVariation, defaultServe, targets = NOTHING, rules = NOTHING } = source;
  const { prerequisites = NOTHING } = source;
  if (typeof on !== 'boolean' || !Array.isArray(variations)) return undefined;
  if (!Array.isArray(targets) || !Array.isArray(rules) || !Array.isArray(prerequisites)) return undefined;

  const metadata = isAttributes(source['metadata']) ? metadataOf(source['metadata']) : NO_METADATA;
  const flag: FlagParts = { key, variations, metadata };
  if (!on) return constantFlag(head, false, metadata, serveVariation(flag, offVariation, 'DISABLED'));

  const isStatic = targets.length === 0 && rules.length === 0 && prerequisites.length === 0;
  const otherwise =
    defaultServe === undefined
      ? serveVariation(flag, undefined, 'DEFAULT')
      : compileServe(flag, defaultServe, isStatic ? 'STATIC' : 'DEFAULT');
  if (isStatic && otherwise.reason !== undefined) return constantFlag(head, true, metadata, otherwise);

  const compiledPrerequisites = prerequisites.map(compilePrerequisite).filter((compiled) => compiled !== undefined);
  if (compiledPrerequisites.length !== prerequisites.length) return undefined;
  const compiledTargets = compileTargets(flag, targets);
  const sourceRules = compiledTargets.isReadable ? rules.map((rule) => ruleOf(flag, rule)) : NOTHING;
  return {
    isCompiled: true,
    origin,
    source,
    type,
    isOn: true,
    metadata,
    always: isStatic ? otherwise : undefined,
    prerequisites: compiledPrerequisites,
    unmet: prerequisites.length === 0 ? FLAG_NOT_FOUND : serveVariation(flag, offVariation, 'DEFAULT'),
    targets: compiledTargets.answers,
    rules: compileRules(compiledTargets.isReadable ? sourceRules : [malformedRule(flag)], 'rule'),
    otherwise,
    ruleServes: sourceRules.map(({ outcome }) => outcome),
    failures: undefined,
  };
}

/** What answers are made of. */
interface FlagParts {
  readonly key: string;
  readonly variations: readonly unknown[];
  readonly metadata: FlagMetadata;
}

/** The wire's metadata is handed on unchanged, and frozen since all callers share it. */
function metadataOf(metadata: Attributes): FlagMetadata {
  return Object.freeze(metadata as FlagMetadata); // safe: no evaluation looks into it
}

/** Whom a malformed target names cannot be known: whoever no earlier target names meets a malformed rule. */
function compileTargets(
  flag: FlagParts,
  targets: readonly unknown[],
): { readonly answers: ReadonlyMap<unknown, Evaluation> | undefined; readonly isReadable: boolean } {
  if (targets.length === 0) return { answers: undefined, isReadable: true };
  const answers = new Map<unknown, Evaluation>();
  for (const target of targets) {
    if (!isAttributes(target) || !Array.isArray(target['values'])) return { answers, isReadable: false };
    const served = serveVariation(flag, target['variation'] ?? null, 'TARGETING_MATCH');
    for (const value of target['values'] as readonly unknown[]) {
      if (typeof value === 'string' && !answers.has(value)) answers.set(value, served);
    }
  }
  return { answers, isReadable: true };
}

function compilePrerequisite(prerequisite: unknown): CompiledPrerequisite | undefined {
  if (!isAttributes(prerequisite)) return undefined;
  const { flag, variations } = prerequisite;
  return typeof flag === 'string' && Array.isArray(variations) ? { flag, variations: new Set(variations) } : undefined;
}

function ruleOf(flag: FlagParts, rule: unknown): SourceRule<CompiledServe> {
  const clauses: unknown = isAttributes(rule) ? rule['clauses'] : undefined;
  if (!isAttributes(rule) || !Array.isArray(clauses)) return malformedRule(flag);
  return { clauses, outcome: compileServe(flag, rule['serve'], 'TARGETING_MATCH') };
}

/** Whom it is for cannot be known: it ends the evaluation of everyone who reaches it. */
function malformedRule(flag: FlagParts): SourceRule<CompiledServe> {
  return { clauses: NOTHING, outcome: fail(flag, MALFORMED) };
}

function compileServe(flag: FlagParts, serve: unknown, reason: Reason): CompiledServe {
  if (!isAttributes(serve)) return fail(flag, 'What the flag serves is malformed; correct it, or update the SDK.');
  if (serve['split'] !== undefined) return compileSplit(flag, serve['split']);
  return serveVariation(flag, serve['variation'] ?? null, reason);
}

function compileSplit(flag: FlagParts, split: unknown): CompiledServe {
  if (!isAttributes(split) || !Array.isArray(split['shares'])) return fail(flag, 'A split of the flag is malformed.');
  const { seed = flag.key, bucketBy = 'targetingKey', shares, fallback } = split;
  const attribute = parseAttribute(bucketBy);
  if (typeof seed !== 'string' || attribute === undefined) return fail(flag, 'A split of the flag is malformed.');

  let totalWeight = 0;
  const bounds: number[] = [];
  const answers: Evaluation[] = [];
  for (const entry of shares as readonly unknown[]) {
    const weight = isAttributes(entry) ? weightOf(entry['share']) : 0;
    if (!isAttributes(entry) || weight === 0) continue;
    totalWeight += weight;
    bounds.push(totalWeight);
    answers.push(serveVariation(flag, entry['variation'] ?? null, 'SPLIT'));
  }
  if (totalWeight === 0 || totalWeight > MAX_TOTAL_WEIGHT) {
    return fail(flag, 'The shares of a split must add up to at least 1 and at most 2147483647.');
  }
  const isByTargetingKey = attribute.key === 'targetingKey';
  return {
    reason: undefined,
    problem: undefined,
    bucketBy: isByTargetingKey ? undefined : attribute,
    seed: hashPrefix(seed, 0),
    limits: bounds.slice(0, -1).map((bound) => limitOf(bound, totalWeight)),
    answers,
    fallback: fallback === undefined ? undefined : serveVariation(flag, fallback, 'DEFAULT'),
  };
}

/** Ramp arithmetic may pass 0: a share that is no positive integer weighs nothing, as in flagd. */
function weightOf(share: unknown): number {
  return typeof share === 'number' && Number.isInteger(share) && share > 0 ? share : 0;
}

/** Serves a variation; undefined leaves it to the caller's default, and one that the flag does not have is an error. */
function serveVariation(flag: FlagParts, key: unknown, reason: Reason): Evaluation {
  if (key === undefined) return answer(undefined, undefined, reason, flag.metadata, undefined, undefined);
  const variation = flag.variations.findLast((candidate) => isAttributes(candidate) && candidate['key'] === key);
  if (typeof key !== 'string' || !isAttributes(variation) || variation['value'] === undefined) {
    return fail(flag, 'The flag serves a variation that it does not have; correct the flag.');
  }
  const value = variation['value'] as JsonValue; // safe: the evaluator hands it on and never looks into it
  deepFreeze(value);
  return answer(value, key, reason, flag.metadata, undefined, undefined);
}

function fail(flag: FlagParts, errorMessage: string): Evaluation {
  return answer(undefined, undefined, 'ERROR', flag.metadata, 'GENERAL', errorMessage);
}

function answer(
  value: JsonValue | undefined,
  variant: string | undefined,
  reason: Reason,
  flagMetadata: FlagMetadata,
  errorCode: ErrorCode | undefined,
  errorMessage: string | undefined,
): Evaluation {
  return Object.freeze({ value, variant, reason, flagMetadata, errorCode, errorMessage });
}

/** Freezes a JSON value and all within, in place; each object once, so that a circle ends. */
function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const seen = new Set<unknown>([value]);
  for (const object of seen) {
    Object.freeze(object);
    for (const part of Object.values(object as object)) {
      if (typeof part === 'object' && part !== null) seen.add(part);
    }
  }
}
