/** Fewer minutes of history than this say nothing about bursts. */
export const MINIMUM_HISTORY_MINUTES = 30;

/** How unevenly bad events arrive. */
export interface Dispersion {
  /** Variance over mean of the bad events per minute, at least 1; 1 while the history is too short. */
  readonly phi: number;
  readonly minutes: number;
  readonly isFromHistory: boolean;
}

/**
 * The dispersion of the stable arm's bad events, one count per minute, over its recent history. Independent events
 * have 1, bursts more. Steps in traffic within the history raise it too: that costs power, never validity.
 */
export function dispersionOf(badPerMinute: readonly number[], minimumMinutes = MINIMUM_HISTORY_MINUTES): Dispersion {
  const minutes = badPerMinute.length;
  if (minutes < Math.max(2, minimumMinutes)) return { phi: 1, minutes, isFromHistory: false };
  const mean = badPerMinute.reduce((sum, count) => sum + count, 0) / minutes;
  if (mean === 0) return { phi: 1, minutes, isFromHistory: true };
  const variance = badPerMinute.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (minutes - 1);
  return { phi: Math.max(1, variance / mean), minutes, isFromHistory: true };
}
