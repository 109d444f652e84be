import type { z } from 'zod';
import { pointer, type Problem, refuseWith } from './errors.js';

/**
 * Parses a part of an input by its shape. What does not fit is added to the problems, under the part's pointer, and
 * undefined is returned, so that the rest can still be looked at. Fields nobody knows are a problem, but do not keep
 * the known ones from being read.
 */
export function parsePart<T>(schema: z.ZodType<T>, value: unknown, at: string, problems: Problem[]): T | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const strangers = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  if (strangers.length > 0) {
    problems.push(...strangers.map((key) => unknownField(pointer(at, key), key)));
    // Only objects have keys that are not recognised.
    const known = Object.entries(value as object).filter(([key]) => !strangers.includes(key));
    return parsePart(schema, Object.fromEntries(known), at, problems);
  }
  for (const issue of parsed.error.issues) {
    const path = issue.path.map((token) => (typeof token === 'symbol' ? token.toString() : token));
    if (issue.code === 'unrecognized_keys') {
      problems.push(...issue.keys.map((key) => unknownField(pointer(at, ...path, key), key)));
    } else {
      problems.push({ pointer: pointer(at, ...path), code: 'SHAPE', message: issue.message });
    }
  }
  return undefined;
}

function unknownField(at: string, key: string): Problem {
  return { pointer: at, code: 'UNKNOWN_FIELD', message: `"${key}" is not a field here.` };
}

/** Parses a whole input by its shape alone; throws `invalid` with every problem. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const problems: Problem[] = [];
  const parsed = parsePart(schema, value, '', problems);
  refuseWith(problems, what);
  // Without problems there is a value.
  return parsed as T;
}
