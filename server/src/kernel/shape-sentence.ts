import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  null: 'null',
  object: 'an object',
  record: 'an object',
  string: 'a text',
};
const UNITS: Readonly<Record<string, string>> = { array: ' items', string: ' characters' };

/**
 * What a value must be, said of its field as the checks of ours say it: "must be an object". Undefined: the field's
 * standard words for it will do.
 */
export function shapeSentence(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) {
    return 'must be given';
  }
  if (issue.code === 'invalid_type') {
    const kind = KINDS[issue.expected];
    return kind === undefined ? undefined : `must be ${kind}`;
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)));
    return values.length === 1 ? `must be ${String(values[0])}` : `must be one of ${values.join(', ')}`;
  }
  if (issue.code === 'too_small' && issue.origin in UNITS && issue.minimum === 1) return 'must not be empty';
  if (issue.code === 'too_small')
    return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
  if (issue.code === 'too_big')
    return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
  return undefined;
}

function bound(origin: string, comparison: string, limit: number | bigint): string {
  const unit = UNITS[origin];
  return unit === undefined ? `must be ${comparison} ${limit}` : `must have ${comparison} ${limit}${unit}`;
}
