const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * How long to wait before the next attempt to connect, ms: twice as long each time up to 15 s, of which a random half
 * (`random` from 0 to 1) keeps many pages from coming back at once.
 */
export function reconnectWaitMs(attempt: number, random: number): number {
  const longest = Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
  return longest / 2 + (longest / 2) * random;
}
