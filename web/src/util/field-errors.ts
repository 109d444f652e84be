/** One reason why a mutation was refused, as every payload has it. */
export interface Problem {
  readonly kind: string;
  readonly code: string;
  readonly message: string;
  /** JSON pointer (RFC 6901) into the document that was sent; null where it is of the whole. */
  readonly pointer: string | null;
}

/** Where each problem is shown: at its field, or over the form. */
export interface PlacedProblems {
  /** By path in the form's values, such as `rules.0.share`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly rest: readonly Problem[];
}

/**
 * Shows every problem once, where the eye is: at the field that its pointer names, or at the nearest one around it that
 * the form has; otherwise over the form. `places` says which pointers are which fields where the names differ.
 */
export function placeProblems(
  problems: readonly Problem[],
  hasField: (path: string) => boolean,
  places: Readonly<Record<string, string>> = {},
): PlacedProblems {
  const fields: Record<string, string> = {};
  const rest: Problem[] = [];
  for (const problem of problems) {
    const field = problem.pointer === null ? undefined : nearestField(problem.pointer, hasField, places);
    if (field === undefined) rest.push(problem);
    else fields[field] = fields[field] === undefined ? problem.message : `${fields[field]} ${problem.message}`;
  }
  return { fields, rest };
}

function nearestField(
  pointer: string,
  hasField: (path: string) => boolean,
  places: Readonly<Record<string, string>>,
): string | undefined {
  const tokens = pointer.split('/').slice(1);
  for (let length = tokens.length; length > 0; length--) {
    const part = `/${tokens.slice(0, length).join('/')}`;
    const placed = places[part];
    if (placed !== undefined) return placed;
    const path = tokens.slice(0, length).map(unescapeToken).join('.');
    if (hasField(path)) return path;
  }
  return undefined;
}

function unescapeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Whether a value has something at a path such as `rules.0.share`, be it undefined. */
export function hasPath(value: unknown, path: string): boolean {
  let at = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !(name in at)) return false;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return true;
}
