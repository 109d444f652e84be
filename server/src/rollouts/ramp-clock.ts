import type { Ramp } from './rollout.js';

/** An instance that was killed is missed after 90 s (telemetry): until then nobody knows that one is stuck. */
const STUCK_AFTER_SECONDS = 120;

type Clocked = Pick<Ramp, 'since' | 'askedAt' | 'paused' | 'pausedMs'>;

/** From when holds and deadlines of a ramp's phase count: from its beginning, later by the time that it was paused. */
export function clockStart(ramp: Clocked, now: Date): Date {
  return new Date(Date.parse(ramp.since ?? ramp.askedAt) + pausedUntil(ramp, now));
}

/** From when a share that has not arrived everywhere is late, by what the policy allows. */
export function reachDeadline(ramp: Clocked, { afterSeconds }: { readonly afterSeconds: number }, now: Date): Date {
  return new Date(clockStart(ramp, now).getTime() + Math.max(afterSeconds, STUCK_AFTER_SECONDS) * 1_000);
}

/** For how long a phase has been paused by now, in milliseconds, all its pauses together. */
export function pausedUntil({ paused, pausedMs = 0 }: Clocked, now: Date): number {
  return pausedMs + (paused === null ? 0 : Math.max(0, now.getTime() - Date.parse(paused.at)));
}
