import { SluiceError, unavailable } from '../kernel/errors.js';
import type { ShiftOutcome } from './traffic-router.js';

/** The error of a router that does not answer, or answers something else than what was asked. */
export function unreachable(sentence: string, data: Readonly<Record<string, unknown>> = {}): SluiceError {
  return unavailable('ROUTER_UNREACHABLE', sentence, { data });
}

/** The same as an answer to a shift; anything else that was thrown is thrown on. */
export function toUnreachable(error: unknown): Extract<ShiftOutcome, { kind: 'unreachable' }> {
  if (!(error instanceof SluiceError) || error.code !== 'ROUTER_UNREACHABLE') throw error;
  return { kind: 'unreachable', sentence: error.message };
}
