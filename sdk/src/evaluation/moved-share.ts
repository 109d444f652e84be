import { FULL_SHARE, type Serve, type Split } from './snapshot.js';

/**
 * What part of all contexts is served another variation once one serve takes the place of another: thousandths of a
 * percent, of contexts that have something to bucket by. Splits by the same attribute and seed keep everyone in their
 * bucket, so that the answer is exact to the rounding of buckets; others shuffle everyone, and it is what is expected.
 */
export function movedShare(before: Serve, after: Serve, flagKey: string): number {
  const [from, to] = [spansOf(before, flagKey), spansOf(after, flagKey)];
  const isKept = from.dice === undefined || to.dice === undefined || from.dice === to.dice;
  return Math.round(FULL_SHARE * (1 - (isKept ? overlap(from.spans, to.spans) : chanceOfSame(from.spans, to.spans))));
}

/** A variation and its part of [0, 1). */
interface Span {
  readonly variation: string;
  readonly from: number;
  readonly to: number;
}

/** Who falls where is thrown by the same dice for all splits that agree in attribute and seed; one variation needs none. */
function spansOf(
  serve: Serve,
  flagKey: string,
): { readonly spans: readonly Span[]; readonly dice: string | undefined } {
  if ('variation' in serve) return { spans: [{ variation: serve.variation, from: 0, to: 1 }], dice: undefined };
  const { bucketBy = 'targetingKey', seed = flagKey }: Split = serve.split;
  const shares = serve.split.shares.filter(({ share }) => share > 0);
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  let end = 0;
  const spans = shares.map(({ variation, share }) => {
    const from = end / total;
    end += share;
    return { variation, from, to: end / total };
  });
  return { spans, dice: JSON.stringify([bucketBy, seed]) };
}

function overlap(before: readonly Span[], after: readonly Span[]): number {
  return sumOfPairs(before, after, (one, other) =>
    Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from)),
  );
}

function chanceOfSame(before: readonly Span[], after: readonly Span[]): number {
  return sumOfPairs(before, after, (one, other) => (one.to - one.from) * (other.to - other.from));
}

function sumOfPairs(
  before: readonly Span[],
  after: readonly Span[],
  weigh: (one: Span, other: Span) => number,
): number {
  return before
    .flatMap((one) => after.map((other) => (one.variation === other.variation ? weigh(one, other) : 0)))
    .reduce((sum, weight) => sum + weight, 0);
}
