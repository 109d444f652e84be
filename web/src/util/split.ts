import { FULL_SHARE } from './share.js';

/** Serve of OpenAPI: one variation for all, or shares of several. */
export type Serve = { readonly variation: string } | { readonly split: Split };

export interface Split {
  readonly bucketBy?: string;
  readonly seed?: string;
  readonly fallback?: string;
  readonly shares: readonly Share[];
}

export interface Share {
  readonly variation: string;
  readonly share: number;
}

/** What is missing of 100 %; below 0: what is too much. */
export function missingShare({ shares }: Split): number {
  return FULL_SHARE - shares.reduce((sum, { share }) => sum + share, 0);
}

/**
 * A share for each variation, those of the split first: their order says who is in which bucket, so it is kept. Others
 * have nothing.
 */
export function sharesOfAll({ shares }: Split, variations: readonly string[]): readonly Share[] {
  const named = new Set(shares.map(({ variation }) => variation));
  const others = variations.filter((variation) => !named.has(variation));
  return [...shares, ...others.map((variation) => ({ variation, share: 0 }))];
}

/** The split with another share for a variation; the others keep theirs. */
export function withShare(split: Split, variation: string, share: number): Split {
  const isNamed = split.shares.some((each) => each.variation === variation);
  if (!isNamed) return share === 0 ? split : { ...split, shares: [...split.shares, { variation, share }] };
  return { ...split, shares: split.shares.map((each) => (each.variation === variation ? { variation, share } : each)) };
}

/** The split with what is missing given to one variation, or what is too much taken from it as far as it goes. */
export function filledUp(split: Split, variation: string): Split {
  const share = split.shares.find((each) => each.variation === variation)?.share ?? 0;
  return withShare(split, variation, Math.max(0, share + missingShare(split)));
}

/** The same for all: what does not divide goes to the first ones. */
export function evenSplit(split: Split, variations: readonly string[]): Split {
  const each = Math.floor(FULL_SHARE / variations.length);
  const over = FULL_SHARE - each * variations.length;
  const ordered = sharesOfAll(
    { ...split, shares: split.shares.filter((one) => variations.includes(one.variation)) },
    variations,
  );
  return {
    ...split,
    shares: ordered.map(({ variation }, index) => ({ variation, share: each + (index < over ? 1 : 0) })),
  };
}

/** What one has after asking for a split where there was one variation: that one keeps all. */
export function splitFrom(variation: string | undefined): Split {
  return { shares: variation === undefined ? [] : [{ variation, share: FULL_SHARE }] };
}

/** The split with a field of its bucketing; empty text leaves it out. */
export function withBucketing(split: Split, field: 'bucketBy' | 'seed' | 'fallback', value: string): Split {
  const { [field]: _before, ...others } = split;
  return value === '' ? others : { ...others, [field]: value };
}
