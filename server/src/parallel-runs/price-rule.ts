import { type ComparisonRule, type Coverage, coverageOf } from '@sluice/sdk/comparison';
import type { RankedSignature } from './rank-signatures.js';

/** What a rule would hide of what was found so far. */
export interface RulePrice {
  /** Mismatches of which nothing would be left, and those of which something may be. */
  readonly hidden: number;
  readonly partly: number;
  /** Of all that have a signature. */
  readonly mismatches: number;
  /** Those it touches, worst first. */
  readonly signatures: readonly PricedSignature[];
}

export type PricedSignature = Pick<
  RankedSignature,
  'candidate' | 'id' | 'places' | 'isCut' | 'n' | 'twins' | 'excess'
> & {
  readonly coverage: Exclude<Coverage, 'none'>;
};

/** What a rule would hide, signature by signature. Of one whose places are not all known, never the whole is known to be. */
export function priceRule(rule: ComparisonRule, signatures: readonly RankedSignature[]): RulePrice {
  const priced = signatures.flatMap((each): readonly PricedSignature[] => {
    const { candidate, id, places, isCut, n, twins, excess, maxDelta } = each;
    const coverage = coverageOf(rule, places, maxDelta ?? undefined);
    if (coverage === 'none') return [];
    return [{ candidate, id, places, isCut, n, twins, excess, coverage: isCut ? 'some' : coverage }];
  });
  return {
    hidden: countOf(priced.filter(({ coverage }) => coverage === 'all')),
    partly: countOf(priced.filter(({ coverage }) => coverage === 'some')),
    mismatches: countOf(signatures),
    signatures: priced.sort((a, b) => b.excess - a.excess || b.n - a.n || (a.id < b.id ? -1 : 1)),
  };
}

function countOf(signatures: readonly { readonly n: number }[]): number {
  return signatures.reduce((sum, { n }) => sum + n, 0);
}
