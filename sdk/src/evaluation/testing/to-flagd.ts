import type { Clause, Rule, Serve, SnapshotFlag, SnapshotSegment } from '../snapshot.js';

/** JSON of flagd's targeting language, JsonLogic with additions. */
type Logic = null | boolean | number | string | readonly Logic[] | { readonly [operator: string]: Logic };

/**
 * Translates a flag into the JSON of flagd, segments inlined, as far as flagd can say it: no `matches`, `cidr`,
 * prerequisites, dates as text, ranges other than comparisons, `^` and `~` of whole versions; no errors. Written for
 * tests, from flagd's documentation; the evaluator knows nothing of it.
 */
export function toFlagd(flag: SnapshotFlag, segments: readonly SnapshotSegment[]): string {
  const isStatic = flag.targets.length === 0 && flag.rules.length === 0;
  const serve = flag.defaultServe;
  const rest: Logic = serve !== undefined && 'split' in serve ? serveOf(flag, serve) : null;
  const branches = [
    ...flag.targets.flatMap(({ variation, values }) => [isOneOf({ var: 'targetingKey' }, values), variation]),
    ...flag.rules.flatMap((rule) => [conditionOf(rule, segments), serveOf(flag, rule.serve)]),
  ];
  const targeting: Logic = isStatic ? rest : { if: [...branches, rest] };
  return JSON.stringify({
    flags: {
      [flag.key]: {
        state: flag.on ? 'ENABLED' : 'DISABLED',
        variants: Object.fromEntries(flag.variations.map(({ key, value }) => [key, value])),
        defaultVariant: serve !== undefined && 'variation' in serve ? serve.variation : null,
        ...(targeting === null ? {} : { targeting }),
      },
    },
  });
}

function serveOf(flag: SnapshotFlag, serve: Serve): Logic {
  if ('variation' in serve) return serve.variation;
  const { seed = flag.key, bucketBy = 'targetingKey', shares } = serve.split;
  return {
    fractional: [{ cat: [seed, variable(bucketBy)] }, ...shares.map(({ variation, share }) => [variation, share])],
  };
}

function conditionOf(rule: Pick<Rule, 'clauses'>, segments: readonly SnapshotSegment[]): Logic {
  return rule.clauses.length === 0 ? true : { and: rule.clauses.map((clause) => clauseOf(clause, segments)) };
}

function clauseOf(clause: Clause, segments: readonly SnapshotSegment[]): Logic {
  const negated = (logic: Logic): Logic => (clause.negate === true ? { '!': [logic] } : logic);
  if (clause.operator === 'inSegment') {
    return negated({
      or: [
        false,
        ...clause.values.map((key) =>
          memberOf(
            segments.find((each) => each.key === key),
            segments,
          ),
        ),
      ],
    });
  }
  const subject = variable(clause.attribute);
  const exists: Logic = { '!==': [subject, null] };
  if (clause.operator === 'exists') return negated(exists);
  if (clause.attribute === 'groups') {
    return { and: [exists, negated({ some: [subject, anyValue(clause, { var: '' })] })] };
  }
  return { and: [exists, negated(anyValue(clause, subject))] };
}

function anyValue(clause: Clause, subject: Logic): Logic {
  if (clause.operator === 'in') return isOneOf(subject, clause.values); // safe: JSON either way
  return { or: [false, ...clause.values.map((value) => testOf(clause.operator, subject, value))] };
}

function testOf(operator: string, subject: Logic, value: Logic): Logic {
  switch (operator) {
    case 'startsWith':
      return { starts_with: [subject, value] };
    case 'endsWith':
      return { ends_with: [subject, value] };
    case 'contains':
      return { in: [value, subject] };
    case 'lessThan':
    case 'before':
      return { '<': [subject, value] };
    case 'lessThanOrEqual':
      return { '<=': [subject, value] };
    case 'greaterThan':
    case 'after':
      return { '>': [subject, value] };
    case 'greaterThanOrEqual':
      return { '>=': [subject, value] };
    case 'semver':
      return inRange(subject, typeof value === 'string' ? value : '');
    default:
      throw new Error(`flagd cannot say ${operator}`);
  }
}

/** flagd's `^` and `~` compare the leading numbers only, npm's also ask for at least the version named. */
function inRange(subject: Logic, range: string): Logic {
  const match = /^(\^|~|[<>]=?|=)(.*)$/.exec(range);
  const [operator = '', version = ''] = match?.slice(1) ?? [];
  const comparison = (each: string): Logic => ({ sem_ver: [subject, each, version] });
  return operator === '^' || operator === '~'
    ? { and: [comparison(operator), comparison('>=')] }
    : comparison(operator);
}

function memberOf(segment: SnapshotSegment | undefined, segments: readonly SnapshotSegment[]): Logic {
  if (segment === undefined) return false;
  const key: Logic = { var: 'targetingKey' };
  const rules = segment.rules.map((rule) => conditionOf(rule, segments));
  return {
    if: [isOneOf(key, segment.included), true, isOneOf(key, segment.excluded), false, { or: [false, ...rules] }],
  };
}

function isOneOf(subject: Logic, values: readonly Logic[]): Logic {
  return { in: [subject, values] };
}

function variable(attribute: string): Logic {
  return { var: attribute.startsWith('/') ? attribute.slice(1).replaceAll('/', '.') : attribute };
}
