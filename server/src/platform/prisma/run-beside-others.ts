import { setTimeout as later } from 'node:timers/promises';

/** SQLSTATE of what others stood in the way of: a deadlock, or a lock that was not to be had in time. */
const IN_THE_WAY: readonly string[] = ['40P01', '55P03'];
const MAX_ATTEMPTS = 30;
const PAUSE_MS = 200;

/**
 * Runs a script that PostgreSQL undoes whole when it fails, once more when servers that run meanwhile stood in its way: a
 * migration that changes several tables meets those who use them in another order. Rejects as the last attempt does.
 */
export async function runBesideOthers<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException; // pg's errors have PostgreSQL's codes
      if (attempt === MAX_ATTEMPTS || code === undefined || !IN_THE_WAY.includes(code)) throw error;
      await later(PAUSE_MS * (1 + Math.random()));
    }
  }
}
