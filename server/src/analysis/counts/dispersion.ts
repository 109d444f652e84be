/** Fewer minutes of history than this say nothing about bursts. */
export const MINIMUM_HISTORY_MINUTES = 30;

/** How unevenly bad events arrive. */
export interface Dispersion {
  /** Variance over mean of the bad events per minute, at least 1; 1 while the history is too short. */
  readonly phi: number;
  readonly minutes: number;
  readonly isFromHistory: boolean;
}

/** Counts per minute as sums, so that a day of them takes no more room than one. Plain JSON. */
export interface MinuteSums {
  readonly minutes: number;
  readonly sum: number;
  readonly sumSquares: number;
}

export const NO_MINUTES: MinuteSums = { minutes: 0, sum: 0, sumSquares: 0 };

export function addMinute({ minutes, sum, sumSquares }: MinuteSums, count: number): MinuteSums {
  return { minutes: minutes + 1, sum: sum + count, sumSquares: sumSquares + count ** 2 };
}

/**
 * The dispersion of the stable arm's bad events, one count per minute, over its recent history. Independent events
 * have 1, bursts more. Steps in traffic within the history raise it too: that costs power, never validity.
 */
export function dispersionOf(badPerMinute: readonly number[], minimumMinutes = MINIMUM_HISTORY_MINUTES): Dispersion {
  return dispersionOfSums(badPerMinute.reduce(addMinute, NO_MINUTES), minimumMinutes);
}

/** As dispersionOf, of minutes that were summed. */
export function dispersionOfSums(
  { minutes, sum, sumSquares }: MinuteSums,
  minimumMinutes = MINIMUM_HISTORY_MINUTES,
): Dispersion {
  if (minutes < Math.max(2, minimumMinutes)) return { phi: 1, minutes, isFromHistory: false };
  if (sum === 0) return { phi: 1, minutes, isFromHistory: true };
  const mean = sum / minutes;
  const variance = Math.max(0, sumSquares - sum * mean) / (minutes - 1);
  return { phi: Math.max(1, variance / mean), minutes, isFromHistory: true };
}
