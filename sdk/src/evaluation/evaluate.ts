import { orderOf } from './bucket.js';
import {
  failure,
  FLAG_NOT_FOUND,
  type CompiledFlag,
  type CompiledPrerequisite,
  type CompiledServe,
  type CompiledSplit,
} from './compile-flag.js';
import type { CompiledSnapshot } from './compile-snapshot.js';
import type { EvaluationContext } from './context.js';
import { matchClause } from './match-clause.js';
import { matchAll } from './match-rule.js';
import { hashAfter } from './murmur3.js';
import { isAttributes, readAttribute, readTargetingKey, type Attributes } from './read-attribute.js';
import type { Evaluation } from './reason.js';

const EMPTY: Attributes = Object.freeze({});

/**
 * Evaluates one flag for one context. Never throws, waits or keeps anything; the answer is frozen and shared.
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
  try {
    return evaluateFlag(compiled, key, flag, isAttributes(context) ? context : EMPTY);
  } catch {
    return failure(flag, 'GENERAL', 'The context could not be read: a property of it throws.');
  }
}

function evaluateFlag(compiled: CompiledSnapshot, key: string, flag: CompiledFlag, context: Attributes): Evaluation {
  if (flag.always !== undefined) return serve(flag, flag.always, context);

  if (flag.prerequisites.length > 0) {
    if (compiled.tangledFlags.has(key)) {
      return failure(flag, 'GENERAL', 'The prerequisites of flags refer to each other in a circle, or too often.');
    }
    for (const prerequisite of flag.prerequisites) if (!isMet(compiled, prerequisite, context)) return flag.unmet;
  }

  if (flag.targets !== undefined) {
    const target = flag.targets.get(readTargetingKey(context));
    if (target !== undefined) return target;
  }

  for (const { only, clauses, serve: served } of flag.rules) {
    const match =
      only === undefined
        ? matchAll(clauses, context, compiled.segments)
        : matchClause(only, context, compiled.segments);
    if (match === true) return serve(flag, served, context);
    if (match !== false) return failure(flag, 'GENERAL', match.problem);
  }
  return serve(flag, flag.otherwise, context);
}

/** Met when the flag exists, is on, and serves one of the variations; an error serves none. */
function isMet(compiled: CompiledSnapshot, prerequisite: CompiledPrerequisite, context: Attributes): boolean {
  const flag = compiled.flags.get(prerequisite.flag);
  if (flag === undefined || !flag.isOn) return false;
  const { variant } = evaluateFlag(compiled, prerequisite.flag, flag, context);
  return variant !== undefined && prerequisite.variations.has(variant);
}

function serve(flag: CompiledFlag, served: CompiledServe, context: Attributes): Evaluation {
  return served.reason === undefined ? assign(flag, served, context) : served;
}

/** Assigns a context to an answer of a split; the same value of the attribute always meets the same one. */
function assign(flag: CompiledFlag, split: CompiledSplit, context: Attributes): Evaluation {
  const value = split.bucketBy === undefined ? readTargetingKey(context) : readAttribute(context, split.bucketBy);
  if (split.bucketBy === undefined && (value === undefined || value === null || value === '')) {
    return failure(flag, 'TARGETING_KEY_MISSING', 'The flag splits by targetingKey, and the context has none.');
  }
  const text = bucketingText(value);
  if (text === undefined) {
    return failure(
      flag,
      'INVALID_CONTEXT',
      'The flag splits by an attribute that is no string, finite number or boolean.',
    );
  }

  const order = orderOf(hashAfter(split.seed, text));
  const { limits, answers } = split;
  let index = 0;
  while (index < limits.length && order >= (limits[index] ?? Infinity)) index += 1;
  return answers[index] ?? FLAG_NOT_FOUND; // never the latter: there is one answer more than limits
}

function bucketingText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value);
  return undefined;
}
