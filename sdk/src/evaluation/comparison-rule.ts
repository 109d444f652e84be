/**
 * What is not to count as a difference, and where. `path` is a pattern over normalised paths: `*` stands for one key,
 * `**` for any number of them; an `ignore` covers what lies below its path as well. Rules are debt: each has an owner,
 * and may expire, after which the server hands it out no more.
 */
export type ComparisonRule = RuleCommon & RuleEffect;

export interface RuleCommon {
  readonly id: string;
  readonly path: string;
}

export type RuleEffect =
  | { readonly kind: 'ignore' }
  /** Numbers: equal when any of the given bounds is kept. `relative` to the larger magnitude. */
  | { readonly kind: 'tolerance'; readonly absolute?: number; readonly relative?: number; readonly ulps?: number }
  /** Dates, and texts that are RFC 3339 instants. */
  | { readonly kind: 'date'; readonly withinMs: number }
  | { readonly kind: 'caseInsensitive' }
  /** Arrays as multisets. */
  | { readonly kind: 'unordered' }
  /** Arrays of objects matched by a field, wherever they stand; without two elements that share its value. */
  | { readonly kind: 'keyedBy'; readonly field: string };
