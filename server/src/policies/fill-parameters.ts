import { pointer, type Problem } from '../kernel/errors.js';
import type { Json } from '../kernel/json.js';

/** Something a policy leaves open, and what it is where a release does not say. */
export interface PolicyParameter {
  readonly name: string;
  readonly default: Json;
}

/**
 * Puts arguments in place of every `{ "parameter": "name" }` in a document; a parameter that no argument is given for
 * has its default. Names that are no parameters are problems, in the document and among the arguments.
 */
export function fillParameters(
  document: Json,
  parameters: readonly PolicyParameter[],
  given: Readonly<Record<string, Json>>,
  problems: Problem[],
): Json {
  const values = new Map(parameters.map((parameter) => [parameter.name, parameter.default]));
  const known = [...values.keys()].join(', ') || 'none';
  for (const [name, value] of Object.entries(given)) {
    if (values.has(name)) {
      values.set(name, value);
      continue;
    }
    const message = `The policy has no parameter "${name}"; it has ${known}.`;
    problems.push({ pointer: pointer('/arguments', name), code: 'PARAMETER_UNKNOWN', message });
  }
  const fill = (value: Json, at: string): Json => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((each: Json, index) => fill(each, pointer(at, index)));
    const name = referenceIn(value);
    if (name === undefined) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, pointer(at, key))]));
    }
    const filled = values.get(name);
    if (filled !== undefined) return filled;
    const message = `"${name}" is no parameter of this policy; it has ${known}.`;
    problems.push({ pointer: at, code: 'PARAMETER_UNKNOWN', message });
    return null;
  };
  return fill(document, '/document');
}

/** What is wrong with how parameters are declared: named twice, or standing for nothing in the document. */
export function declarationProblems(document: Json, parameters: readonly PolicyParameter[]): readonly Problem[] {
  const used = new Set(referencesIn(document));
  const names = parameters.map(({ name }) => name);
  return names.flatMap((name, index): readonly Problem[] => {
    if (names.indexOf(name) < index) {
      const message = `Another parameter is named "${name}".`;
      return [{ pointer: pointer('/parameters', index, 'name'), code: 'NAMED_TWICE', message }];
    }
    if (used.has(name)) return [];
    const message = `Nothing in the document is { "parameter": "${name}" }, so it would change nothing: use it or drop it.`;
    return [{ pointer: pointer('/parameters', index), code: 'PARAMETER_UNUSED', message }];
  });
}

function referencesIn(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const name = referenceIn(value);
  return name === undefined ? Object.values(value).flatMap(referencesIn) : [name];
}

function referenceIn(value: object): string | undefined {
  const { parameter } = value as { parameter?: unknown };
  return typeof parameter === 'string' && Object.keys(value).length === 1 ? parameter : undefined;
}
