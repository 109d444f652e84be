/**
 * How many of those that were there when a drain began have gone by now, so that they leave evenly over the window: all
 * of them when it is over. Times in milliseconds.
 */
export function departuresDue(count: number, elapsedMs: number, windowMs: number): number {
  if (elapsedMs >= windowMs) return count;
  return Math.floor((count * elapsedMs) / windowMs);
}
