import { takenOf, type MeasurementCounters } from './measurement-counters.js';

/** How soon what could not be asked is asked again. */
export const RETRY_MS = 10_000;

export interface MeasurementSchedule {
  readonly initialDelayMs: number;
  /** Absent: measured once. */
  readonly intervalMs?: number;
  /** How many measurements there are; absent: one without an interval, endless with one. */
  readonly count?: number;
}

export interface MeasurementProgress {
  /** When the run began, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** When the last measurement ended; absent: there was none. */
  readonly lastEndedAtMs?: number;
  readonly counters: MeasurementCounters;
}

/** When to measure next, in milliseconds since 1970; undefined when all have been taken. */
export function nextMeasurementAtMs(
  { initialDelayMs, intervalMs, count }: MeasurementSchedule,
  { startedAtMs, lastEndedAtMs, counters }: MeasurementProgress,
): number | undefined {
  const wanted = count ?? (intervalMs === undefined ? 1 : Infinity);
  if (takenOf(counters) >= wanted) return undefined;
  if (lastEndedAtMs === undefined) return startedAtMs + initialDelayMs;
  return lastEndedAtMs + (counters.consecutiveErrors > 0 ? RETRY_MS : (intervalMs ?? RETRY_MS));
}
