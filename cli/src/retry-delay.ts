const FIRST_MS = 200;
const MOST_MS = 5_000;

/**
 * How long to wait before asking again, in milliseconds. `attempt` counts failures from 1; `draw` is random in [0, 1),
 * so that pipelines do not come back together. What the server asks for with Retry-After is the least.
 */
export function retryDelayMs(attempt: number, draw: number, retryAfterSeconds?: number): number {
  const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** (attempt - 1));
  const backoff = ceiling / 2 + (draw * ceiling) / 2;
  return Math.max(backoff, (retryAfterSeconds ?? 0) * 1_000);
}
