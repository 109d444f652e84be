import type { z } from 'zod';
import { pointer, type Problem, refuseWith } from './errors.js';

/**
 * Parses a part of an input by its shape. What does not fit is added to the problems, under the part's pointer, and
 * undefined is returned, so that the rest can still be looked at.
 */
export function parsePart<T>(schema: z.ZodType<T>, value: unknown, at: string, problems: Problem[]): T | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const path = issue.path.map((token) => (typeof token === 'symbol' ? token.toString() : token));
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        problems.push({
          pointer: pointer(at, ...path, key),
          code: 'UNKNOWN_FIELD',
          message: `"${key}" is not a field here.`,
        });
      }
    } else {
      problems.push({ pointer: pointer(at, ...path), code: 'SHAPE', message: issue.message });
    }
  }
  return undefined;
}

/** Parses a whole input by its shape alone; throws `invalid` with every problem. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const problems: Problem[] = [];
  const parsed = parsePart(schema, value, '', problems);
  refuseWith(problems, what);
  // Without problems there is a value.
  return parsed as T;
}
