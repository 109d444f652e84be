import type { JsonValue, SnapshotFlag } from '@sluice/sdk/evaluation';

/** What the scenarios ask of a rule; each rule has one condition and serves `on`. */
export interface RuleShape {
  readonly attribute: string;
  readonly operator: 'in' | 'endsWith' | 'lessThan' | 'inSegment';
  readonly values: readonly (string | number)[];
}

export interface Part {
  readonly variation: string;
  readonly percent: number;
}

/** A flag of the scenarios, as far as they go: what every peer's form is written from. */
export interface FlagShape {
  readonly key: string;
  readonly rules: readonly RuleShape[];
  /** A variation for everybody else, or the parts of a split by the targeting key. */
  readonly otherwise: string | readonly Part[];
}

const OPERATORS = ['in', 'endsWith', 'lessThan', 'inSegment'] as const;

/** Throws where a flag has what no scenario asks for: then a peer would be measured at something else. */
export function shapeOf(flag: SnapshotFlag): FlagShape {
  const { key, rules, defaultServe } = flag;
  if (defaultServe === undefined) throw new Error(`${key} serves nothing where no rule matches.`);
  const otherwise =
    'variation' in defaultServe
      ? defaultServe.variation
      : defaultServe.split.shares.map(({ variation, share }) => ({ variation, percent: share / 1_000 }));
  return { key, rules: rules.map((rule) => ruleShapeOf(key, rule)), otherwise };
}

function ruleShapeOf(key: string, { clauses, serve }: SnapshotFlag['rules'][number]): RuleShape {
  const [clause, ...more] = clauses;
  const operator = OPERATORS.find((each) => each === clause?.operator);
  if (clause === undefined || operator === undefined || more.length > 0 || !('variation' in serve)) {
    throw new Error(`${key} has a rule that the peers are not fed with.`);
  }
  return { attribute: clause.attribute, operator, values: clause.values.filter(isTextOrNumber) };
}

function isTextOrNumber(value: JsonValue): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
