import { JSONPathEnvironment, type JSONPathQuery } from 'json-p3';
import type { Json } from '../../kernel/json.js';
import {
  escapeInQuotes,
  fillTemplate,
  type MetricArguments,
  parseTemplate,
  type Quoting,
} from './argument-template.js';

const JSON_PATH: Quoting = { quotes: '"\'', rawQuotes: '', comment: '' };
/** Levels that `..` descends: as deep as any honest answer. */
const MAX_DEPTH = 64;
const SAMPLE: MetricArguments = { service: 'a', version: 'a', environment: 'a', window: '1s' };

/** RFC 9535 without `match` and `search`: their patterns may back-track without bound, on text that others send. */
const environment = new JSONPathEnvironment({ maxRecursionDepth: MAX_DEPTH });
environment.functionRegister.delete('match');
environment.functionRegister.delete('search');

/** Says what is wrong with a JSONPath (RFC 9535) and its arguments, which stand in quotes; undefined: nothing is. */
export function complaintAboutPath(text: string): string | undefined {
  const { parts, complaint } = parseTemplate(text, JSON_PATH);
  if (complaint !== '') return complaint;
  for (const part of parts) {
    if (part.kind === 'argument' && part.place.quote === '') {
      return `has {{${part.name}}} outside of quotes; write it as ['{{${part.name}}}']`;
    }
  }
  const compiled = compile(fillPath(text, SAMPLE));
  return typeof compiled === 'string' ? `is not a JSONPath: ${compiled}` : undefined;
}

/** Fills a sound JSONPath in. */
export function fillPath(text: string, values: MetricArguments): string {
  return fillTemplate(parseTemplate(text, JSON_PATH), values, (value, { quote }) => escapeInQuotes(value, quote));
}

/** The values at a path, `max` of them at most. Throws for a path that is not sound, or a value too deep for it. */
export function valuesAt(path: string, value: Json, max: number): readonly unknown[] {
  const found: unknown[] = [];
  const query = compile(path);
  if (typeof query === 'string') throw new Error(query);
  // The library takes mutable JSON, and changes nothing.
  for (const node of query.lazyQuery(value as Parameters<typeof query.lazyQuery>[0])) {
    found.push(node.value);
    if (found.length >= max) break;
  }
  return found;
}

/** The path, ready to be used, or why it cannot be. */
function compile(path: string): JSONPathQuery | string {
  try {
    return environment.compile(path);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
