import { AsyncLocalStorage } from 'node:async_hooks';

/** How long a server that shuts down waits for work it has begun: all that waits, together. */
export const SHUTDOWN_PATIENCE_MS = 10_000;

const deadlines = new AsyncLocalStorage<number>();

/** Runs a shutdown whose parts, which are asked to end one after the other, share one deadline. */
export function withOneDeadline<T>(shutdown: () => Promise<T>): Promise<T> {
  return deadlines.run(performance.now() + SHUTDOWN_PATIENCE_MS, shutdown);
}

/** How long a part that is asked to end may wait now, in milliseconds; all of the time where it ends by itself. */
export function patienceLeftMs(): number {
  const deadline = deadlines.getStore();
  return deadline === undefined ? SHUTDOWN_PATIENCE_MS : Math.max(0, deadline - performance.now());
}
