/**
 * The p-th percentile (0 to 100) of finite values, by linear interpolation between ranks: type 7 of Hyndman & Fan 1996,
 * the default of R and NumPy. NaN for no values.
 */
export function percentileOf(values: readonly number[], p: number): number {
  const sorted = ascending(values);
  const position = ((sorted.length - 1) * p) / 100;
  const below = Math.floor(position);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low + (position - below) * (high - low);
}

export function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

/** The arithmetic mean; NaN for no values. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
