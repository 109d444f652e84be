/** How often a flag came to one variation in one environment. */
export interface VariationUsage {
  /** Null where callers used their own default. */
  readonly variation: string | null;
  readonly count: number;
  readonly lastAt: Date;
}

/** How long usage is known by the hour. */
export const USAGE_HOURS_DAYS = 35;

/** How often a flag came to one variation within an hour. */
export interface HourlyUsage {
  /** When it began. */
  readonly hour: Date;
  /** Null where callers used their own default. */
  readonly variation: string | null;
  readonly count: number;
}

export interface EnvironmentUsage {
  readonly environment: string;
  /** Null: never, as far as reports tell. */
  readonly lastEvaluatedAt: Date | null;
  readonly variations: readonly VariationUsage[];
}

/** The usage of one flag in one environment; variations come as they are given. */
export function usageIn(environment: string, variations: readonly VariationUsage[]): EnvironmentUsage {
  const lastEvaluatedAt = variations.reduce<Date | null>(
    (latest, { lastAt }) => (latest !== null && latest >= lastAt ? latest : lastAt),
    null,
  );
  return { environment, lastEvaluatedAt, variations };
}
