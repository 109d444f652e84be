/** What was committed and not told to the replicas yet. */
export interface OutboxBacklog {
  readonly waiting: number;
  /** Since when the oldest waits; null: none does. */
  readonly oldestAt: Date | null;
}
