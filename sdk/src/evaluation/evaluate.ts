import { orderOf } from './bucket.js';
import {
  failure,
  FLAG_NOT_FOUND,
  type CompiledFlag,
  type CompiledPrerequisite,
  type CompiledServe,
  type CompiledSplit,
} from './compile-flag.js';
import { findFlag, isTangled, type CompiledSnapshot } from './compile-snapshot.js';
import type { EvaluationContext } from './context.js';
import type { Unknown } from './match.js';
import { findOutcome } from './match-clauses.js';
import { hashAfter } from './murmur3.js';
import { isAttributes, readAttribute, readTargetingKey, type Attributes } from './read-attribute.js';
import type { Evaluation } from './reason.js';

const EMPTY: Attributes = Object.freeze({});

/**
 * Evaluates one flag for one context. Never throws, waits or keeps anything of the context; the answer is frozen and
 * shared. The first question about a flag compiles it, at some microseconds.
 * A context that is no object counts as an empty one. In order: off → off variation; a prerequisite not met → off
 * variation; targets; rules; default serve. Errors are in the answer: FLAG_NOT_FOUND, PARSE_ERROR (malformed flag),
 * TARGETING_KEY_MISSING and INVALID_CONTEXT (nothing to bucket by), GENERAL (what this SDK cannot tell).
 */
export function evaluate(
  compiled: CompiledSnapshot,
  key: string,
  context: EvaluationContext | null | undefined,
): Evaluation {
  const flag = compiled.flags.get(key);
  if (flag === undefined) return FLAG_NOT_FOUND;
  const { always } = flag;
  if (always !== undefined && always.reason !== undefined) return always;
  if (!flag.isCompiled) return evaluateFirst(compiled, key, context);
  try {
    return evaluateFlag(compiled, key, flag, isAttributes(context) ? context : EMPTY);
  } catch {
    return failure(flag, 'GENERAL', 'The context could not be read: a property of it throws.');
  }
}

/** On its own, so that whatever the first question takes is in no later one's way. */
function evaluateFirst(
  compiled: CompiledSnapshot,
  key: string,
  context: EvaluationContext | null | undefined,
): Evaluation {
  findFlag(compiled, key);
  return evaluate(compiled, key, context);
}

function evaluateFlag(compiled: CompiledSnapshot, key: string, flag: CompiledFlag, context: Attributes): Evaluation {
  if (flag.always !== undefined) return serve(flag, flag.always, context);

  if (flag.prerequisites.length > 0) {
    const unmet = checkPrerequisites(compiled, key, flag, context);
    if (unmet !== undefined) return unmet;
  }

  if (flag.targets !== undefined) {
    const target = flag.targets.get(readTargetingKey(context));
    if (target !== undefined) return target;
  }

  return serve(flag, findOutcome(flag.rules, context, compiled.segments) ?? flag.otherwise, context);
}

/** Answers what is served where a prerequisite is not met; undefined when all are. */
function checkPrerequisites(
  compiled: CompiledSnapshot,
  key: string,
  flag: CompiledFlag,
  context: Attributes,
): Evaluation | undefined {
  if (isTangled(compiled, key)) {
    return failure(flag, 'GENERAL', 'The prerequisites of flags refer to each other in a circle, or too often.');
  }
  return flag.prerequisites.every((prerequisite) => isMet(compiled, prerequisite, context)) ? undefined : flag.unmet;
}

/** Met when the flag exists, is on, and serves one of the variations; an error serves none. */
function isMet(compiled: CompiledSnapshot, prerequisite: CompiledPrerequisite, context: Attributes): boolean {
  const flag = findFlag(compiled, prerequisite.flag);
  if (flag === undefined || !flag.isOn) return false;
  const { variant } = evaluateFlag(compiled, prerequisite.flag, flag, context);
  return variant !== undefined && prerequisite.variations.has(variant);
}

/** Answers what a serve, or the reason why there is none, comes to for a context. */
export function serve(flag: CompiledFlag, served: CompiledServe | Unknown, context: Attributes): Evaluation {
  if (served.reason !== undefined) return served;
  return served.problem === undefined ? assign(flag, served, context) : failure(flag, 'GENERAL', served.problem);
}

/** Assigns a context to an answer of a split; the same value of the attribute always meets the same one. */
function assign(flag: CompiledFlag, split: CompiledSplit, context: Attributes): Evaluation {
  const value = split.bucketBy === undefined ? readTargetingKey(context) : readAttribute(context, split.bucketBy);
  const text = bucketingText(value);
  if (text === undefined || (text === '' && split.bucketBy === undefined)) return unassigned(flag, split, value);

  const order = orderOf(hashAfter(split.seed, text));
  const { limits, answers } = split;
  let index = 0;
  for (let i = 0; i < limits.length; i += 1) index += Number(order >= (limits[i] ?? 0)); // no jump to mispredict
  return answers[index] ?? FLAG_NOT_FOUND; // never the latter: there is one answer more than limits
}

/** Answers a context that has nothing to hash. */
function unassigned(flag: CompiledFlag, { bucketBy, fallback }: CompiledSplit, value: unknown): Evaluation {
  if (fallback !== undefined) return fallback;
  if (bucketBy === undefined && (value === undefined || value === null || value === '')) {
    return failure(flag, 'TARGETING_KEY_MISSING', 'The flag splits by targetingKey, and the context has none.');
  }
  return failure(
    flag,
    'INVALID_CONTEXT',
    'The flag splits by an attribute that is no string, finite number or boolean.',
  );
}

/** The text that is hashed of a value; undefined for what cannot be bucketed by. */
export function bucketingText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  return undefined;
}
