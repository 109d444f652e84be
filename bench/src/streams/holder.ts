/** What a process that holds streams is asked for. Each is answered by one message. */
export type HolderOrder =
  /** Opens so many more, and answers `{ held }` when all have been heard of. */
  | { readonly kind: 'open'; readonly count: number }
  /** Answers `{ armed }`; then, when the next event has reached all of them, `Arrivals`. */
  | { readonly kind: 'arm' };

/** When one event was whole at each stream. */
export interface Arrivals {
  /** By the system's monotonic clock, which all processes share, milliseconds. */
  readonly atMs: readonly number[];
  /** Of the event as it came, chunk sizes of HTTP left out. */
  readonly frameBytes: number;
}

/** The system's monotonic clock, milliseconds. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
