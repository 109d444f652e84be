import type { Ramp } from './rollout.js';

type Clocked = Pick<Ramp, 'since' | 'askedAt' | 'paused' | 'pausedMs'>;

/** From when holds and deadlines of a ramp's phase count: from its beginning, later by the time that it was paused. */
export function clockStart(ramp: Clocked, now: Date): Date {
  return new Date(Date.parse(ramp.since ?? ramp.askedAt) + pausedUntil(ramp, now));
}

/** For how long a phase has been paused by now, in milliseconds, all its pauses together. */
export function pausedUntil({ paused, pausedMs = 0 }: Clocked, now: Date): number {
  return pausedMs + (paused === null ? 0 : Math.max(0, now.getTime() - Date.parse(paused.at)));
}
