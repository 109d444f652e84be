import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const GIVEN = /^[\w.:/+=-]{1,128}$/u;
/** Of each id. */
const RANDOM_BYTES = 16;
/** To ask the system for randomness takes longer than all else about a request that is answered from memory: it is asked for many. */
const drawn = new Uint8Array(256 * RANDOM_BYTES);
let used = drawn.length;

/** The id that a caller gave a request, where it is one, or a new one. */
export function requestIdOf(given: unknown): string {
  return typeof given === 'string' && GIVEN.test(given) ? given : newRequestId();
}

/** A UUID of version 7 (RFC 9562). */
export function newRequestId(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += RANDOM_BYTES;
  return v7({ random: drawn.subarray(used - RANDOM_BYTES, used) });
}
