import type { Decision, Explanation, JsonValue, MatchWord, Reason } from '@sluice/sdk/evaluation';

/** What a context is served and how that came about, as APIs tell it: what there is none of is null. */
export interface FlagExplanation {
  /** Null: the caller's default, or a JSON variation of null. */
  readonly value: JsonValue;
  /** Key of a variation; null: the caller's default. */
  readonly variation: string | null;
  readonly reason: Reason;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly decision: Decision;
  /** Place of the rule that decided, from 0. */
  readonly ruleIndex: number | null;
  readonly bucket: {
    readonly bucketBy: string;
    readonly seed: string;
    readonly bucket: number | null;
    readonly total: number;
  } | null;
  readonly prerequisites: readonly {
    readonly flag: string;
    readonly wanted: readonly string[];
    readonly served: string | null;
    readonly isMet: boolean;
  }[];
  readonly rules: readonly {
    readonly id: string;
    readonly match: MatchWord;
    readonly isReached: boolean;
    readonly clauses: readonly {
      readonly match: MatchWord;
      readonly value: JsonValue;
      readonly problem: string | null;
    }[];
  }[];
}

/** Puts what the evaluator says of itself as APIs tell it. */
export function toFlagExplanation(explained: Explanation): FlagExplanation {
  const { evaluation, decision, ruleIndex, bucket, prerequisites, rules } = explained;
  const { value, variant, reason, errorCode, errorMessage } = evaluation;
  return {
    value: value ?? null,
    variation: variant ?? null,
    reason,
    errorCode: errorCode ?? null,
    errorMessage: errorMessage ?? null,
    decision,
    ruleIndex: ruleIndex ?? null,
    bucket: bucket === undefined ? null : { ...bucket, bucket: bucket.bucket ?? null },
    prerequisites: prerequisites.map((each) => ({ ...each, served: each.served ?? null })),
    rules: rules.map((rule) => ({
      ...rule,
      clauses: rule.clauses.map(({ match, value: read, problem }) => {
        return { match, value: read ?? null, problem: problem ?? null };
      }),
    })),
  };
}
