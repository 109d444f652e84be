import { randomFillSync } from 'node:crypto';

/** Of 170 traceparents: to ask for a few bytes costs as much as to ask for some thousands. */
const POOL_BYTES = 4_096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** So many random bytes in hexadecimal, at most a pool of them; cryptographically strong, and each handed out once. */
export function randomHex(bytes: number): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const from = used;
  used += bytes;
  return pool.toString('hex', from, used);
}
