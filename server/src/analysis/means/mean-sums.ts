/** Values of one arm, one per unit, as sums: ticks and replicas add up. */
export interface MeanSums {
  readonly n: number;
  readonly sum: number;
  readonly sumSquares: number;
}

export const NO_SUMS: MeanSums = { n: 0, sum: 0, sumSquares: 0 };

export function addSums(a: MeanSums, b: MeanSums): MeanSums {
  return { n: a.n + b.n, sum: a.sum + b.sum, sumSquares: a.sumSquares + b.sumSquares };
}

/** The mean; NaN for no values. */
export function meanOfSums({ n, sum }: MeanSums): number {
  return sum / n;
}

/** The sample variance (n − 1), never below 0; NaN for less than two values. */
export function varianceOfSums({ n, sum, sumSquares }: MeanSums): number {
  return n < 2 ? NaN : Math.max(0, (sumSquares - sum ** 2 / n) / (n - 1));
}
