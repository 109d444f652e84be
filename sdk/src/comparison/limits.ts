/** How much is looked at of one pair of values, so that no value can hold up the process that compares it. */
export interface ComparisonLimits {
  /** Differences that count; with more, the comparison ends. As many waived ones are told, and further ones looked for. */
  readonly differences: number;
  /** Values: members of objects and lists, however deep. 64 bytes of a buffer are one. */
  readonly nodes: number;
  /** Objects in objects. */
  readonly depth: number;
}

export const DEFAULT_LIMITS: ComparisonLimits = { differences: 100, nodes: 100_000, depth: 500 };
