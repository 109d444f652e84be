import { z } from 'zod';
import { pointer, type Problem, refuseWith } from './errors.js';
import { shapeSentence } from './shape-sentence.js';

/** More than anyone mends at once; what is beyond shows when these are mended. */
const MAX_PROBLEMS = 1_000;

/** Text that PostgreSQL cannot hold: NUL, and halves of surrogate pairs, which have no UTF-8. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Adds to the problems found so far, as far as an answer can carry them. */
export function addProblems(problems: Problem[], found: Iterable<Problem>): void {
  for (const problem of found) {
    if (problems.length >= MAX_PROBLEMS) return;
    problems.push(problem);
  }
}

/**
 * Parses a part of an input by its shape. What does not fit is added to the problems, under the part's pointer, and
 * undefined is returned, so that the rest can still be looked at. Fields nobody knows are a problem, but do not keep
 * the known ones from being read.
 */
export function parsePart<T>(schema: z.ZodType<T>, value: unknown, at: string, problems: Problem[]): T | undefined {
  const parsed = schema.safeParse(value, { error: shapeSentence });
  if (parsed.success) {
    if (!isStorable(parsed.data)) addProblems(problems, unstorableIn(parsed.data, at, new Set(pointersOf(problems))));
    return parsed.data;
  }
  const strangers = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
  );
  if (strangers.length > 0) {
    addProblems(
      problems,
      strangers.map((key) => unknownField(pointer(at, key), key)),
    );
    const strange = new Set(strangers);
    // Only objects have keys that are not recognised.
    const known = Object.entries(value as object).filter(([key]) => !strange.has(key));
    return parsePart(schema, Object.fromEntries(known), at, problems);
  }
  for (const issue of parsed.error.issues) {
    const path = issue.path.map((token) => (typeof token === 'symbol' ? token.toString() : token));
    const found =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownField(pointer(at, ...path, key), key))
        : [{ pointer: pointer(at, ...path), code: 'SHAPE', message: issue.message }];
    addProblems(problems, found);
  }
  return undefined;
}

/**
 * Parses a list item by item, so that a fault in one does not hide those of another. An item that `parseItem` answers
 * undefined for leaves a hole, so that the others keep their places for pointers into them; it has added a problem,
 * and so no list with a hole is ever used.
 */
export function parseEach<T>(
  { input, at, max }: { readonly input: unknown; readonly at: string; readonly max: number },
  problems: Problem[],
  parseItem: (item: unknown, at: string) => T | undefined,
): readonly T[] {
  const items: T[] = [];
  const list = parsePart(z.array(z.unknown()).max(max), input, at, problems) ?? [];
  list.forEach((item, index) => {
    const parsed = parseItem(item, pointer(at, index));
    if (parsed !== undefined) items[index] = parsed;
  });
  return items;
}

/** Parses a whole input by its shape alone; throws `invalid` with every problem. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const problems: Problem[] = [];
  const parsed = parsePart(schema, value, '', problems);
  refuseWith(problems, what);
  // Without problems there is a value.
  return parsed as T;
}

function unknownField(at: string, key: string): Problem {
  return { pointer: at, code: 'UNKNOWN_FIELD', message: `"${key}" is not a field here.` };
}

/** Whether the store can hold a value with all the text in it. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !UNSTORABLE.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isStorable(inner) && !UNSTORABLE.test(key));
}

/** What cannot be stored, but for what is known: a part may be parsed again inside of a larger one. */
function* unstorableIn(value: unknown, at: string, known: ReadonlySet<string>): Iterable<Problem> {
  if (typeof value === 'string') {
    if (UNSTORABLE.test(value) && !known.has(at)) yield unstorable(at);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const path = pointer(at, key);
      if (!UNSTORABLE.test(key)) yield* unstorableIn(inner, path, known);
      else if (!known.has(path)) yield unstorable(path);
    }
  }
}

function unstorable(at: string): Problem {
  const message = 'has a character that cannot be stored: NUL, or half of a surrogate pair.';
  return { pointer: at, code: 'TEXT_UNSTORABLE', message };
}

function pointersOf(problems: readonly Problem[]): readonly string[] {
  return problems.flatMap(({ code, pointer: at }) => (code === 'TEXT_UNSTORABLE' ? [at] : []));
}
