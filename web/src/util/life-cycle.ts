/** Where a flag stands between its making and its removal, as the server tells it. */
export const LIFE_STAGES = ['new', 'live', 'settled', 'idle', 'unused', 'overdue'] as const;
export type LifeStage = (typeof LIFE_STAGES)[number];

/** When a flag was last evaluated anywhere; undefined: never, as far as reports tell. */
export function lastEvaluated(usage: readonly { readonly lastEvaluatedAt: string | null }[]): string | undefined {
  const times = usage.flatMap(({ lastEvaluatedAt }) => lastEvaluatedAt ?? []);
  return times.toSorted((one, other) => Date.parse(one) - Date.parse(other)).at(-1);
}
