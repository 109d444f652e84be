import { DEEP, parseRulePath } from './path.js';

const EFFECTS = ['ignore', 'tolerance', 'date', 'caseInsensitive', 'unordered', 'keyedBy'];

/** Why a rule cannot be followed, as a sentence that says what to do; undefined for one that can. Reads any value. */
export function problemOfRule(rule: unknown): string | undefined {
  if (!isRecord(rule)) return 'A rule is an object with id, path and kind.';
  if (typeof rule['id'] !== 'string' || rule['id'] === '') return 'A rule needs an id.';
  const parsed = parseRulePath(rule['path']);
  return 'problem' in parsed
    ? parsed.problem
    : problemOfEffect(
        rule,
        parsed.steps.every((step) => step === DEEP),
      );
}

function problemOfEffect(rule: Readonly<Record<string, unknown>>, isWhole: boolean): string | undefined {
  switch (rule['kind']) {
    case 'ignore':
      return isWhole ? 'A rule that ignores the whole result leaves nothing to compare: name a part of it.' : undefined;
    case 'tolerance':
      return problemOfTolerance([rule['absolute'], rule['relative'], rule['ulps']]);
    case 'date':
      return isBound(rule['withinMs']) ? undefined : 'withinMs is a number of milliseconds, 0 or more.';
    case 'keyedBy': {
      const { field } = rule;
      return typeof field === 'string' && field !== '' ? undefined : 'field is the name of the field to match by.';
    }
    case 'caseInsensitive':
    case 'unordered':
      return undefined;
    default:
      return `The kind of a rule is one of ${EFFECTS.join(', ')}.`;
  }
}

function problemOfTolerance(bounds: readonly unknown[]): string | undefined {
  const given = bounds.filter((bound) => bound !== undefined);
  if (given.length === 0) return 'A tolerance needs at least one of absolute, relative and ulps.';
  return given.every(isBound) ? undefined : 'absolute, relative and ulps are numbers, 0 or more.';
}

function isBound(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
