import type { Match } from './match.js';
import type { Segments } from './match-segment.js';
import type { Attributes } from './read-attribute.js';

/**
 * An operator with its values, made ready. `test` says what it means; a kind says that the same can be asked quicker
 * of the values this operator is mostly asked of, see match-clauses.ts.
 */
export interface CompiledOperator {
  /** Answers for one value, of any type; a value of a type that the operator does not look at does not match. */
  readonly test: (value: unknown) => Match;
  readonly kind: Kind;
  /** What text is compared with, for the kinds of text. */
  readonly text: string;
  /** What text is compared with, for `anyText`. */
  readonly texts: readonly string[];
  /** What a number is compared with, for the kinds of numbers. */
  readonly limit: number;
}

export type Kind =
  | 'equalsText'
  | 'anyText'
  | 'startsWith'
  | 'endsWith'
  | 'lessThan'
  | 'lessThanOrEqual'
  | 'greaterThan'
  | 'greaterThanOrEqual'
  | 'other';

/** Answers whether a context satisfies a condition. */
export type Matcher = (context: Attributes, segments: Segments) => Match;

/**
 * A clause made ready: most ask one operator about one top-level attribute, the others are a function of their own.
 * Each knows where to go on, so that rules are one chain of their clauses.
 */
export interface CompiledClause<Outcome> extends CompiledOperator, Link<Outcome> {
  readonly key: string;
  /** Where the attribute is read, see match-clauses.ts. */
  readonly place: number;
  readonly negate: boolean;
  /** Asked instead of the attribute, where there is one. */
  readonly special: Matcher | undefined;
}

/** Where a clause leads. */
export interface Link<Outcome> {
  /** The next clause of the same rule, when this one matches; none after the last. */
  readonly then: CompiledClause<Outcome> | undefined;
  /** The first clause of the next rule, when this one does not match. */
  readonly otherwise: CompiledClause<Outcome> | undefined;
  /** What the rule leads to. */
  readonly outcome: Outcome;
}
