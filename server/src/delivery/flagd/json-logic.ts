/**
 * flagd's targeting language: JsonLogic (https://jsonlogic.com) with `fractional`, `sem_ver`, `starts_with` and
 * `ends_with` (https://flagd.dev/reference/flag-definitions).
 */
export type Logic = null | boolean | number | string | readonly Logic[] | { readonly [operator: string]: Logic };

/** What `some` looks at. Within it clients know JsonLogic's own operators only, none of flagd's. */
export const ELEMENT: Logic = { var: '' };

/** Beginnings of numbers as text: the one word among them is Infinity, and NaN compares with nothing. */
const BEGINNINGS_OF_NUMBERS = '-0123456789I';

/** All of them; without any, true. */
export function all(...conditions: readonly Logic[]): Logic {
  if (conditions.includes(false)) return false;
  const open = conditions.filter((condition) => condition !== true);
  const [only] = open;
  if (only === undefined) return true;
  return open.length === 1 ? only : { and: open };
}

/** Any of them; without any, false. */
export function any(...conditions: readonly Logic[]): Logic {
  if (conditions.includes(true)) return true;
  const open = conditions.filter((condition) => condition !== false);
  const [only] = open;
  if (only === undefined) return false;
  return open.length === 1 ? only : { or: open };
}

/** The opposite of a condition. */
export function not(condition: Logic): Logic {
  if (typeof condition === 'boolean') return !condition;
  const negated = isOperation(condition) ? condition['!'] : undefined;
  return Array.isArray(negated) ? (negated[0] as Logic) : { '!': [condition] }; // safe: made here, of one condition
}

function isOperation(logic: Logic): logic is Readonly<Record<string, Logic>> {
  return typeof logic === 'object' && logic !== null && !Array.isArray(logic);
}

/** Strict membership: no value is taken for one of another type. */
export function isOneOf(subject: Logic, values: readonly Logic[]): Logic {
  return values.length === 0 ? false : { in: [subject, values] };
}

/** `merge` makes a list of what is none, so that a value and a list of values are asked alike. */
export function someElement(subject: Logic, test: Logic): Logic {
  return test === false ? false : { some: [{ merge: [subject] }, test] };
}

/** A list is not among its own elements; `merge` makes one of anything else, and that is among them. */
export function isList(subject: Logic): Logic {
  return not({ in: [subject, { merge: [subject] }] });
}

export function exists(subject: Logic): Logic {
  return { '!==': [subject, null] };
}

/** Of two, because some clients fail at the text of null alone. */
function textOf(subject: Logic): Logic {
  return { cat: ['', subject] };
}

/** JsonLogic has no types to ask for, but only a text is the same when it is made a text. */
export function isText(subject: Logic): Logic {
  return { '===': [textOf(subject), subject] };
}

/**
 * A number: no text, its text begins like a number's, and it is no list (a list of one number has that number's text).
 * What is none must not reach a comparison, which would coerce it or fail.
 */
export function isNumber(subject: Logic): Logic {
  return all(
    exists(subject),
    not(isText(subject)),
    { in: [{ substr: [textOf(subject), 0, 1] }, BEGINNINGS_OF_NUMBERS] },
    not(isList(subject)),
  );
}

/** The first branch whose condition holds; constant conditions cost nothing. */
export function choose(branches: readonly (readonly [condition: Logic, then: Logic])[], otherwise: Logic): Logic {
  const open: Logic[] = [];
  for (const [condition, then] of branches) {
    if (condition === false) continue;
    if (condition === true) return open.length === 0 ? then : { if: [...open, then] };
    open.push(condition, then);
  }
  return open.length === 0 ? otherwise : { if: [...open, otherwise] };
}

/** What a split can hash: a text, a boolean or a finite number. */
export function isHashable(subject: Logic): Logic {
  const isFinite: Logic = all(isNumber(subject), not({ in: ['Infinity', textOf(subject)] }));
  return any(isText(subject), isOneOf(subject, [true, false]), isFinite);
}
