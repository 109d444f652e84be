import { nothing, type ReadAnswer } from './metric-answer.js';
import type { MetricWindow } from './metric-provider.js';

/** One look at an address. */
export interface Probe {
  /** When it began. */
  readonly at: Date;
  readonly isSuccess: boolean;
  readonly durationMs: number;
  /** Why it did not succeed; '' when it did. */
  readonly reason: string;
}

/** The latest probes of one check, oldest first. */
export type ProbeRing = readonly Probe[];

/** Two hours of a probe every ten seconds. */
export const RING_SIZE = 720;

export function addProbe(ring: ProbeRing, probe: Probe): ProbeRing {
  return [...ring.slice(1 - RING_SIZE), probe];
}

/**
 * The series of the probes that began in a window: 1 or 0 each, or the milliseconds of those that succeeded. How long
 * a failure took says nothing about how fast the service is, so durations leave it out.
 */
export function readProbes(
  asked: string,
  ring: ProbeRing,
  { window, value }: { readonly window: MetricWindow; readonly value: 'success' | 'durationMs' },
): ReadAnswer {
  const inside = ring.filter(({ at }) => at >= window.from && at <= window.to);
  if (inside.length === 0) return nothing(asked, 'No probe was taken in this window.');
  const failed = inside.filter(({ isSuccess }) => !isSuccess);
  const lastReason = failed.at(-1)?.reason;
  const warnings =
    lastReason === undefined ? [] : [`${failed.length} of ${inside.length} probes failed, the last: ${lastReason}`];
  const counted = value === 'success' ? inside : inside.filter(({ isSuccess }) => isSuccess);
  if (counted.length === 0) return nothing(asked, `No probe succeeded. ${warnings.join(' ')}`, warnings);
  const points = counted.map(({ at, isSuccess, durationMs }) => {
    return { at, value: value === 'success' ? Number(isSuccess) : durationMs };
  });
  return { kind: 'series', points, labels: {}, query: asked, warnings };
}
